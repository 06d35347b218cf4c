"""Which event is followed by which e-mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from wagtail_cohorts.evidence import consumers
from wagtail_cohorts.evidence.models import Delivery, Event
from wagtail_cohorts.notifications import guardian_letters, letters, reminder_letters
from wagtail_cohorts.notifications.letters import Letter
from wagtail_cohorts.notifications.sending import send_letter

Compose = Callable[[Event, str], Letter | None]


def deliver(compose: Compose, delivery: Delivery) -> None:
    """Send what the event still calls for; nothing when it no longer does."""
    letter = compose(delivery.event, delivery.recipient)
    if letter is not None:
        send_letter(letter, delivery)


def _one(event: Event) -> Iterable[str]:
    return [""]


def _register(
    kind: str, compose: Compose, event_name: str, recipients: Callable[[Event], Iterable[str]] = _one
) -> None:
    consumer = consumers.Consumer(f"mail.{kind}", partial(deliver, compose), recipients)
    consumers.register(consumer, event_name)


def register() -> None:
    _register(letters.STUDENT_INVITED, letters.student_invited, "enrollment.invited")
    _register(letters.SENT_BACK, letters.sent_back, "upload.rejected")
    _register(letters.RECEIVED, letters.received, "enrollment.submitted")
    _register(reminder_letters.STUDENT_REMINDED, reminder_letters.student_reminded, "enrollment.reminded")
    _register(reminder_letters.STARTED_OVER, reminder_letters.started_over, "enrollment.reset")
    _register(letters.STUDENT_COMPLETED, letters.student_completed, "enrollment.completed")
    _register(reminder_letters.SPONSOR_REMINDED, reminder_letters.sponsor_reminded, "sponsor.reminded")
    _register(guardian_letters.GUARDIAN_ASKED, guardian_letters.guardian_asked, "guardian.asked")
    signed = guardian_letters.guardians_who_signed
    _register(
        guardian_letters.GUARDIAN_COMPLETED, guardian_letters.guardian_completed, "cohort.completed", signed
    )
    _register(letters.SPONSOR_INVITED, letters.sponsor_invited, "sponsor.invited")
    staff = letters.staff_recipients
    _register(letters.SPONSOR_SIGNED, letters.sponsor_signed, "cohort.sponsor_signed", staff)
    _register(letters.COHORT_COMPLETED, letters.cohort_completed, "cohort.completed", staff)
