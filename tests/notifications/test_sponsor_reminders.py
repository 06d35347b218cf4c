"""Reminding a sponsor: on schedule, by hand, capped, never twice, and only while something waits for the signature."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests import factories as make
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.contacts import change_contact
from wagtail_cohorts.cohorts.models import Cohort, SponsorInvitation
from wagtail_cohorts.cohorts.operations import cancel_cohort, invite_sponsor_again, step_back
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.evidence.models import Delivery, Event
from wagtail_cohorts.exceptions import WrongState
from wagtail_cohorts.flags import SPONSORS, create_flags
from wagtail_cohorts.links.operations import find_link, make_link, token_of
from wagtail_cohorts.notifications.models import EmailMessageRecord, SponsorReminder
from wagtail_cohorts.notifications.sponsor_reminders import (
    remind_sponsor,
    run_due_sponsor_reminders,
    standing_of,
)
from wagtail_cohorts.tasks import sweep

pytestmark = pytest.mark.django_db


def invitation_of(cohort: Cohort) -> SponsorInvitation:
    return SponsorInvitation.objects.select_related("cohort__institution", "contact").get(cohort=cohort)


def days_later(days: float) -> None:
    """As if this had all happened so many days earlier."""
    ago = timedelta(days=days)
    for one in SponsorInvitation.objects.all():
        SponsorInvitation.objects.filter(pk=one.pk).update(
            invited_at=one.invited_at - ago,
            resent_at=one.resent_at - ago if one.resent_at else None,
            remind_check_at=one.remind_check_at - ago if one.remind_check_at else None,
        )
    for cohort in Cohort.objects.all():
        Cohort.objects.filter(pk=cohort.pk).update(state_since=cohort.state_since - ago)
    for reminder in SponsorReminder.objects.all():
        SponsorReminder.objects.filter(pk=reminder.pk).update(sent_at=reminder.sent_at - ago)


def letters() -> list[str]:
    """The reminders that go out now."""
    mail.outbox.clear()
    run_due_deliveries(limit=1000)
    ids = set(EmailMessageRecord.objects.filter(kind="sponsor_reminded").values_list("message_id", flat=True))
    return [f"{one.subject}\n{one.body}" for one in mail.outbox if one.extra_headers["Message-ID"] in ids]


def test_nothing_goes_out_before_the_first_day_of_the_schedule() -> None:
    make.ready(students=1)
    assert run_due_sponsor_reminders() == 0
    days_later(2.9)
    assert run_due_sponsor_reminders() == 0


def test_three_go_out_on_their_days_and_then_no_more() -> None:
    cohort = make.ready(students=1)
    sent = []
    for day in range(1, 61):
        days_later(1)
        sent += [day] * run_due_sponsor_reminders()
    assert sent == [3, 7, 14]
    assert list(SponsorReminder.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert invitation_of(cohort).reminders.count() == 3


def test_the_schedule_is_a_setting_and_an_empty_one_sends_nothing_by_itself(settings: Any) -> None:
    settings.WAGTAIL_COHORTS_SPONSOR_REMINDERS = [5, 2]
    make.ready(students=1)
    sent = []
    for day in range(1, 30):
        days_later(1)
        sent += [day] * run_due_sponsor_reminders()
    assert sent == [2, 5]
    settings.WAGTAIL_COHORTS_SPONSOR_REMINDERS = ()
    make.ready(students=1)
    days_later(30)
    assert run_due_sponsor_reminders() == 0


def test_the_mail_says_what_waits_and_leaves_the_link_as_it_is() -> None:
    cohort = make.ready(students=2)
    contact = make.contact_of(cohort)
    link = make_link(
        kind="sponsor", subject_key=f"contact:{contact.uuid}", institution_id=cohort.institution_id
    )
    token = token_of(link)
    letters()
    days_later(3)
    assert run_due_sponsor_reminders() == 1
    (text,) = letters()
    assert text.startswith("Reminder:") and "2 documents" in text and token in text
    assert find_link(token) == link


def test_a_missed_schedule_sends_one_and_not_three_at_once() -> None:
    make.ready(students=1)
    days_later(30)
    assert [run_due_sponsor_reminders() for _number in range(3)] == [1, 0, 0]
    assert len(letters()) == 1


def test_the_same_number_cannot_be_written_twice() -> None:
    cohort = make.ready(students=1)
    days_later(3)
    run_due_sponsor_reminders()
    first = SponsorReminder.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        SponsorReminder.objects.create(
            institution=cohort.institution, invitation=first.invitation, number=1, event=first.event,
            sent_at=timezone.now(),
        )  # fmt: skip
    assert Delivery.objects.filter(event__name="sponsor.reminded").count() == 1


@pytest.mark.parametrize("case", ["signed", "cancelled", "changed", "stepped back", "switched off"])
def test_it_stops_when_nothing_waits_for_this_person(case: str) -> None:
    cohort = make.ready(students=1)
    actor = make.actor_of(cohort.institution)
    if case == "signed":
        run_due_items(batch_id=make.start_signing(cohort).pk)
    elif case == "cancelled":
        cancel_cohort(cohort, reason="x", actor=actor)
    elif case == "changed":
        old = make.contact_of(cohort)
        change_contact(cohort, old, make.sponsor(cohort.institution), actor=actor)
        SponsorInvitation.objects.exclude(contact=old).delete()
    elif case == "stepped back":
        step_back(cohort, reason="x", actor=actor)
    else:
        cohort.institution.closed_flags = [SPONSORS]
        cohort.institution.save()
    days_later(30)
    assert run_due_sponsor_reminders() == 0


def test_what_was_signed_while_the_mail_waited_is_not_asked_for() -> None:
    cohort = make.ready(students=1)
    letters()
    days_later(3)
    run_due_sponsor_reminders()
    run_due_items(batch_id=make.start_signing(cohort).pk)
    assert letters() == []


def test_by_hand_counts_for_the_cap_and_the_schedule_waits_a_day() -> None:
    cohort = make.ready(students=1)
    actor = make.actor_of(cohort.institution)
    days_later(2.5)
    assert remind_sponsor(invitation_of(cohort), actor=actor).number == 1
    days_later(0.5)
    assert run_due_sponsor_reminders() == 0  # the third day, but it would be the second within a day
    days_later(4)
    assert run_due_sponsor_reminders() == 1
    days_later(7)
    assert run_due_sponsor_reminders() == 1
    days_later(5)
    with pytest.raises(WrongState):
        remind_sponsor(invitation_of(cohort), actor=actor)
    assert SponsorReminder.objects.count() == 3


def test_by_hand_at_most_once_a_day_and_not_on_the_day_of_the_invitation() -> None:
    cohort = make.ready(students=1)
    actor = make.actor_of(cohort.institution)
    with pytest.raises(WrongState):
        remind_sponsor(invitation_of(cohort), actor=actor)
    days_later(1.1)
    remind_sponsor(invitation_of(cohort), actor=actor)
    with pytest.raises(WrongState):
        remind_sponsor(invitation_of(cohort), actor=actor)
    days_later(1.1)
    invite_sponsor_again(invitation_of(cohort), actor=actor)
    with pytest.raises(WrongState):
        remind_sponsor(invitation_of(cohort), actor=actor)


def test_who_sent_it_is_known_and_the_next_day_too() -> None:
    cohort = make.ready(students=1)
    days_later(1.1)
    remind_sponsor(invitation_of(cohort), actor=make.actor_of(cohort.institution))
    standing = standing_of(invitation_of(cohort))
    assert standing.sent[0].by and standing.left == 2 and standing.next_at is not None
    invited = invitation_of(cohort).invited_at
    assert standing.next_at == invited + timedelta(days=7)


@pytest.mark.django_db(transaction=True)  # the worker lets go of connections that stand in a transaction
def test_the_worker_and_the_beat_both_send_what_is_due() -> None:
    create_flags()
    make.ready(students=1)
    days_later(3)
    call_command("cohorts_worker", "--once")
    assert SponsorReminder.objects.count() == 1
    days_later(4)
    sweep()
    assert SponsorReminder.objects.count() == 2
    assert Event.objects.filter(name="sponsor.reminded").count() == 2
