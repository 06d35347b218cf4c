"""What the guardian of a minor is sent, and that it is sent once."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from tests import factories as make
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.completion.finalizing import start_finalizing
from wagtail_cohorts.enrollments.guardians import (
    ask_guardian_again,
    guardian_link,
    guardian_of,
    name_guardian,
    revoke_guardian_link,
)
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.links.operations import find_link
from wagtail_cohorts.notifications.models import EmailMessageRecord
from wagtail_cohorts.uploads.operations import approve_upload

pytestmark = pytest.mark.django_db
PUBLIC = re.compile(r"http://testserver/papers/o/([\w-]+)/")


def sent_to_guardian() -> list[EmailMultiAlternatives]:
    """What goes to a guardian now."""
    mail.outbox.clear()
    run_due_deliveries(limit=1000)
    records = EmailMessageRecord.objects.filter(kind__startswith="guardian_")
    ids = set(records.values_list("message_id", flat=True))
    return [one for one in mail.outbox if one.extra_headers["Message-ID"] in ids]  # type: ignore[misc]


def waiting() -> tuple[Enrollment, Guardian]:
    cohort = make.with_guardian(name="Data 2027")
    student = make.submitted(cohort, birth_date=make.years_ago(16), first_name="Thabo")
    return student, Guardian.objects.get(enrollment=student)


def test_the_guardian_is_told_who_asks_for_whom_and_gets_a_link_of_their_own() -> None:
    _student, guardian = waiting()
    (message,) = sent_to_guardian()
    assert message.to == [guardian.email]
    assert message.subject == "Please sign for Thabo: Data 2027"
    text = str(message.body)
    assert text.startswith("Hello Nomsa Mokoena,\n\nThabo Mokoena takes part in Data 2027 at Institute")
    assert "There is one document to read and sign" in text
    assert find_link(PUBLIC.search(text)[1]) == guardian_link(guardian)  # type: ignore[index]
    assert sent_to_guardian() == []


def test_the_letter_with_the_newest_link_is_the_one_that_goes_out() -> None:
    student, guardian = waiting()
    ask_guardian_again(guardian, actor=make.actor_of(student.cohort.institution))
    (message,) = sent_to_guardian()
    token = PUBLIC.search(str(message.body))[1]  # type: ignore[index]
    assert find_link(token) == guardian_link(guardian)


def test_nothing_is_sent_for_a_closed_link_a_student_who_left_or_a_paper_that_is_signed() -> None:
    student, guardian = waiting()
    revoke_guardian_link(guardian, actor=make.actor_of(student.cohort.institution))
    other, _guardian = waiting()
    withdraw(other, reason="x", actor=make.actor_of(other.cohort.institution))
    make.cosigned(waiting()[0])
    assert sent_to_guardian() == []


def test_a_guardian_without_an_address_is_sent_nothing() -> None:
    student = make.invited(make.with_guardian(), birth_date=make.years_ago(16))
    facts = {"name": "Nomsa", "relation": "mother", "phone": "082 555 0101"}
    name_guardian(student, facts, actor=make.student_actor(student))
    make.sent(make.filled(student))
    assert guardian_of(student).asked_at and sent_to_guardian() == []  # type: ignore[union-attr]


def test_a_guardian_who_signed_is_told_once_that_everything_is_sealed_and_nobody_else_is() -> None:
    student, guardian = waiting()
    cohort = student.cohort
    make.cosigned(student)
    make.submitted(cohort, birth_date=make.years_ago(20))
    for one in cohort.enrollments.all():
        for document in one.uploads.current():
            approve_upload(document, actor=make.actor_of(cohort.institution))
    sent_to_guardian()
    run_due_items(batch_id=make.start_signing(cohort).pk, limit=100)
    run_due_items(batch_id=start_finalizing(cohort, actor=make.actor_of(cohort.institution)).pk, limit=100)
    (message,) = sent_to_guardian()
    assert message.to == [guardian.email]
    assert message.subject == "The papers of Thabo are signed by everybody: Data 2027"
    text = str(message.body)
    assert "The copy that you signed is on your page." in text
    assert find_link(PUBLIC.search(text)[1]) == guardian_link(guardian)  # type: ignore[index]
    assert sent_to_guardian() == []
