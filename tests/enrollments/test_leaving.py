"""Students who leave a cohort, and who come back."""

from __future__ import annotations

import pytest

from tests import factories as make
from wagtail_cohorts.cohorts.models import Cohort, RequiredDocument
from wagtail_cohorts.enrollments.leaving import decline, readmit, withdraw
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import invite_student, link_of
from wagtail_cohorts.exceptions import Incomplete, WrongState
from wagtail_cohorts.links.operations import is_alive
from wagtail_cohorts.signing.submission import submit

pytestmark = pytest.mark.django_db


def test_withdrawing_needs_a_reason_and_kills_the_link() -> None:
    student = make.invited(make.enrolling())
    actor = make.actor_of(student.institution)
    with pytest.raises(Incomplete):
        withdraw(student, reason="", actor=actor)
    withdraw(student, reason="Found a job", actor=actor)
    student.refresh_from_db()
    assert student.state == "withdrawn" and not is_alive(link_of(student))


def test_a_withdrawn_student_comes_back_with_what_was_done() -> None:
    student = make.filled(make.invited(make.enrolling()))
    actor = make.actor_of(student.institution)
    withdraw(student, reason="Ill", actor=actor)
    readmit(student, reason="Well again", actor=actor)
    student.refresh_from_db()
    assert student.state == "in_progress" and student.uploads.count() == 1 and student.agreements.count() == 1


def test_a_student_declines_with_a_reason() -> None:
    student = make.invited(make.enrolling())
    decline(student, reason="I found something else", actor=make.student_actor(student))
    assert Enrollment.objects.get(pk=student.pk).state == "declined"


def test_a_withdrawn_student_is_not_invited() -> None:
    student = make.invited(make.enrolling())
    actor = make.actor_of(student.institution)
    withdraw(student, reason="x", actor=actor)
    with pytest.raises(WrongState):
        invite_student(student, actor=actor)


def test_a_closed_link_comes_alive_with_the_first_invitation_too() -> None:
    student = make.enrollment(make.enrolling())
    actor = make.actor_of(student.institution)
    link_of(student)  # copied by staff, before any mail
    withdraw(student, reason="Ill", actor=actor)
    readmit(student, reason="Well again", actor=actor)
    invite_student(student, actor=actor)
    assert is_alive(link_of(student))


def test_who_was_verified_and_left_is_verified_again_only_after_sending() -> None:
    student = make.verified(make.enrolling())
    actor = make.actor_of(student.institution)
    withdraw(student, reason="Ill", actor=actor)
    back = readmit(student, reason="Well again", actor=actor)
    assert (back.state, back.verification) == ("in_progress", "pending")
    sent = submit(back, mark=None, day=make.DAY, shown={}, actor=make.student_actor(back))
    assert (sent.state, sent.verification) == ("complete", "verified")


def test_the_gate_stays_closed_when_a_readmitted_student_sends_something_unchecked() -> None:
    cohort = make.enrolling()
    make.enrollment(cohort)  # keeps the cohort in enrolling
    student = make.verified(cohort)
    actor = make.actor_of(student.institution)
    withdraw(student, reason="Ill", actor=actor)
    withdraw(cohort.enrollments.exclude(pk=student.pk).get(), reason="Gone", actor=actor)
    back = readmit(student, reason="Well again", actor=actor)
    RequiredDocument.objects.create(cohort=cohort, name={"en": "One more"}, position=1)
    back = Enrollment.objects.get(pk=back.pk)
    make.upload(back, position=1, seed=8)
    submit(back, mark=None, day=make.DAY, shown={}, actor=make.student_actor(back))
    assert Cohort.objects.get(pk=cohort.pk).state == "enrolling" and cohort.sponsor_invitations.count() == 0
