"""Reminding a sponsor's contact, by hand or on schedule: capped, never twice, and only while something waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_cohorts import flags
from wagtail_cohorts.actors import SYSTEM_ACTOR, Actor
from wagtail_cohorts.cohorts.models import Cohort, SponsorInvitation
from wagtail_cohorts.cohorts.states import WITH_SPONSOR
from wagtail_cohorts.cohorts.transitions import lock_cohort
from wagtail_cohorts.conf import settings
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import WrongState
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.notifications.models import SponsorReminder
from wagtail_cohorts.signing.signable import signable
from wagtail_cohorts.transactions import operation

AGAIN_AFTER = timedelta(days=1)
LOOK_AGAIN = timedelta(hours=1)
LEAST = 3
"""By hand so many may go out, also where the schedule has fewer."""


def most_reminders() -> int:
    """How many a contact gets for one cohort in all, by hand and on schedule together."""
    return max(LEAST, len(settings.SPONSOR_REMINDERS))


@dataclass(frozen=True)
class Standing:
    """The reminders of one invitation: those sent, and when the next goes out by itself."""

    sent: list[SponsorReminder]
    next_at: datetime | None

    @property
    def left(self) -> int:
        return max(0, most_reminders() - len(self.sent))


def standing_of(invitation: SponsorInvitation) -> Standing:
    sent = list(invitation.reminders.select_related("event__detail").order_by("number"))
    return Standing(sent, _next_at(invitation, sent))


def _next_at(invitation: SponsorInvitation, sent: list[SponsorReminder]) -> datetime | None:
    """By the schedule, and never sooner than a day after the contact last heard of it or the cohort moved."""
    days, cohort = settings.SPONSOR_REMINDERS, invitation.cohort
    if len(sent) >= len(days) or cohort.state not in WITH_SPONSOR:
        return None
    due = invitation.invited_at + timedelta(days=days[len(sent)])
    return max(due, _last_told(invitation, sent) + AGAIN_AFTER, cohort.state_since + AGAIN_AFTER)


def _last_told(invitation: SponsorInvitation, sent: list[SponsorReminder]) -> datetime:
    moments = [invitation.invited_at, invitation.resent_at, sent[-1].sent_at if sent else None]
    return max(moment for moment in moments if moment is not None)


def remind_refusal(invitation: SponsorInvitation) -> str:
    """Why this contact gets no reminder now; empty when one may go out."""
    sent = standing_of(invitation).sent
    if len(sent) >= most_reminders():
        return _("%d reminders have gone out. More will not be sent; a telephone call may help.") % len(sent)
    return _nothing_to_do(invitation) or _too_soon(invitation, sent)


def _nothing_to_do(invitation: SponsorInvitation) -> str:
    cohort, contact = invitation.cohort, invitation.contact
    if cohort.state not in WITH_SPONSOR:
        return _("The cohort does not wait for the sponsor now.")
    if not flags.is_open(flags.SPONSORS, institution=cohort.institution):
        return _("The sponsor's pages are switched off at the moment.")
    link = PersonalLink.objects.filter(subject_key=f"contact:{contact.uuid}").first()
    if link is not None and link.revoked_at is not None:
        return _("The link of %s is closed. Send the invitation again.") % contact.name
    if not signable(cohort, contact):
        return _("%s has nothing to sign now.") % contact.name
    return ""


def _too_soon(invitation: SponsorInvitation, sent: list[SponsorReminder]) -> str:
    if _last_told(invitation, sent) + AGAIN_AFTER > timezone.now():
        return _("%s got a mail within the last day. Wait until tomorrow.") % invitation.contact.name
    return ""


@operation
def remind_sponsor(invitation: SponsorInvitation, *, actor: Actor) -> SponsorReminder:
    """One more reminder by hand; the link stays as it is. Raises WrongState. Emits sponsor.reminded."""
    invitation = _lock(invitation.pk)
    refusal = remind_refusal(invitation)
    if refusal:
        raise WrongState(refusal)
    return _remind(invitation, actor=actor)


def _lock(invitation_id: int) -> SponsorInvitation:
    cohort_id = SponsorInvitation.objects.values_list("cohort_id", flat=True).get(pk=invitation_id)
    cohort: Cohort = lock_cohort(cohort_id)
    locked = SponsorInvitation.objects.select_for_update().prefetch_related("contact")
    invitation = locked.get(pk=invitation_id)
    invitation.cohort = cohort
    return invitation


def _remind(invitation: SponsorInvitation, *, actor: Actor) -> SponsorReminder:
    number, cohort = invitation.reminders.count() + 1, invitation.cohort
    data = {"cohort": str(cohort.uuid), "contact": str(invitation.contact.uuid), "number": number}
    event = append(cohort.stream_key, "sponsor.reminded", actor=actor, data=data)
    return SponsorReminder.objects.create(
        institution_id=cohort.institution_id, invitation=invitation, number=number, event=event,
        sent_at=event.recorded_at,
    )  # fmt: skip


def run_due_sponsor_reminders(limit: int = 20) -> int:
    """What the schedule owes now; return how many went out. Safe in many processes: the cohort's lock decides, and
    the number is unique."""
    if not settings.SPONSOR_REMINDERS:
        return 0
    due = SponsorInvitation.objects.filter(cohort__state__in=WITH_SPONSOR)
    due = due.filter(Q(remind_check_at=None) | Q(remind_check_at__lte=timezone.now()))
    return sum(_check(pk) for pk in list(due.order_by("pk").values_list("pk", flat=True)[:limit]))


@operation
def _check(invitation_id: int) -> bool:
    """Send it if it is due, and note when to look again, so that a waiting one is not looked at each second."""
    invitation, now = _lock(invitation_id), timezone.now()
    if invitation.remind_check_at is not None and invitation.remind_check_at > now:
        return False  # another process was first
    next_at = standing_of(invitation).next_at
    is_due = next_at is not None and next_at <= now
    sends = is_due and not remind_refusal(invitation)
    if sends:
        _remind(invitation, actor=SYSTEM_ACTOR)
    soon = now + (LOOK_AGAIN if is_due and not sends else AGAIN_AFTER)
    invitation.remind_check_at = min(soon, next_at) if next_at is not None and next_at > now else soon
    invitation.save(update_fields=["remind_check_at"])
    return sends
