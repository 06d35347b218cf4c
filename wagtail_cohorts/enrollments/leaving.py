"""Students leaving a cohort, by themselves or taken out by staff, and coming back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.enrollments.operations import lock_enrollment, make_agreements, move, set_verification
from wagtail_cohorts.enrollments.states import Verification
from wagtail_cohorts.exceptions import WrongState
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import revoke_link
from wagtail_cohorts.texts import clean_paragraph
from wagtail_cohorts.transactions import operation


@operation
def withdraw(enrollment: Enrollment, *, reason: str, actor: Actor) -> Enrollment:
    """Take a student out at any time; the gate counts only active students. Kills the link. Emits
    enrollment.withdrawn."""
    _cohort, enrollment = lock_enrollment(enrollment.pk)
    _close(enrollment, "withdraw", reason=reason, actor=actor)
    return enrollment


@operation
def decline(enrollment: Enrollment, *, reason: str, actor: Actor) -> Enrollment:
    """The student does not want to take part. Emits enrollment.declined."""
    _cohort, enrollment = lock_enrollment(enrollment.pk)
    _close(enrollment, "decline", reason=reason, actor=actor)
    return enrollment


def _close(enrollment: Enrollment, name: str, *, reason: str, actor: Actor) -> None:
    if enrollment.cohort.state == CohortState.COMPLETED:
        raise WrongState(_("“%s” is completed.") % enrollment.cohort.name)
    enrollment.closed_reason = clean_paragraph(reason)[:300]
    enrollment.save(update_fields=["closed_reason"])
    link = PersonalLink.objects.filter(subject_key=enrollment.stream_key).first()
    if link is not None and name == "withdraw":
        revoke_link(link)
    move(enrollment, name, actor=actor, reason=reason)


@operation
def readmit(enrollment: Enrollment, *, reason: str, actor: Actor) -> Enrollment:
    """Take a student back: in progress, with what was done kept, and verified again only after sending. Emits
    enrollment.readmitted."""
    cohort, enrollment = lock_enrollment(enrollment.pk)
    if not cohort.is_open:
        raise WrongState(_("“%s” takes no more students.") % cohort.name)
    enrollment.closed_reason = ""
    enrollment.save(update_fields=["closed_reason"])
    make_agreements(cohort, [enrollment])
    Guardian.objects.filter(enrollment=enrollment).update(declined_at=None)
    move(enrollment, "readmit", actor=actor, reason=reason)
    if enrollment.verification == Verification.VERIFIED:
        set_verification(enrollment, Verification.PENDING, actor=actor)
    return enrollment
