"""The guardian of a minor signs beside the student; the gate waits for it."""

from __future__ import annotations

import pytest

from tests import factories as make
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.guardians import (
    ask_guardian_again,
    guardian_link,
    guardian_of,
    name_guardian,
    refuse_as_guardian,
    revoke_guardian_link,
)
from wagtail_cohorts.enrollments.leaving import readmit, withdraw
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.enrollments.operations import change_student
from wagtail_cohorts.enrollments.turns import asks_guardian, is_minor, turn_of
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import BadInput, CohortsError, Incomplete, WrongState
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.cosigning import agreements_for_guardian, sign_as_guardian
from wagtail_cohorts.signing.submission import submission_problems, submit
from wagtail_cohorts.uploads.operations import approve_upload, reject_upload

pytestmark = pytest.mark.django_db
MINOR = make.years_ago(16)
ADULT = make.years_ago(20)
NOMSA = {"name": "Nomsa Mokoena", "relation": "mother", "email": "nomsa@example.com"}


def again(student: Enrollment) -> Enrollment:
    return Enrollment.objects.select_related("cohort__institution").get(pk=student.pk)


def state(cohort: Cohort) -> str:
    return Cohort.objects.get(pk=cohort.pk).state


def staff(student: Enrollment) -> object:
    return make.actor_of(student.cohort.institution)


def asked(student: Enrollment) -> int:
    return Event.objects.filter(stream__key=student.stream_key, name="guardian.asked").count()


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


def test_the_students_own_address_is_refused_for_the_guardian() -> None:
    student = make.invited(make.with_guardian(), birth_date=MINOR, email="thabo@example.com")
    for actor in (make.student_actor(student), staff(student)):
        with pytest.raises(BadInput, match="student's own address") as refused:
            name_guardian(student, {**NOMSA, "email": "Thabo@Example.com"}, actor=actor)
        assert refused.value.field == "email"
    assert guardian_of(student) is None


def test_the_guardians_address_is_refused_for_the_student() -> None:
    student = make.invited(make.with_guardian(), birth_date=MINOR)
    name_guardian(student, NOMSA, actor=staff(student))
    with pytest.raises(BadInput, match="guardian's address"):
        change_student(student, {"email": "NOMSA@example.com"}, actor=staff(student))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"relation": "boss"}, "relation"),
        ({"email": "nomsa"}, "email"),
        ({"email": "", "phone": ""}, "email"),
        ({"phone": "1" * 31}, "phone"),
    ],
)
def test_a_guardian_needs_a_name_a_relation_and_a_way_to_be_reached(
    change: dict[str, str], field: str
) -> None:
    student = make.invited(make.with_guardian(), birth_date=MINOR)
    with pytest.raises(BadInput) as refused:
        name_guardian(student, {**NOMSA, **change}, actor=staff(student))
    assert refused.value.field == field


def test_a_changed_address_kills_the_old_link() -> None:
    student = make.submitted(make.with_guardian(), birth_date=MINOR)
    guardian = guardian_of(student)
    before = guardian_link(guardian).generation
    name_guardian(student, NOMSA, actor=staff(student))
    assert guardian_link(guardian_of(student)).generation == before + 1
    assert guardian_of(student).uuid == guardian.uuid


def test_another_name_is_another_person_with_another_link_and_without_the_old_answers() -> None:
    student = make.submitted(make.with_guardian(), birth_date=MINOR)
    guardian = guardian_of(student)
    old = guardian_link(guardian)
    agreement, keys = agreements_for_guardian(student)[0]
    save_answers(agreement, keys[0], {"guardian_id": "1"}, actor=make.guardian_actor(guardian))
    new = name_guardian(student, {**NOMSA, "name": "Sipho Mokoena"}, actor=staff(student))
    assert new.uuid != guardian.uuid and guardian_link(new).pk != old.pk
    old.refresh_from_db()
    assert old.revoked_at
    assert "guardian" not in student.agreements.get().values
    assert new.asked_at is None


def test_the_student_names_the_guardian_only_until_the_guardian_was_asked() -> None:
    student = make.submitted(make.with_guardian(), birth_date=MINOR)
    with pytest.raises(WrongState, match="asked already"):
        name_guardian(student, NOMSA, actor=make.student_actor(student))
    reject_upload(student.uploads.current().get(), reason="Blurred", actor=staff(student))
    with pytest.raises(WrongState, match="asked already"):
        name_guardian(student, NOMSA, actor=make.student_actor(student))


def test_sending_again_makes_a_new_link_and_revoking_kills_it() -> None:
    student = make.submitted(make.with_guardian(), birth_date=MINOR)
    guardian = guardian_of(student)
    before = guardian_link(guardian).generation
    ask_guardian_again(guardian, actor=staff(student))
    assert guardian_link(guardian).generation == before + 1 and asked(student) == 2
    revoke_guardian_link(guardian, actor=staff(student))
    assert guardian_link(guardian).revoked_at
    ask_guardian_again(guardian, actor=staff(student))
    assert guardian_link(guardian).revoked_at is None


def test_nobody_is_asked_before_the_student_has_sent() -> None:
    student = make.invited(make.with_guardian(), birth_date=MINOR)
    guardian = name_guardian(student, NOMSA, actor=staff(student))
    with pytest.raises(WrongState):
        ask_guardian_again(guardian, actor=staff(student))


def test_a_guardian_who_does_not_agree_ends_the_students_part_with_the_reason() -> None:
    cohort = make.with_guardian()
    student = make.submitted(cohort, birth_date=MINOR)
    guardian = guardian_of(student)
    refuse_as_guardian(guardian, reason="Too far from home", actor=make.guardian_actor(guardian))
    student = again(student)
    assert (student.state, student.closed_reason) == ("declined", "Too far from home")
    assert agreements_for_guardian(student) == []
    with pytest.raises(CohortsError):
        refuse_as_guardian(guardian, reason="Again", actor=make.guardian_actor(guardian))


def test_a_student_who_is_taken_back_after_the_guardians_no_asks_the_guardian_again() -> None:
    student = make.submitted(make.with_guardian(), birth_date=MINOR)
    guardian = guardian_of(student)
    refuse_as_guardian(guardian, reason="Too far", actor=make.guardian_actor(guardian))
    readmit(student, reason="Changed their minds", actor=staff(student))
    student = submit(again(student), mark=None, day=make.DAY, shown={}, actor=make.student_actor(student))
    assert student.waits_for_guardian and asked(student) == 2
    assert Guardian.objects.get(pk=guardian.pk).declined_at is None


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
