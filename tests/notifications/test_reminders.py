"""Reminding a student of one missing thing: exactly that, not too often, and told to staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from tests import factories as make
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import BadInput, WrongState
from wagtail_cohorts.links.operations import revoke_link
from wagtail_cohorts.notifications.models import EmailMessageRecord
from wagtail_cohorts.notifications.reminders import missing_items, remind_student
from wagtail_cohorts.signing.resetting import reset_student
from wagtail_cohorts.uploads.operations import reject_upload

pytestmark = pytest.mark.django_db


def remind(student: Enrollment, name: str = "", **more: Any) -> Event:
    name = name or missing_items(student)[0].name
    return remind_student(student, name, actor=make.actor_of(student.institution), **more)


def letter(kind: str) -> str:
    """The text of the one mail of this kind that goes out now."""
    mail.outbox.clear()
    run_due_deliveries(limit=1000)
    ids = set(EmailMessageRecord.objects.filter(kind=kind).values_list("message_id", flat=True))
    (found,) = [one for one in mail.outbox if one.extra_headers["Message-ID"] in ids]
    return f"{found.subject}\n{found.body}"


def a_day_later() -> None:
    for event in Event.objects.filter(name="enrollment.reminded"):
        Event.objects.filter(pk=event.pk).update(recorded_at=event.recorded_at - timedelta(days=1, minutes=1))


def test_each_missing_thing_can_be_named() -> None:
    cohort = make.enrolling(documents=2)
    student = make.invited(cohort)
    labels = [item.label for item in missing_items(student)]
    assert labels == ["Personal details", "Document 1", "Document 2", student.agreements.get().title]
    make.upload(student)
    student.refresh_from_db()
    assert "Document 1" not in [item.label for item in missing_items(student)]


def test_the_mail_is_about_exactly_the_chosen_thing() -> None:
    student = make.invited(make.enrolling(documents=2))
    item = next(one for one in missing_items(student) if one.label == "Document 2")
    remind(student, item.name)
    text = letter("student_reminded")
    assert "Document 2" in text and "Document 1" not in text and "/papers/o/" in text


def test_for_a_document_that_was_sent_back_the_reason_is_told_again() -> None:
    student = make.submitted(make.enrolling())
    reject_upload(student.uploads.get(), reason="Too dark to read", actor=make.actor_of(student.institution))
    student.refresh_from_db()
    remind(student)
    assert "Document 1: Too dark to read" in letter("student_reminded")


def test_what_came_while_the_mail_waited_is_not_asked_for() -> None:
    student = make.invited(make.enrolling())
    run_due_deliveries(limit=1000)
    name = next(one.name for one in missing_items(student) if one.label == "Document 1")
    remind(student, name)
    make.upload(student)
    mail.outbox.clear()
    run_due_deliveries(limit=1000)
    assert mail.outbox == []


def test_the_same_thing_is_mailed_once_a_day_and_another_at_once() -> None:
    student = make.invited(make.enrolling())
    first, second = [item.name for item in missing_items(student)][:2]
    remind(student, first)
    with pytest.raises(WrongState):
        remind(student, first)
    remind(student, second)
    a_day_later()
    remind(student, first)
    assert Event.objects.filter(name="enrollment.reminded").count() == 3


def test_a_fourth_mail_about_the_same_thing_has_to_be_said() -> None:
    student = make.invited(make.enrolling())
    name = missing_items(student)[0].name
    for _number in range(3):
        remind(student, name)
        a_day_later()
    with pytest.raises(WrongState):
        remind(student, name)
    remind(student, name, insists=True)
    with pytest.raises(WrongState):  # the day holds for the insistent too
        remind(student, name, insists=True)
    sent = Event.objects.filter(name="enrollment.reminded").order_by("pk")
    assert [event.data["data"]["number"] for event in sent] == [1, 2, 3, 4]


def test_something_that_is_not_missing_is_refused() -> None:
    student = make.invited(make.enrolling())
    for name in ("document:" + str(student.uuid), "nonsense", ""):
        with pytest.raises(BadInput):
            remind_student(student, name, actor=make.actor_of(student.institution))


@pytest.mark.parametrize("case", ["not invited", "no address", "revoked", "complete"])
def test_who_cannot_be_reached_or_has_nothing_to_do_is_not_mailed(case: str) -> None:
    cohort = make.enrolling()
    if case == "complete":
        student = make.submitted(cohort)
    else:
        student = make.enrollment(cohort, email="" if case == "no address" else "naledi@example.com")
    if case == "revoked":
        from wagtail_cohorts.enrollments.operations import invite_student, link_of

        invite_student(student, actor=make.actor_of(cohort.institution))
        revoke_link(link_of(student))
    student.refresh_from_db()
    with pytest.raises(WrongState):
        remind(student, "details")


def test_a_minor_is_reminded_to_name_the_guardian() -> None:
    student = make.invited(make.with_guardian(), birth_date=make.years_ago(16))
    remind(student, "guardian")
    assert "Say who your guardian is." in letter("student_reminded")


def test_who_has_only_to_send_is_told_so() -> None:
    student = make.submitted(make.enrolling())
    from wagtail_cohorts.enrollments.leaving import readmit, withdraw
    from wagtail_cohorts.enrollments.operations import invite_student

    actor = make.actor_of(student.institution)
    withdraw(student, reason="x", actor=actor)
    readmit(student, reason="y", actor=actor)
    invite_student(student, actor=actor)
    student.refresh_from_db()
    assert [item.name for item in missing_items(student)] == ["sending"]
    remind(student)
    assert "send your papers" in letter("student_reminded")


def test_who_starts_again_is_told_why_and_what_is_kept() -> None:
    student = make.submitted(make.enrolling())
    run_due_deliveries(limit=1000)
    actor = make.actor_of(student.institution)
    reset_student(student, reason="Your brother filled it in", keep_documents=True, actor=actor)
    text = letter("started_over")
    assert "Your brother filled it in" in text and "please sign again" in text and "still there" in text


def test_an_erased_reason_is_left_out_of_the_mail() -> None:
    student = make.submitted(make.enrolling())
    run_due_deliveries(limit=1000)
    reset_student(student, reason="Private", actor=make.actor_of(student.institution))
    Event.objects.get(name="enrollment.reset").detail.delete()
    text = letter("started_over")
    assert "Private" not in text and "The reason" not in text and "send your documents again" in text
