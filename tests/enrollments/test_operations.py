"""Students who join, are invited and give their details."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests import factories as make
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.operations import (
    add_student,
    change_student,
    confirm_details,
    invite_student,
    link_of,
)
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import BadInput, WrongState
from wagtail_cohorts.links.operations import find_link, token_of
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.submission import agreements_to_sign, submit
from wagtail_cohorts.uploads.operations import add_upload, remove_upload

pytestmark = pytest.mark.django_db


def test_one_enrollment_per_address_in_any_case() -> None:
    cohort = make.cohort(make.institution())
    make.enrollment(cohort, email="Naledi@Example.com")
    with pytest.raises(BadInput) as caught:
        make.enrollment(cohort, email="naledi@example.com")
    assert caught.value.code == "duplicate" and cohort.enrollments.count() == 1


def test_several_students_may_have_no_address() -> None:
    cohort = make.cohort(make.institution())
    make.enrollment(cohort, email="")
    make.enrollment(cohort, email="")
    assert cohort.enrollments.count() == 2


def test_a_name_is_needed() -> None:
    cohort = make.cohort(make.institution())
    with pytest.raises(BadInput):
        add_student(cohort, {"first_name": "Naledi"}, actor=make.actor_of(cohort.institution))


def test_a_student_of_a_cancelled_cohort_is_refused() -> None:
    from wagtail_cohorts.cohorts.operations import cancel_cohort

    cohort = make.cohort(make.institution())
    cancel_cohort(cohort, reason="x", actor=make.actor_of(cohort.institution))
    with pytest.raises(WrongState):
        make.enrollment(cohort)


def test_invitations_wait_for_the_institutions_signature() -> None:
    student = make.enrollment(make.cohort(make.institution()))
    with pytest.raises(WrongState):
        invite_student(student, actor=make.actor_of(student.institution))


def test_a_student_without_address_is_not_invited_by_mail() -> None:
    student = make.enrollment(make.enrolling(), email="")
    with pytest.raises(BadInput):
        invite_student(student, actor=make.actor_of(student.institution))
    assert token_of(link_of(student))


def test_inviting_again_gives_a_new_link() -> None:
    student = make.invited(make.enrolling())
    old = token_of(link_of(student))
    invite_student(student, actor=make.actor_of(student.institution))
    assert find_link(old) is None
    assert [
        event.data["data"]["again"]
        for event in Event.objects.filter(name="enrollment.invited").order_by("pk")
    ] == [
        False,
        True,
    ]


def test_a_changed_address_kills_the_old_link() -> None:
    student = make.invited(make.enrolling())
    old = token_of(link_of(student))
    change_student(student, {"email": "right@example.com"}, actor=make.actor_of(student.institution))
    assert find_link(old) is None


def test_the_event_of_a_change_names_fields_not_values() -> None:
    student = make.invited(make.enrolling())
    change_student(student, {"city": "Thohoyandou"}, actor=make.actor_of(student.institution))
    event = Event.objects.get(name="enrollment.changed")
    assert event.data["data"]["fields"] == ["city"] and "Thohoyandou" not in event.payload


def test_details_start_the_enrollment_and_never_change_the_address() -> None:
    student = make.invited(make.enrolling())
    actor = make.student_actor(student)
    raw = {"first_name": "Naledi", "last_name": "M", "email": "evil@example.com"}
    changed = confirm_details(student, raw, actor=actor)
    assert changed.state == "in_progress" and changed.email == student.email


@pytest.mark.parametrize("state", [CohortState.DRAFT, CohortState.INSTITUTION_SIGNING, CohortState.CANCELLED])
def test_students_do_nothing_before_the_institution_has_signed_nor_after_the_end(state: CohortState) -> None:
    cohort = make.enrolling()
    student = make.filled(make.invited(cohort))
    agreement, role = agreements_to_sign(student)[0]
    document, upload = cohort.required_documents.get(), student.uploads.get()
    shown, actor = make.shown_to_student(student), make.student_actor(student)
    mark = make.mark(cohort.institution, student.stream_key)
    Cohort.objects.filter(pk=cohort.pk).update(state=state)
    acts: list[Callable[[], object]] = [
        lambda: confirm_details(student, {"first_name": "N", "last_name": "M"}, actor=actor),
        lambda: save_answers(agreement, role, {"street": "1 New Road"}, actor=actor),
        lambda: add_upload(student, document, data=make.photo(9), name="x.jpg", actor=actor),
        lambda: remove_upload(upload, actor=actor),
        lambda: submit(student, mark=mark, day=make.DAY, shown=shown, actor=actor),
    ]
    before = Event.objects.count()
    for act in acts:
        with pytest.raises(WrongState):
            act()
    assert Event.objects.count() == before
