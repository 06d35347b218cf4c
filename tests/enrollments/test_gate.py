"""When the sponsor is let in, and when the cohort goes back."""

from __future__ import annotations

import pytest

from tests import factories as make
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import step_back
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.gate import go_on
from wagtail_cohorts.enrollments.leaving import readmit, withdraw
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import WrongState
from wagtail_cohorts.uploads.operations import approve_upload, undo_decision

pytestmark = pytest.mark.django_db


def state(cohort: Cohort) -> str:
    return Cohort.objects.get(pk=cohort.pk).state


def test_the_gate_stays_shut_while_one_student_is_open() -> None:
    cohort = make.enrolling()
    make.verified(cohort)
    make.enrollment(cohort)
    assert state(cohort) == "enrolling"


def test_a_submitted_but_unverified_student_keeps_it_shut() -> None:
    cohort = make.enrolling()
    make.submitted(cohort)
    assert state(cohort) == "enrolling"


def test_the_last_verification_opens_it() -> None:
    cohort = make.ready(students=2)
    assert state(cohort) == "ready_for_sponsor"


def test_a_cohort_without_required_documents_needs_no_verification() -> None:
    cohort = make.enrolling(documents=0)
    make.submitted(cohort)
    assert state(cohort) == "ready_for_sponsor"


def test_the_gate_opens_when_the_last_open_student_withdraws() -> None:
    cohort = make.enrolling()
    make.verified(cohort)
    last = make.enrollment(cohort)
    withdraw(last, reason="x", actor=make.actor_of(cohort.institution))
    assert state(cohort) == "ready_for_sponsor"


def test_a_cohort_whose_students_all_withdraw_does_not_open() -> None:
    cohort = make.enrolling()
    withdraw(make.enrollment(cohort), reason="x", actor=make.actor_of(cohort.institution))
    assert state(cohort) == "enrolling"


def test_a_late_student_closes_it_again_without_a_second_invitation() -> None:
    cohort = make.ready(students=1)
    late = make.submitted(cohort)
    assert state(cohort) == "enrolling"
    approve_upload(late.uploads.current()[0], actor=make.actor_of(cohort.institution))
    assert state(cohort) == "ready_for_sponsor"
    assert cohort.sponsor_invitations.count() == 1
    assert Event.objects.filter(name="sponsor.invited").count() == 1


def test_an_undone_approval_closes_it_again() -> None:
    cohort = make.ready(students=1)
    undo_decision(cohort.enrollments.get().uploads.get(), actor=make.actor_of(cohort.institution))
    assert state(cohort) == "enrolling"


def test_after_the_first_sponsor_act_a_late_student_leaves_the_cohort_where_it_is() -> None:
    cohort = make.ready(students=2)
    first, _second = cohort.enrollments.order_by("pk")
    run_due_items(batch_id=make.start_signing(cohort, enrollments=[first]).pk)
    make.enrollment(cohort)
    assert state(cohort) == "sponsor_review"


def test_from_institution_review_a_late_student_returns_it_to_the_sponsor() -> None:
    cohort = make.sponsor_signed(students=1)
    late = make.submitted(cohort)
    assert state(cohort) == "sponsor_review"
    approve_upload(late.uploads.current()[0], actor=make.actor_of(cohort.institution))
    run_due_items(batch_id=make.start_signing(cohort, enrollments=[late]).pk)
    assert state(cohort) == "institution_review"


def test_the_late_students_copy_carries_the_institutions_signature() -> None:
    cohort = make.ready(students=1)
    late = make.submitted(cohort)
    roles = {act.role_key for act in late.agreements.get().acts.all()}
    from wagtail_cohorts.signing.rendering import read_copy

    assert roles == {"student"}
    assert {act.role_key for act in read_copy(late.agreements.get()).acts} == {"institution", "student"}


def test_withdrawing_the_last_unsigned_student_finishes_the_sponsors_part() -> None:
    cohort = make.ready(students=2)
    first, second = cohort.enrollments.order_by("pk")
    run_due_items(batch_id=make.start_signing(cohort, enrollments=[first]).pk)
    withdraw(second, reason="x", actor=make.actor_of(cohort.institution))
    assert state(cohort) == "institution_review"


def test_a_readmitted_student_brings_the_cohort_back() -> None:
    cohort = make.ready(students=2)
    first, second = cohort.enrollments.order_by("pk")
    actor = make.actor_of(cohort.institution)
    withdraw(second, reason="x", actor=actor)
    assert state(cohort) == "ready_for_sponsor"
    readmit(second, reason="y", actor=actor)
    assert state(cohort) == "enrolling"


def test_without_sponsor_fields_the_sponsors_part_is_skipped() -> None:
    institution = make.institution()
    fields = [row for row in make.small_fields() if row["role"] != "sponsor"]
    cohort = make.enrolling(institution, versions=[make.published(institution, fields=fields)])
    make.verified(cohort)
    assert state(cohort) == "institution_review"
    assert cohort.sponsor_invitations.count() == 0


def test_after_a_step_back_that_changed_nothing_the_cohort_goes_on() -> None:
    cohort = make.ready(students=1)
    step_back(cohort, reason="Look again", actor=make.actor_of(cohort.institution))
    assert state(cohort) == "enrolling"
    go_on(cohort)
    assert state(cohort) == "ready_for_sponsor" and cohort.sponsor_invitations.count() == 1


def test_going_on_is_refused_while_something_is_missing() -> None:
    cohort = make.enrolling()
    make.enrollment(cohort)
    with pytest.raises(WrongState):
        go_on(cohort)


def test_all_signed_and_stepped_back_goes_on_to_the_institutions_review() -> None:
    cohort = make.sponsor_signed(students=1)
    step_back(cohort, reason="Look again", actor=make.actor_of(cohort.institution))
    go_on(cohort)
    assert state(cohort) == "institution_review"


def test_a_signatory_named_during_the_review_is_invited_when_something_is_left_to_sign() -> None:
    cohort = make.sponsor_signed(students=1)
    newcomer = make.sponsor(cohort.institution)
    cohort.parties.update(contact=newcomer)
    invitations = cohort.sponsor_invitations.filter(contact=newcomer)
    make.verified(cohort)
    cohort.refresh_from_db()
    assert cohort.state == CohortState.SPONSOR_REVIEW
    assert invitations.count() == 1
