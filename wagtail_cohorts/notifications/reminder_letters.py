"""Letters that staff send about what one student still has to do, or has to do again."""

from __future__ import annotations

from django.utils import translation

from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.notifications.letters import Letter, enrollment_of, to_student
from wagtail_cohorts.notifications.reminders import missing_items
from wagtail_cohorts.uploads.models import Upload, UploadState

STUDENT_REMINDED, STARTED_OVER = "student_reminded", "started_over"


def student_reminded(event: Event, recipient: str) -> Letter | None:
    """About the one thing; nothing if it came while the letter waited."""
    enrollment, name = enrollment_of(event), event.data["data"]["item"]
    if enrollment is None or not enrollment.cohort.is_open:
        return None
    with translation.override(enrollment.cohort.institution.language):
        item = next((one for one in missing_items(enrollment) if one.name == name), None)
    if item is None:
        return None
    kind, _colon, key = name.partition(":")
    sent_back = Upload.objects.filter(enrollment=enrollment, state=UploadState.REJECTED)
    rejected = sent_back.filter(required_document__uuid=key).first() if kind == "document" else None
    return to_student(
        STUDENT_REMINDED, enrollment, item=item, item_kind=kind, reason=rejected.reason if rejected else ""
    )


def started_over(event: Event, recipient: str) -> Letter | None:
    enrollment = enrollment_of(event)
    if enrollment is None or not enrollment.cohort.is_open or enrollment.invited_at is None:
        return None
    reason = event.detail.values.get("reason", "") if hasattr(event, "detail") else ""
    told = event.data["data"]
    return to_student(
        STARTED_OVER, enrollment, reason=reason, documents_kept=told["documents_kept"],
        must_sign=bool(told["agreements"]),
    )  # fmt: skip
