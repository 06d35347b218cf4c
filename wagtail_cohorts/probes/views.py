"""Health and metrics, as JSON and as Prometheus reads it. No session, no cache, no flag, no secrets."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from wagtail_cohorts.conf import settings
from wagtail_cohorts.probes import checks
from wagtail_cohorts.probes.backlog import BacklogCollector
from wagtail_cohorts.watching import metrics
from wagtail_cohorts.watching.refusals import METRICS_TOKEN, tell_refusal


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nothing else: a process is not restarted because a server elsewhere is down."""
    return _answer({"status": "ok"}, is_well=True)


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Whether people can be sent to this process: the parts that no page can do without."""
    return _report(check for check in checks.checks() if check.is_needed)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """For whoever calls a person: 503 also when only something in the background has stopped."""
    return _report(checks.checks())


def _report(asked: Iterable[checks.Check]) -> HttpResponse:
    found = {check.name: (check, checks.run(check)) for check in asked}
    failed = [check for check, result in found.values() if not result["ok"]]
    status = "failing" if any(check.is_needed for check in failed) else "degraded" if failed else "ok"
    results = {name: result for name, (_check, result) in found.items()}
    return _answer({"status": status, "checks": results}, is_well=not failed)


def _answer(content: dict[str, Any], *, is_well: bool) -> HttpResponse:
    response = JsonResponse(content, status=200 if is_well else 503)
    response["Cache-Control"] = "no-store"
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would mail the admins at each question
    return response


@require_safe
def prometheus(request: HttpRequest) -> HttpResponse:
    """Not there unless the extra is installed and a token is set; then for whoever sends it."""
    if not (metrics.is_available() and settings.METRICS_TOKEN):
        raise Http404
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        tell_refusal(METRICS_TOKEN)
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"})
    return _scraped(request.headers.get("Accept", ""))


def _scraped(accept: str) -> HttpResponse:
    import prometheus_client
    from prometheus_client import exposition, multiprocess

    registry = prometheus_client.CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(prometheus_client.REGISTRY)
    registry.register(BacklogCollector())
    encode, content_type = exposition.choose_encoder(accept)
    return HttpResponse(encode(registry), content_type=content_type, headers={"Cache-Control": "no-store"})
