"""What the guardian of a minor is written: to sign, and that the copies are sealed."""

from __future__ import annotations

import uuid

from django.db.models import F
from django.views.decorators.debug import sensitive_variables

from wagtail_cohorts import flags
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.guardians import guardian_link
from wagtail_cohorts.enrollments.models import Guardian
from wagtail_cohorts.enrollments.states import ACTIVE_STATES
from wagtail_cohorts.enrollments.turns import guardian_turns
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.notifications.letters import Letter, cohort_of, enrollment_of, personal_address
from wagtail_cohorts.signing.models import Act

GUARDIAN_ASKED, GUARDIAN_COMPLETED = "guardian_asked", "guardian_completed"


@sensitive_variables()
def guardian_asked(event: Event, recipient: str) -> Letter | None:
    """None when nothing waits any more, or when a later letter with a newer link is on its way."""
    guardian = Guardian.objects.filter(uuid=event.data["data"]["guardian"]).first()
    enrollment = enrollment_of(event)
    if guardian is None or enrollment is None or not guardian.email or not enrollment.is_active:
        return None
    if enrollment.cohort.state == CohortState.CANCELLED or _is_asked_anew(event):
        return None
    link = _open_link(guardian)
    if link is None:
        return None
    count = len(guardian_turns(enrollment))
    if not count and not event.data["data"]["again"]:
        return None
    context = {
        "guardian": guardian, "enrollment": enrollment, "cohort": enrollment.cohort, "count": count,
        "link": personal_address(link),
    }  # fmt: skip
    return Letter(GUARDIAN_ASKED, enrollment.cohort.institution, guardian.email, guardian.signer_key, context)


def _is_asked_anew(event: Event) -> bool:
    later = Event.objects.filter(stream=event.stream_id, name=event.name, seq__gt=event.seq)
    return any(one.data["data"]["guardian"] == event.data["data"]["guardian"] for one in later)


def _open_link(guardian: Guardian) -> PersonalLink | None:
    """None when it was revoked or the pages are closed."""
    link = guardian_link(guardian)
    is_closed = not flags.is_open(flags.STUDENTS, institution=guardian.institution)
    return None if link.revoked_at is not None or is_closed else link


def guardians_who_signed(event: Event) -> list[str]:
    """Signer keys of the guardians whose signatures stand on the cohort's papers; each once."""
    acts = Act.objects.filter(
        agreement__cohort__uuid=event.data["data"]["cohort"],
        agreement__enrollment__state__in=ACTIVE_STATES,
        revision=F("agreement__revision"),
        signer_key__startswith=Guardian.KEY,
    )
    return sorted(set(acts.order_by().values_list("signer_key", flat=True)))


@sensitive_variables()
def guardian_completed(event: Event, recipient: str) -> Letter | None:
    """None for somebody whose place another guardian took since, or who gave no address."""
    guardian = (
        Guardian.objects.filter(uuid=uuid.UUID(recipient.removeprefix(Guardian.KEY)))
        .select_related("institution", "enrollment")
        .first()
    )
    cohort = cohort_of(event)
    if guardian is None or cohort is None or not guardian.email:
        return None
    link = _open_link(guardian)
    if link is None:
        return None
    count = (
        guardian.enrollment.agreements.filter(acts__signer_key=recipient)
        .exclude(sealed=None)
        .distinct()
        .count()
    )
    context = {
        "guardian": guardian, "enrollment": guardian.enrollment, "cohort": cohort, "count": count,
        "link": personal_address(link),
    }  # fmt: skip
    return Letter(GUARDIAN_COMPLETED, cohort.institution, guardian.email, guardian.signer_key, context)
