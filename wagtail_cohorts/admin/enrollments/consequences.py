"""What follows from taking a student out or back to the start, in sentences for whoever is about to do it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import SPONSOR_SIDE, definitions_of, has_role
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.gate import facts_of
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.states import EnrollmentState, Verification
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.signing.resetting import Undone, what_reset_undoes

READY = (EnrollmentState.COMPLETE, Verification.VERIFIED)


def of_withdrawing(enrollment: Enrollment) -> list[str]:
    """Before or after signing, and what the cohort does when this was the last one it waited for."""
    always = _(
        "The student's link stops working, and the cohort no longer waits for this student. What was sent is kept."
    )
    return [always, _signed(enrollment), *_cohort_moves(enrollment)]


def _signed(enrollment: Enrollment) -> str:
    acts = what_reset_undoes(enrollment).acts
    if not acts:
        return _("Nothing is signed yet.")
    if all(act.signer_key == enrollment.stream_key for act in acts):
        sentence = ngettext(
            "The student has signed %d agreement. It stays in the record, but nobody signs it further and it is not "
            "sealed.",
            "The student has signed %d agreements. They stay in the record, but nobody signs them further and they "
            "are not sealed.",
            len(acts),
        )
        return sentence % len(acts)
    return _(
        "Signed already by %s. The signatures stay in the record, but the papers are not sealed and are in no package."
    ) % _names(acts)


def _names(acts: Sequence[Act]) -> str:
    return ", ".join(dict.fromkeys(act.signer_name for act in acts))


def _cohort_moves(enrollment: Enrollment) -> list[str]:
    cohort, facts = enrollment.cohort, facts_of(enrollment.cohort)
    if facts.active == 1:
        return [_("No student is left in the cohort then.")]
    is_done = (enrollment.state, enrollment.verification) == READY
    is_ready = is_done and not enrollment.waits_for_guardian
    if cohort.state == CohortState.ENROLLING and not is_ready and facts.ready == facts.active - 1:
        return [_goes_on(cohort)]
    return []


def _goes_on(cohort: Cohort) -> str:
    if has_role(definitions_of(cohort), *SPONSOR_SIDE):
        return _("All other students are ready, so the sponsor is invited as soon as you do this.")
    return _("All other students are ready, so the cohort goes on to your review as soon as you do this.")


def of_resetting(undone: Undone) -> list[str]:
    """What no longer counts, counted; nothing of it is deleted."""
    lines = []
    if undone.acts:
        sentence = ngettext(
            "%(count)d signature no longer counts, of: %(names)s. The agreement gets a new revision, to sign again.",
            "%(count)d signatures no longer count, of: %(names)s. The agreements get new revisions, to sign again.",
            len(undone.acts),
        )
        lines.append(sentence % {"count": len(undone.acts), "names": ", ".join(undone.signers)})
    if undone.answered:
        lines.append(
            ngettext(
                "The answers in %d agreement are cleared.",
                "The answers in %d agreements are cleared.",
                undone.answered,
            )
            % undone.answered
        )
    lines.append(_("The details stay filled in, and the student confirms them again."))
    lines.append(
        _("Signed files, documents and the history are kept. The student gets a mail with your reason.")
    )
    return lines
