"""Sending new links to whoever was invited under an address: students, guardians and sponsors' contacts alike."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db.models import F

from wagtail_cohorts.actors import SYSTEM, Actor
from wagtail_cohorts.cohorts.models import SponsorInvitation
from wagtail_cohorts.cohorts.operations import invite_sponsor_again
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.guardians import ask_guardian_again
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.enrollments.operations import invite_student
from wagtail_cohorts.enrollments.states import ACTIVE_STATES
from wagtail_cohorts.exceptions import CohortsError
from wagtail_cohorts.watching.refusals import tell_refused_operation

MOST = 10


def send_new_links(email: str, *, ip: str) -> int:
    """Rotate and send, once a subject; who may not be invited is passed over. Returns how many were sent."""
    actor = Actor(SYSTEM, "asked-for-new-link", ip=ip)
    return sum(send(email, actor=actor) for send in (_to_students, _to_guardians, _to_contacts))


def _to_students(email: str, *, actor: Actor) -> int:
    invited = Enrollment.objects.active().filter(email_key=email.lower(), invited_at__isnull=False)
    sent = 0
    for enrollment in invited.select_related("cohort").order_by("-pk")[:MOST]:
        sent += _tried(partial(invite_student, enrollment, actor=actor))
    return sent


def _to_guardians(email: str, *, actor: Actor) -> int:
    asked = Guardian.objects.filter(email_key=email.lower(), asked_at__isnull=False)
    sent = 0
    for guardian in asked.filter(enrollment__state__in=ACTIVE_STATES).order_by("-pk")[:MOST]:
        sent += _tried(partial(ask_guardian_again, guardian, actor=actor))
    return sent


def _to_contacts(email: str, *, actor: Actor) -> int:
    """A contact has one link for all its cohorts: the newest invitation stands for it."""
    invitations = SponsorInvitation.objects.filter(contact__email__iexact=email)
    invitations = invitations.filter(contact__parties__cohort=F("cohort"))  # still named there
    invitations = invitations.exclude(cohort__state__in=(CohortState.CANCELLED, CohortState.DRAFT))
    newest: dict[int, SponsorInvitation] = {}
    for invitation in invitations.order_by("-pk")[: MOST * 5]:
        newest.setdefault(invitation.contact_id, invitation)
    sent = 0
    for invitation in list(newest.values())[:MOST]:
        sent += _tried(partial(invite_sponsor_again, invitation, actor=actor))
    return sent


def _tried(send: Callable[[], object]) -> int:
    try:
        send()
    except CohortsError as error:
        tell_refused_operation(error.code)
        return 0
    return 1
