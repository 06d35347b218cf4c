"""Writing and sending one e-mail for one delivery: once, or again under the same Message-ID."""

from __future__ import annotations

import logging
from email.utils import formataddr, parseaddr
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.debug import sensitive_variables

from wagtail_cohorts.conf import settings
from wagtail_cohorts.enrollments.students import clean_text
from wagtail_cohorts.evidence.models import Delivery
from wagtail_cohorts.institutions.colours import text_on
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.notifications.letters import Letter
from wagtail_cohorts.notifications.models import EmailMessageRecord
from wagtail_cohorts.watching import metrics
from wagtail_cohorts.watching.context import ids_of
from wagtail_cohorts.watching.lines import name_of, tell

logger = logging.getLogger(__name__)
FOLDER = "wagtail_cohorts/email"


@sensitive_variables()
def send_letter(letter: Letter, delivery: Delivery) -> EmailMessageRecord:
    """Send and keep how it went, without the text. What was sent is not sent again. Raises what the backend raises."""
    record, _created = EmailMessageRecord.objects.get_or_create(
        delivery=delivery,
        defaults={
            "institution": letter.institution, "kind": letter.kind, "subject_key": letter.subject_key,
            "to": letter.to, "message_id": message_id_of(delivery),
        },
    )  # fmt: skip
    if record.state == EmailMessageRecord.SENT:
        return record
    try:
        write_message(letter, message_id=record.message_id).send()
    except Exception as error:
        _note(record, state=EmailMessageRecord.FAILED, error=type(error).__name__, to=letter.to)
        _tell(record, "failed", level=logging.WARNING, error=name_of(error))
        raise
    _note(record, state=EmailMessageRecord.SENT, error="", to=letter.to, sent_at=timezone.now())
    _tell(record, "sent")
    return record


def _tell(record: EmailMessageRecord, outcome: str, **more: Any) -> None:
    """By its row's number: who it went to is for staff to look up."""
    about: dict[str, Any] = {"mail": record.pk, "kind": record.kind, "institution": record.institution_id}
    tell(logger, f"mail.{outcome}", **{**about, **ids_of(record.subject_key), **more})
    metrics.count(metrics.MAILS, record.kind, outcome)


def _note(record: EmailMessageRecord, **values: Any) -> None:
    for name, value in values.items():
        setattr(record, name, value)
    record.save(update_fields=list(values))


def message_id_of(delivery: Delivery) -> str:
    """The same for every try of a delivery, so that mail programs show a repeated mail once."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<cohorts.{delivery.pk}.{delivery.event.hash[:24]}@{host}>"


@sensitive_variables()
def write_message(letter: Letter, *, message_id: str) -> EmailMultiAlternatives:
    """Subject, text and HTML in the institution's language. No header can be broken by a name."""
    institution = letter.institution
    with translation.override(institution.language):
        context = {
            **letter.context, "institution": institution, "colour": institution.colour,
            "text_colour": text_on(institution.colour), "language": institution.language,
        }  # fmt: skip
        subject = clean_text(render_to_string(f"{FOLDER}/{letter.kind}.subject.txt", context))
        text = render_to_string(f"{FOLDER}/{letter.kind}.txt", context)
        html = render_to_string(f"{FOLDER}/{letter.kind}.html", {**context, "subject": subject})
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    reply_to = [institution.contact_email] if institution.contact_email else []
    message = EmailMultiAlternatives(
        subject,
        _tidy(text),
        from_email=sender_of(institution),
        to=[letter.to],
        headers=headers,
        reply_to=reply_to,
    )
    message.attach_alternative(html, "text/html")
    return message


def sender_of(institution: Institution) -> str:
    """The institution's name before the site's own address."""
    name = clean_text(institution.sender_name or institution.name)
    return formataddr((name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def _tidy(text: str) -> str:
    """Blocks that a template left empty make no gaps."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept) + "\n"
