"""Feature flags: the only place that asks waffle.

Reads past waffle's cache, once a request, so that closing takes effect on the next request in every process.
A percentage hashes the institution's id, so that its staff and its students agree.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest

FEATURE = "cohorts"
STUDENTS = "cohorts_student_pages"
SPONSORS = "cohorts_sponsor_pages"
BULK_SIGNING = "cohorts_bulk_signing"
EXPORTS = "cohorts_exports"

FLAGS = {
    FEATURE: "The whole of cohorts",
    STUDENTS: "Students' pages",
    SPONSORS: "Sponsors' pages",
    BULK_SIGNING: "Signing many agreements in one action",
    EXPORTS: "Excel and CSV exports",
}


def _rows(request: HttpRequest | None) -> dict[str, Any]:
    if request is not None and hasattr(request, "_cohorts_flags"):
        return request._cohorts_flags
    from waffle import get_waffle_flag_model

    found = get_waffle_flag_model().objects.filter(name__in=FLAGS)
    rows = {flag.name: flag for flag in found}
    if request is not None:
        by_person = [flag for flag in rows.values() if flag.everyone is None]
        prefetch_related_objects(by_person, "groups", "users")
        request._cohorts_flags = rows  # type: ignore[attr-defined]
    return rows


def _percentage_opens(flag: Any, institution: Any) -> bool:
    if institution is None or not flag.percent:
        return False
    digest = hashlib.sha256(f"{flag.name}:{institution.pk}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 1000 < float(flag.percent) * 10


def _user_opens(flag: Any, user: Any) -> bool:
    if user is None or not user.is_authenticated:
        return False
    if (flag.authenticated) or (flag.staff and user.is_staff) or (flag.superusers and user.is_superuser):
        return True
    if user.pk in {row.pk for row in flag.users.all()}:
        return True
    groups = {row.pk for row in flag.groups.all()}
    return bool(groups) and user.groups.filter(pk__in=groups).exists()


def _is_open(flag: Any, request: HttpRequest | None, institution: Any) -> bool:
    if flag is None or (institution is not None and flag.name in institution.closed_flags):
        return False
    if flag.everyone is not None:
        return bool(flag.everyone)
    if _percentage_opens(flag, institution):
        return True
    return request is not None and _user_opens(flag, getattr(request, "user", None))


def is_open(name: str, *, request: HttpRequest | None = None, institution: Any = None) -> bool:
    """Whether a feature is open; no feature is open while the whole of cohorts is closed."""
    rows = _rows(request)
    return all(_is_open(rows.get(one), request, institution) for one in dict.fromkeys((FEATURE, name)))


def create_flags(**kwargs: Any) -> None:
    """After migrate: each flag exists and is on for everyone, since a missing waffle flag would mean off."""
    from waffle import get_waffle_flag_model

    model = get_waffle_flag_model()
    for name, note in FLAGS.items():
        model.objects.get_or_create(name=name, defaults={"everyone": True, "note": note})
