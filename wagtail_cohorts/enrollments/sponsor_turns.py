"""When a party of the sponsor's side is invited: once, when its turn has come."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import contacts_of, invite_sponsors
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.states import AgreementState
from wagtail_cohorts.enrollments.turns import acted_roles, roles_left
from wagtail_cohorts.sponsors.models import SponsorContact


@dataclass(frozen=True)
class Turn:
    """What the agreements of ready students mean for one contact."""

    contact: SponsorContact
    has_work: bool
    waits_for_another: bool


def invite_whose_turn_it_is(cohort: Cohort) -> None:
    """Inside the gate's transaction. A contact is invited when something waits for its signature and nothing that it
    signs later waits for somebody before it, so that one visit is enough. Emits sponsor.invited."""
    invited = set(cohort.sponsor_invitations.values_list("contact_id", flat=True))
    contacts = contacts_of(cohort)
    if all(contact.pk in invited for contact in contacts):
        return
    turns = [one for one in _turns(cohort, contacts) if one.has_work]
    chosen = [one for one in turns if not one.waits_for_another]
    if not chosen and not any(one.contact.pk in invited for one in turns):
        chosen = turns  # two who wait for each other in different agreements
    invite_sponsors(cohort, [one.contact for one in chosen])


def _turns(cohort: Cohort, contacts: list[SponsorContact]) -> list[Turn]:
    own: dict[int, set[str]] = {}
    for contact_id, role_key in cohort.parties.values_list("contact_id", "role_key"):
        own.setdefault(contact_id, set()).add(role_key)
    orders = [
        tuple(role.key for role in roles_left(agreement, acted_roles(agreement)))
        for agreement in _open_agreements(cohort)
    ]
    different = set(orders)
    return [_turn(contact, own.get(contact.pk, set()), different) for contact in contacts]


def _turn(contact: SponsorContact, own: set[str], orders: set[tuple[str, ...]]) -> Turn:
    has_work = any(order and order[0] in own for order in orders)
    waits = any(order and order[0] not in own and own & set(order) for order in orders)
    return Turn(contact, has_work, waits)


def _open_agreements(cohort: Cohort) -> QuerySet[Agreement]:
    ready = Enrollment.objects.filter(cohort=cohort).ready()
    found = Agreement.objects.filter(enrollment__in=ready, state=AgreementState.OPEN)
    return found.select_related("enrollment").prefetch_related("version", "acts")
