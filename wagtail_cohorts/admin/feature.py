"""What every staff page asks first: whether it is open, for the institutions of the user, and whose request it is."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from wagtail_cohorts.flags import FEATURE, is_open
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.watching.context import bind, ids_of
from wagtail_cohorts.watching.reports import hide_people


def institutions_of(request: HttpRequest) -> list[Institution]:
    """The institutions that the user is staff of; superusers reach all, whatever this lists."""
    if not hasattr(request, "_cohorts_institutions"):
        found = (
            Institution.objects.filter(memberships__user_id=request.user.pk) if request.user.is_active else []
        )
        request._cohorts_institutions = list(found)  # type: ignore[attr-defined]
    return request._cohorts_institutions  # type: ignore[attr-defined]


def is_open_for(request: HttpRequest, name: str = FEATURE) -> bool:
    """Open for at least one of the user's institutions; without any, as for everyone."""
    mine = institutions_of(request)
    if not mine or request.user.is_superuser:
        return is_open(name, request=request)
    return any(is_open(name, request=request, institution=institution) for institution in mine)


def require_open(request: HttpRequest, name: str = FEATURE, *, subject: Any = None) -> None:
    """Raise Http404 when the feature is closed, also when only the subject's institution has closed it."""
    institution = institution_of(subject) if subject is not None else None
    if institution is not None:
        allowed = is_open(name, request=request, institution=institution)
    else:
        allowed = is_open_for(request, name)
    if not allowed:
        raise Http404


def institution_of(subject: Any) -> Institution | None:
    """The institution that a row belongs to, by its model's ``institution_path``."""
    path = getattr(type(subject), "institution_path", "")
    found = subject
    for step in path.split("__") if path not in ("", "pk") else []:
        found = getattr(found, step, None)
    return found if isinstance(found, Institution) else None


def watch(request: HttpRequest, subject: Any = None) -> None:
    """Log lines carry who asks and about what, by ids; error mails show nothing of people."""
    hide_people(request)
    bind(actor_key=f"user:{request.user.pk}")
    if subject is not None:
        institution = institution_of(subject)
        bind(institution=institution and institution.pk, **ids_of(getattr(subject, "stream_key", "")))
