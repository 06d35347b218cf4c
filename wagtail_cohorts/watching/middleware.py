"""Optional, first in MIDDLEWARE: an id for each request, its ids in every line, and how long our pages take."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

from django.core.signals import request_finished
from django.http import HttpRequest, HttpResponseBase

from wagtail_cohorts.conf import settings
from wagtail_cohorts.watching import context, metrics

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")


class WatchRequests:
    """``X-Request-ID`` comes from a trusted proxy or is made here, and is on the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        # Not at the end of the call: Django writes its own line about the request after that.
        request_finished.connect(context.end, dispatch_uid="wagtail_cohorts_watching")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id, began = request_id_of(request), time.perf_counter()
        context.begin(request_id=request_id)
        response = self.get_response(request)
        response.headers.setdefault(HEADER, request_id)
        metrics.count_request(request, response, seconds=time.perf_counter() - began)
        return response


def request_id_of(request: HttpRequest) -> str:
    """The proxy's, if one is trusted and what it sends is an id; a stranger's text does not come into our logs."""
    given = request.headers.get(HEADER, "")
    if settings.TRUSTED_PROXIES and WELL_FORMED.fullmatch(given):
        return given
    return uuid.uuid4().hex
