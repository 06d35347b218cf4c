"""A student starts again: what no longer counts, what is kept, and that the way is open to the end."""

from __future__ import annotations

import pytest

from tests import factories as make
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.completion.verification import verify_everything
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.states import AgreementState, EnrollmentState, Verification
from wagtail_cohorts.enrollments.turns import turn_of
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import Incomplete, WrongState
from wagtail_cohorts.signing.marks import latest_mark
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.signing.resetting import reset_student, what_reset_undoes
from wagtail_cohorts.signing.submission import submit
from wagtail_cohorts.uploads.models import UploadState
from wagtail_cohorts.uploads.operations import approve_upload

pytestmark = pytest.mark.django_db


def reset(student: Enrollment, *, keep: bool = False) -> Enrollment:
    actor = make.actor_of(student.institution)
    return reset_student(student, reason="The wrong person filled it in", keep_documents=keep, actor=actor)


def state(cohort: Cohort) -> str:
    return Cohort.objects.get(pk=cohort.pk).state


def sign_again(student: Enrollment) -> Enrollment:
    """The student goes the whole way once more; documents that were kept are not sent again."""
    student.refresh_from_db()
    filled = make.filled(student, documents=not student.uploads.current().exists())
    mark = make.mark(student.institution, student.stream_key, student.full_name)
    shown, actor = make.shown_to_student(filled), make.student_actor(filled)
    return submit(filled, mark=mark, day=make.DAY, shown=shown, actor=actor)


def test_signatures_are_voided_by_a_new_revision_and_kept_as_they_were() -> None:
    student = make.submitted(make.enrolling())
    agreement, act = student.agreements.get(), Act.objects.get(agreement__enrollment=student)
    reset(student)
    agreement.refresh_from_db()
    assert (agreement.revision, agreement.state, agreement.current) == (2, AgreementState.OPEN, None)
    assert agreement.values == {} and agreement.fixed == {}
    kept = Act.objects.get(pk=act.pk)
    assert (kept.revision, kept.result_sha256) == (1, act.result_sha256) and kept.result.read()
    assert getattr(turn_of(agreement), "key", "") == "student"


def test_the_student_is_at_the_start_and_confirms_the_details_again() -> None:
    student = make.submitted(make.enrolling(), city="Thohoyandou")
    reset(student)
    student.refresh_from_db()
    assert (student.state, student.verification) == (EnrollmentState.WAITING, Verification.PENDING)
    assert student.details_confirmed_at is None and student.submitted_at is None
    assert student.city == "Thohoyandou"


def test_documents_are_superseded_or_kept_with_what_was_decided() -> None:
    cohort = make.enrolling()
    first, second = make.verified(cohort), make.verified(cohort)
    reset(first)
    reset(second, keep=True)
    assert first.uploads.get().state == UploadState.REPLACED and first.uploads.get().file.read()
    assert second.uploads.get().state == UploadState.APPROVED


def test_a_signature_made_before_is_not_offered_again() -> None:
    student = make.submitted(make.enrolling())
    reset(student)
    assert latest_mark(student.stream_key) is None
    assert Act.objects.get(agreement__enrollment=student).mark is not None


def test_the_event_names_what_was_voided_and_keeps_the_reason_erasable() -> None:
    student = make.submitted(make.enrolling())
    agreement, upload = student.agreements.get(), student.uploads.get()
    reset(student)
    event = Event.objects.get(name="enrollment.reset")
    assert event.data["data"]["agreements"] == [{"agreement": str(agreement.uuid), "revision": 2}]
    assert event.data["data"]["uploads"] == [str(upload.uuid)]
    assert "wrong person" not in event.payload and event.detail.values["reason"].startswith(
        "The wrong person"
    )


def test_nothing_signed_means_no_new_revision() -> None:
    student = make.filled(make.invited(make.enrolling()))
    reset(student)
    agreement = student.agreements.get()
    assert (agreement.revision, agreement.values) == (1, {})


def test_what_is_undone_is_told_before() -> None:
    cohort = make.ready(students=1)
    run_due_items(batch_id=make.start_signing(cohort).pk)
    student = cohort.enrollments.get()
    undone = what_reset_undoes(student)
    assert undone.signers == [student.full_name, make.contact_of(cohort).name]
    assert (len(undone.acts), undone.answered, undone.uploads) == (2, 1, 1)
    reset(student)
    undone = what_reset_undoes(student)
    assert (undone.acts, undone.answered, undone.uploads) == ([], 0, 0)


def test_a_reason_is_needed_and_a_refusal_changes_nothing() -> None:
    student = make.submitted(make.enrolling())
    with pytest.raises(Incomplete):
        reset_student(student, reason=" ", actor=make.actor_of(student.institution))
    student.refresh_from_db()
    assert student.state == EnrollmentState.COMPLETE and student.agreements.get().revision == 1


@pytest.mark.parametrize("case", ["not started", "withdrawn", "completed"])
def test_where_there_is_nothing_to_start_again_it_is_refused(case: str) -> None:
    if case == "completed":
        student = make.completed(students=1).enrollments.get()
    else:
        student = make.invited(make.enrolling())
    if case == "withdrawn":
        withdraw(student, reason="x", actor=make.actor_of(student.institution))
    with pytest.raises(WrongState):
        reset(student)


def test_before_the_sponsor_signs_a_reset_closes_the_gate_and_the_end_opens_it_again() -> None:
    cohort = make.ready(students=2)
    student = cohort.enrollments.order_by("pk").first()
    assert student is not None
    reset(student)
    assert state(cohort) == "enrolling"
    again = sign_again(student)
    for upload in again.uploads.current():
        approve_upload(upload, actor=make.actor_of(cohort.institution))
    assert state(cohort) == "ready_for_sponsor" and cohort.sponsor_invitations.count() == 1


def test_kept_documents_are_not_checked_again() -> None:
    cohort = make.ready(students=1)
    student = cohort.enrollments.get()
    reset(student, keep=True)
    again = sign_again(student)
    assert again.verification == Verification.VERIFIED and state(cohort) == "ready_for_sponsor"


def test_after_everybody_signed_the_sponsor_signs_the_new_revision_and_all_is_finalized() -> None:
    cohort = make.sponsor_signed(students=2)
    student = cohort.enrollments.order_by("pk").first()
    assert student is not None
    reset(student, keep=True)
    assert state(cohort) == "sponsor_review"
    again = sign_again(student)
    run_due_items(batch_id=make.start_signing(cohort, enrollments=[again]).pk)
    assert state(cohort) == "institution_review"
    from wagtail_cohorts.completion.finalizing import start_finalizing

    cohort.refresh_from_db()
    run_due_items(batch_id=start_finalizing(cohort, actor=make.actor_of(cohort.institution)).pk, limit=100)
    assert state(cohort) == "completed"
    assert verify_everything(institution_id=cohort.institution_id).problems == []


def test_a_signing_that_runs_meanwhile_leaves_the_student_out() -> None:
    cohort = make.ready(students=2)
    first, second = cohort.enrollments.order_by("pk")
    batch = make.start_signing(cohort)
    reset(first)
    run_due_items(batch_id=batch.pk, limit=100)
    batch.refresh_from_db()
    assert not Act.objects.filter(agreement__enrollment=first, role_key="sponsor").exists()
    assert Act.objects.filter(agreement__enrollment=second, role_key="sponsor").count() == (
        1 if batch.state == "done" else 0
    )


def test_a_guardian_signs_again_with_a_new_mark_and_is_asked_again() -> None:
    cohort = make.with_guardian()
    student = make.submitted(cohort, birth_date=make.years_ago(16))
    make.cosigned(student)
    student.refresh_from_db()
    guardian = student.guardian
    assert what_reset_undoes(student).signers == [student.full_name, guardian.name]
    reset(student, keep=True)
    student.refresh_from_db()
    assert not student.waits_for_guardian and latest_mark(guardian.signer_key) is None
    asked = Event.objects.filter(name="guardian.asked").count()
    again = sign_again(student)
    assert again.waits_for_guardian and Event.objects.filter(name="guardian.asked").count() == asked + 1
