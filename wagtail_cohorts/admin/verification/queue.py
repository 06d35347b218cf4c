"""Documents that wait for a decision, across cohorts, oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _

from wagtail_cohorts.cohorts.states import OPEN_STATES
from wagtail_cohorts.enrollments.states import ACTIVE_STATES, EnrollmentState
from wagtail_cohorts.enrollments.students import clean_text, identity_of
from wagtail_cohorts.uploads.models import Upload, UploadState

REASONS = (
    _("The stamp is older than 3 months"),
    _("There is no stamp or no date"),
    _("Part of the page is cut off"),
    _("I cannot read it"),
    _("It belongs to someone else"),
    _("This is another document"),
)
WINDOW = 40
BEFORE = 5
LATE = timedelta(days=3)


@dataclass(frozen=True)
class Place:
    """Where one document stands in the queue."""

    number: int
    total: int
    previous: Any
    next: Any


def waiting(user: Any) -> Any:
    """Everything in the user's scope that somebody has to look at."""
    rows = Upload.objects.visible_to(user).filter(
        state=UploadState.PENDING,
        enrollment__state__in=ACTIVE_STATES,
        enrollment__cohort__state__in=OPEN_STATES,
    )
    return rows.order_by("created_at", "pk")


def narrowed(rows: Any, params: Any) -> Any:
    """The queue as the filters in the address ask for it."""
    cohort, document = params.get("cohort", ""), params.get("document", "").strip()
    if cohort.isdecimal() and len(cohort) < 18:
        rows = rows.filter(enrollment__cohort_id=int(cohort))
    if document:
        rows = rows.filter(required_document__name__icontains=document[:80])
    for word in clean_text(params.get("q", "")).split()[:5]:
        rows = rows.filter(
            Q(enrollment__first_name__icontains=word) | Q(enrollment__last_name__icontains=word)
        )
    if params.get("finished"):
        rows = rows.filter(enrollment__state=EnrollmentState.COMPLETE)
    return rows


def with_people(rows: Any) -> Any:
    return rows.select_related("required_document", "enrollment__cohort")


def _after(upload: Upload) -> Q:
    return Q(created_at__gt=upload.created_at) | Q(created_at=upload.created_at, pk__gt=upload.pk)


def _before(upload: Upload) -> Q:
    return Q(created_at__lt=upload.created_at) | Q(created_at=upload.created_at, pk__lt=upload.pk)


def next_after(rows: Any, upload: Upload) -> Upload | None:
    """The document to look at once this one is decided: the next, else the oldest."""
    others = rows.exclude(pk=upload.pk)
    return others.filter(_after(upload)).first() or others.first()


def place_of(rows: Any, upload: Upload) -> Place:
    before = rows.filter(_before(upload))
    others = rows.exclude(pk=upload.pk)
    return Place(
        number=before.count() + 1,
        total=rows.count(),
        previous=before.reverse().first(),
        next=others.filter(_after(upload)).first(),
    )


def shown_around(rows: Any, place: Place) -> list[Any]:
    """The part of the queue beside the document, each with its age in words."""
    start, now = max(0, place.number - 1 - BEFORE), timezone.now()
    found = list(with_people(rows)[start : start + WINDOW])
    for upload in found:
        upload.age, upload.is_late = (
            timesince(upload.created_at, now, depth=1),
            now - upload.created_at > LATE,
        )
    return found


@dataclass(frozen=True)
class Check:
    """An advice that never decides."""

    is_fine: bool
    name: Any
    words: Any


def checks_of(upload: Upload) -> list[Check]:
    enrollment, found = upload.enrollment, []
    if identity_of(enrollment):
        words = _("13 digits, date and check digit are right")
        found.append(Check(True, _("The identity number is possible"), words))
    else:
        found.append(Check(False, _("No identity number"), _("The student has not given one")))
    same = Upload.objects.filter(institution_id=upload.institution_id, original_id=upload.original_id)
    if same.exclude(enrollment_id=enrollment.pk).exists():
        found.append(Check(False, _("Seen before"), _("Another student sent the very same file")))
    else:
        found.append(Check(True, _("Not seen before"), _("No other student sent this file")))
    return found


def earlier_reason(upload: Upload) -> str:
    """Why the student's document before this one was sent back."""
    earlier = Upload.objects.filter(
        enrollment_id=upload.enrollment_id,
        required_document_id=upload.required_document_id,
        state=UploadState.REPLACED,
    )
    return earlier.order_by("-pk").values_list("reason", flat=True).first() or ""
