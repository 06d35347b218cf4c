"""Letters about what one person still has to do, or has to do again."""

from __future__ import annotations

from dataclasses import replace

from django.utils import translation

from wagtail_cohorts.cohorts.states import WITH_SPONSOR
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.notifications.letters import Letter, enrollment_of, sponsor_invited, to_student
from wagtail_cohorts.notifications.reminders import missing_items
from wagtail_cohorts.notifications.sponsor_reminders import most_reminders
from wagtail_cohorts.signing.signable import signable
from wagtail_cohorts.uploads.models import Upload, UploadState

STUDENT_REMINDED, STARTED_OVER, SPONSOR_REMINDED = "student_reminded", "started_over", "sponsor_reminded"


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


def sponsor_reminded(event: Event, recipient: str) -> Letter | None:
    """To whom the invitation would go now, while something still waits for this signature."""
    letter = sponsor_invited(event, recipient)
    if letter is None:
        return None
    cohort, contact = letter.context["cohort"], letter.context["contact"]
    waiting = signable(cohort, contact) if cohort.state in WITH_SPONSOR else {}
    if not waiting:
        return None
    number = event.data["data"]["number"]
    counted = {"students": len(waiting), "documents": sum(len(rows) for rows in waiting.values())}
    context = {**letter.context, **counted, "number": number, "is_last": number >= most_reminders()}
    return replace(letter, kind=SPONSOR_REMINDED, context=context)
