"""The guardian of a minor signs beside the student; the gate waits for it."""

from __future__ import annotations

import pytest

from tests import factories as make
from tests.minors import ADULT, MINOR, NOMSA, again, asked, staff
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.guardians import guardian_of, name_guardian
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import change_student
from wagtail_cohorts.enrollments.turns import asks_guardian, is_minor, turn_of
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import Incomplete, WrongState
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.cosigning import agreements_for_guardian, sign_as_guardian
from wagtail_cohorts.signing.submission import submission_problems, submit
from wagtail_cohorts.uploads.operations import approve_upload, reject_upload

pytestmark = pytest.mark.django_db


def state(cohort: Cohort) -> str:
    return Cohort.objects.get(pk=cohort.pk).state


def approve(student: Enrollment) -> None:
    for one in student.uploads.current():
        approve_upload(one, actor=staff(student))


def test_a_minor_cannot_send_before_the_guardian_is_named() -> None:
    student = make.invited(make.with_guardian(), birth_date=MINOR)
    assert asks_guardian(student)
    assert ("guardian", "", "Your guardian is not named yet.") in submission_problems(student)


@pytest.mark.parametrize("birth_date", [ADULT, None])
def test_an_adult_or_somebody_without_a_date_of_birth_is_asked_for_no_guardian(
    birth_date: str | None,
) -> None:
    cohort = make.with_guardian()
    student = make.verified(cohort, birth_date=birth_date)
    assert not student.waits_for_guardian and guardian_of(student) is None
    assert state(cohort) == "ready_for_sponsor"


def test_a_cohort_without_guardian_fields_asks_a_minor_for_no_guardian() -> None:
    cohort = make.enrolling()
    make.verified(cohort, birth_date=MINOR)
    assert state(cohort) == "ready_for_sponsor"


def test_the_gate_waits_for_the_guardian_and_opens_with_the_guardians_signature() -> None:
    cohort = make.with_guardian()
    student = make.verified(cohort, birth_date=MINOR)
    assert student.waits_for_guardian and state(cohort) == "enrolling"
    agreement = student.agreements.get()
    assert turn_of(agreement).key == "guardian"
    student = make.cosigned(student)
    assert not again(student).waits_for_guardian and state(cohort) == "ready_for_sponsor"
    act = agreement.acts.get(role_key="guardian")
    assert (act.signer_name, act.signer_position) == ("Nomsa Mokoena", "Mother")
    assert act.signer_key == guardian_of(student).signer_key


def test_signing_before_the_documents_are_checked_counts_too() -> None:
    cohort = make.with_guardian()
    student = make.cosigned(make.submitted(cohort, birth_date=MINOR))
    assert state(cohort) == "enrolling"
    approve(student)
    assert state(cohort) == "ready_for_sponsor"


def test_sending_asks_the_guardian_exactly_once() -> None:
    student = make.submitted(make.with_guardian(), birth_date=MINOR)
    assert asked(student) == 1
    assert submit(student, mark=None, day=make.DAY, shown={}, actor=make.student_actor(student))
    assert asked(student) == 1


def test_a_second_press_of_the_guardian_changes_nothing() -> None:
    student = make.cosigned(make.submitted(make.with_guardian(), birth_date=MINOR))
    before = Event.objects.count()
    make.cosigned(student)
    assert Event.objects.count() == before


def test_a_required_answer_of_the_guardian_is_asked_for() -> None:
    student = make.submitted(make.with_guardian(), birth_date=MINOR)
    guardian = guardian_of(student)
    mark = make.mark(student.cohort.institution, owner=guardian.signer_key)
    with pytest.raises(Incomplete) as refused:
        sign_as_guardian(guardian, mark=mark, day=make.DAY, shown={}, actor=make.guardian_actor(guardian))
    assert refused.value.problems == ["“Guardian id” is missing."]


def test_a_document_that_was_sent_back_leaves_the_guardians_signature_as_it_is() -> None:
    cohort = make.with_guardian()
    student = make.cosigned(make.submitted(cohort, birth_date=MINOR))
    reject_upload(student.uploads.current().get(), reason="Blurred", actor=staff(student))
    make.upload(again(student), seed=7)
    student = submit(student, mark=None, day=make.DAY, shown={}, actor=make.student_actor(student))
    assert asked(student) == 1 and not student.waits_for_guardian
    approve(student)
    assert state(cohort) == "ready_for_sponsor"


def test_a_guardian_who_was_asked_already_is_not_asked_again_for_the_same_paper() -> None:
    student = make.submitted(make.with_guardian(), birth_date=MINOR)
    reject_upload(student.uploads.current().get(), reason="Blurred", actor=staff(student))
    make.upload(again(student), seed=7)
    student = submit(student, mark=None, day=make.DAY, shown={}, actor=make.student_actor(student))
    assert asked(student) == 1 and student.waits_for_guardian


def test_a_paper_that_the_student_signed_anew_asks_the_guardian_anew_with_one_mail() -> None:
    student = make.cosigned(make.submitted(make.with_guardian(), birth_date=MINOR))
    agreement = student.agreements.get()  # as returning or resetting leaves it
    agreement.revision, agreement.state = agreement.revision + 1, "open"
    agreement.save()
    Enrollment.objects.filter(pk=student.pk).update(state="in_progress")
    student = again(student)
    mark = make.mark(student.cohort.institution, owner=student.stream_key)
    student = submit(
        student,
        mark=mark,
        day=make.DAY,
        shown=make.shown_to_student(student),
        actor=make.student_actor(student),
    )
    assert student.waits_for_guardian and asked(student) == 2


def test_a_birthday_after_the_students_signature_changes_nothing() -> None:
    cohort = make.with_guardian()
    student = make.invited(cohort, birth_date="2008-11-25")  # 18 on the day after DAY
    name_guardian(student, NOMSA, actor=make.student_actor(student))
    student = make.sent(make.filled(student))
    assert student.waits_for_guardian
    Enrollment.objects.filter(pk=student.pk).update(birth_date="2008-11-23")  # as two days later
    approve(student)
    student = again(student)
    assert not is_minor(student, on=make.DAY)
    assert turn_of(student.agreements.get()).key == "guardian"
    assert student.waits_for_guardian and state(cohort) == "enrolling"


def test_eighteen_on_the_day_of_the_signature_is_of_age() -> None:
    cohort = make.with_guardian()
    student = make.sent(make.filled(make.invited(cohort, birth_date="2008-11-24")))
    assert student.agreements.get().for_minor is False and not student.waits_for_guardian


def test_a_corrected_date_of_birth_decides_again_while_nobody_signed_after_the_student() -> None:
    cohort = make.with_guardian()
    student = make.verified(cohort, birth_date=MINOR)
    change_student(student, {"birth_date": ADULT}, actor=staff(student))
    assert not again(student).waits_for_guardian and state(cohort) == "ready_for_sponsor"
    change_student(student, {"birth_date": MINOR}, actor=staff(student))
    assert again(student).waits_for_guardian and state(cohort) == "enrolling"


def test_a_corrected_date_of_birth_changes_nothing_once_the_guardian_has_signed() -> None:
    cohort = make.with_guardian()
    student = make.cosigned(make.verified(cohort, birth_date=MINOR))
    change_student(student, {"birth_date": ADULT}, actor=staff(student))
    assert student.agreements.get().for_minor and state(cohort) == "ready_for_sponsor"


def test_the_guardian_of_a_withdrawn_student_signs_nothing() -> None:
    student = make.submitted(make.with_guardian(), birth_date=MINOR)
    agreement, keys = agreements_for_guardian(student)[0]
    withdraw(student, reason="x", actor=staff(student))
    assert agreements_for_guardian(again(student)) == []
    with pytest.raises(WrongState):
        save_answers(
            agreement, keys[0], {"guardian_id": "1"}, actor=make.guardian_actor(guardian_of(student))
        )


def test_the_guardian_signs_before_the_sponsor_wherever_the_editor_put_the_role() -> None:
    of = make.institution()
    roles = [make.GUARDIAN_ROLES[0], make.GUARDIAN_ROLES[3], make.GUARDIAN_ROLES[2], make.GUARDIAN_ROLES[1]]
    cohort = make.enrolling(of, versions=[make.published(of, fields=make.guardian_fields(), roles=roles)])
    student = make.verified(cohort, birth_date=MINOR)
    assert turn_of(student.agreements.get()).key == "guardian" and state(cohort) == "enrolling"
    make.cosigned(student)
    assert turn_of(student.agreements.get()).key == "sponsor" and state(cohort) == "ready_for_sponsor"


def test_the_chain_names_no_guardian() -> None:
    student = make.cosigned(make.submitted(make.with_guardian(), birth_date=MINOR))
    payloads = " ".join(
        Event.objects.filter(stream__key=student.stream_key).values_list("payload", flat=True)
    )
    assert "Nomsa" not in payloads and "guardian.signed" in payloads and '"guardian_signs":true' in payloads
