"""Creating, opening, cancelling and stepping back cohorts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_cohorts.actors import SYSTEM_ACTOR, Actor
from wagtail_cohorts.agreements.definitions import Definition, definition_of
from wagtail_cohorts.agreements.models import INSTITUTION, SPONSOR, WITNESS
from wagtail_cohorts.cohorts.models import Cohort, CohortParty, SponsorInvitation
from wagtail_cohorts.cohorts.states import STEP_BACK, CohortState
from wagtail_cohorts.cohorts.transitions import lock_cohort, move
from wagtail_cohorts.evidence.operations import append, open_stream
from wagtail_cohorts.exceptions import Incomplete, WrongState
from wagtail_cohorts.links.operations import make_link, rotate_link
from wagtail_cohorts.sponsors.models import SponsorContact
from wagtail_cohorts.transactions import operation

SPONSOR_SIDE = (SPONSOR, WITNESS)
CHANGEABLE = (
    "name",
    "start_date",
    "end_date",
    "deadline",
    "sign_by",
    "expected_students",
    "seta",
    "qualification",
    "nqf_level",
    "funding",
    "metadata",
    "parties",
)
"""What still changes after a cohort has left draft."""


@operation
def create_cohort(cohort: Cohort, *, actor: Actor) -> Cohort:
    """Save a draft with its chain. Emits cohort.created."""
    cohort.save()
    open_stream(cohort.stream_key, institution_id=cohort.institution_id)
    append(cohort.stream_key, "cohort.created", actor=actor, data={"cohort": str(cohort.uuid)})
    return cohort


@operation
def change_cohort(cohort: Cohort, *, fields: Iterable[str], actor: Actor) -> Cohort:
    """Save an edited cohort with its rows. Raises WrongState for a frozen field. Emits cohort.changed."""
    names = sorted(set(fields))
    locked = lock_cohort(cohort.pk)
    frozen = [name for name in names if name not in CHANGEABLE]
    if locked.state != CohortState.DRAFT and frozen:
        raise WrongState(_("“%s” was opened already; this can no longer change.") % cohort.name)
    cohort.state, cohort.state_since = locked.state, locked.state_since
    cohort.save()
    if names:
        append(
            cohort.stream_key,
            "cohort.changed",
            actor=actor,
            data={"cohort": str(cohort.uuid), "fields": names},
        )
    return cohort


def definitions_of(cohort: Cohort) -> list[Definition]:
    """The frozen definitions of the cohort's agreements, main one first."""
    return [
        definition_of(row.version)
        for row in cohort.cohort_templates.select_related("version").order_by("position", "pk")
        if row.version is not None
    ]


def has_role(definitions: Iterable[Definition], *kinds: str) -> bool:
    return any(role.kind in kinds for definition in definitions for role in definition.acting_roles())


def opening_problems(cohort: Cohort) -> list[str]:
    """What keeps a draft from being opened, in the editor's words."""
    rows = list(cohort.cohort_templates.select_related("template"))
    problems = [] if rows else [_("Choose at least one agreement.")]
    versions = [(row.template, row.template.latest_version()) for row in rows]
    problems += [
        _("“%s” is not published yet.") % template for template, version in versions if version is None
    ]
    sponsor_roles = {
        role.key
        for _template, version in versions
        if version is not None
        for role in definition_of(version).acting_roles()
        if role.kind in SPONSOR_SIDE
    }
    missing = sponsor_roles - set(cohort.parties.values_list("role_key", flat=True))
    problems += [_("Nobody is named who signs as “%s”.") % key for key in sorted(missing)]
    if cohort.deadline and cohort.deadline < date.today():
        problems.append(_("The date by which students finish lies in the past."))
    return problems


@operation
def open_cohort(cohort: Cohort, *, actor: Actor) -> Cohort:
    """Leave draft: freeze versions and documents. Raises Incomplete, WrongState. Emits cohort.opened."""
    cohort = lock_cohort(cohort.pk)
    if cohort.state != CohortState.DRAFT:
        raise WrongState(_("“%s” was opened already.") % cohort.name)
    problems = opening_problems(cohort)
    if problems:
        raise Incomplete(" ".join(problems), problems=problems)
    for position, row in enumerate(
        cohort.cohort_templates.select_related("template").order_by("position", "pk")
    ):
        row.position, row.version = position, row.template.latest_version()
        row.save(update_fields=["position", "version"])
    signs = has_role(definitions_of(cohort), INSTITUTION)
    target = CohortState.INSTITUTION_SIGNING if signs else CohortState.ENROLLING
    versions = [
        {
            "version": str(row.version.uuid),
            "pdf": row.version.pdf_sha256,
            "definition": row.version.definition_sha256,
        }
        for row in cohort.cohort_templates.select_related("version").order_by("position")
    ]
    move(cohort, "open", target, actor=actor, data={"versions": versions})
    return cohort


@operation
def cancel_cohort(cohort: Cohort, *, reason: str, actor: Actor) -> Cohort:
    """End an open cohort; everything is kept, links die. Emits cohort.cancelled."""
    cohort = lock_cohort(cohort.pk)
    move(cohort, "cancel", CohortState.CANCELLED, actor=actor, reason=reason)
    return cohort


def target_of_step_back(cohort: Cohort) -> CohortState | None:
    """Where one step back leads from here, if anywhere: never to a sponsor who has nothing to sign."""
    target = STEP_BACK.get(CohortState(cohort.state))
    if target == CohortState.SPONSOR_REVIEW and not has_role(definitions_of(cohort), *SPONSOR_SIDE):
        return CohortState.ENROLLING
    return target


@operation
def step_back(cohort: Cohort, *, reason: str, actor: Actor) -> Cohort:
    """One step back, with a reason; the history keeps both moves. Acts stay. Emits cohort.stepped_back."""
    cohort = lock_cohort(cohort.pk)
    target = target_of_step_back(cohort)
    if target is None:
        raise WrongState(_("From “%s” there is no step back.") % cohort.get_state_display())
    if target == CohortState.DRAFT and cohort.agreements.filter(acts__isnull=False).exists():
        raise WrongState(_("Something was signed already, so the agreements can no longer change."))
    if target == CohortState.DRAFT:
        cohort.cohort_templates.update(version=None)
    move(cohort, "step_back", target, actor=actor, reason=reason)
    return cohort


def contacts_of(cohort: Cohort) -> list[SponsorContact]:
    """Who signs on the sponsor's side, each once."""
    return list(SponsorContact.objects.filter(parties__cohort=cohort).distinct().order_by("pk"))


def invite_sponsors(
    cohort: Cohort, contacts: Iterable[SponsorContact], *, actor: Actor = SYSTEM_ACTOR
) -> list[SponsorInvitation]:
    """Inside the gate's transaction: one invitation a contact, ever. Emits sponsor.invited for the new ones."""
    made = []
    for contact in contacts:
        invitation, created = SponsorInvitation.objects.get_or_create(cohort=cohort, contact=contact)
        if not created:
            continue
        make_link(kind="sponsor", subject_key=f"contact:{contact.uuid}", institution_id=cohort.institution_id)
        data = {"cohort": str(cohort.uuid), "contact": str(contact.uuid)}
        append(cohort.stream_key, "sponsor.invited", actor=actor, data=data)
        made.append(invitation)
    return made


@operation
def invite_sponsor_again(invitation: SponsorInvitation, *, actor: Actor) -> SponsorInvitation:
    """A new link for a contact that was invited; the old one dies. Raises WrongState. Emits sponsor.invited."""
    cohort = lock_cohort(invitation.cohort_id)
    if cohort.state == CohortState.CANCELLED:
        raise WrongState(_("“%s” was cancelled.") % cohort.name)
    invitation = (
        SponsorInvitation.objects.select_for_update().prefetch_related("contact").get(pk=invitation.pk)
    )
    key = f"contact:{invitation.contact.uuid}"
    rotate_link(make_link(kind="sponsor", subject_key=key, institution_id=cohort.institution_id))
    invitation.resent, invitation.resent_at = invitation.resent + 1, timezone.now()
    invitation.save(update_fields=["resent", "resent_at"])
    data = {"cohort": str(cohort.uuid), "contact": str(invitation.contact.uuid), "again": True}
    append(cohort.stream_key, "sponsor.invited", actor=actor, data=data)
    return invitation


@operation
def note_sponsor_opened(cohort: Cohort, contact: SponsorContact, *, actor: Actor) -> None:
    """The sponsor looked: review begins. Emits sponsor.opened once, and cohort.sponsor_review_started."""
    cohort = lock_cohort(cohort.pk)
    opened = SponsorInvitation.objects.filter(cohort=cohort, contact=contact, opened_at=None)
    if opened.update(opened_at=timezone.now()):
        append(cohort.stream_key, "sponsor.opened", actor=actor, data={"contact": str(contact.uuid)})
    if cohort.state == CohortState.READY_FOR_SPONSOR:
        move(cohort, "start_sponsor_review", CohortState.SPONSOR_REVIEW, actor=actor)


def parties_by_role(cohort: Cohort) -> dict[str, CohortParty]:
    return {party.role_key: party for party in cohort.parties.select_related("contact__sponsor")}
