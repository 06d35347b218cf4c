"""Naming the guardian of a minor, asking again, and the guardian's no."""

from __future__ import annotations

import pytest

from tests import factories as make
from tests.minors import MINOR, NOMSA, again, asked, staff
from wagtail_cohorts.enrollments.guardians import (
    ask_guardian_again,
    guardian_link,
    guardian_of,
    name_guardian,
    refuse_as_guardian,
    revoke_guardian_link,
)
from wagtail_cohorts.enrollments.leaving import readmit
from wagtail_cohorts.enrollments.models import Guardian
from wagtail_cohorts.enrollments.operations import change_student
from wagtail_cohorts.exceptions import BadInput, CohortsError, WrongState
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.cosigning import agreements_for_guardian
from wagtail_cohorts.signing.submission import submit
from wagtail_cohorts.uploads.operations import reject_upload

pytestmark = pytest.mark.django_db


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
