"""States of an enrollment, of its verification, and of an agreement, as data."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnrollmentState(models.TextChoices):
    WAITING = "waiting", _("Not started")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETE = "complete", _("Complete")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DECLINED = "declined", _("Declined")


class Verification(models.TextChoices):
    PENDING = "pending", _("To verify")
    VERIFIED = "verified", _("Verified")
    REJECTED = "rejected", _("Sent back")


class AgreementState(models.TextChoices):
    OPEN = "open", _("Open")
    SIGNED = "signed", _("Signed")
    SEALED = "sealed", _("Sealed")
    VOID = "void", _("Void")


E = EnrollmentState
ACTIVE_STATES = (E.WAITING, E.IN_PROGRESS, E.COMPLETE)


@dataclass(frozen=True)
class Transition:
    name: str
    sources: tuple[EnrollmentState, ...]
    target: EnrollmentState
    event: str
    needs_reason: bool = False


TRANSITIONS = {
    transition.name: transition
    for transition in (
        Transition("start", (E.WAITING,), E.IN_PROGRESS, "enrollment.started"),
        Transition("submit", (E.IN_PROGRESS,), E.COMPLETE, "enrollment.submitted"),
        Transition("send_back", (E.COMPLETE,), E.IN_PROGRESS, "enrollment.sent_back", True),
        Transition("withdraw", ACTIVE_STATES, E.WITHDRAWN, "enrollment.withdrawn", True),
        Transition("decline", (E.WAITING, E.IN_PROGRESS), E.DECLINED, "enrollment.declined", True),
        Transition("reset", (E.IN_PROGRESS, E.COMPLETE), E.WAITING, "enrollment.reset", True),
        Transition("refuse", (E.IN_PROGRESS, E.COMPLETE), E.DECLINED, "enrollment.declined", True),
        Transition("readmit", (E.WITHDRAWN, E.DECLINED), E.IN_PROGRESS, "enrollment.readmitted", True),
    )
}
