"""Another person signs for the sponsor: the old link dies, the new person is invited when it is the turn."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.cohorts.models import Cohort, CohortParty, SponsorInvitation
from wagtail_cohorts.cohorts.operations import change_cohort, invite_sponsor_again
from wagtail_cohorts.cohorts.states import OPEN_STATES
from wagtail_cohorts.cohorts.transitions import lock_cohort
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import BadInput, WrongState
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import revoke_link
from wagtail_cohorts.sponsors.models import SponsorContact
from wagtail_cohorts.transactions import operation


@operation
def change_contact(cohort: Cohort, old: SponsorContact, new: SponsorContact, *, actor: Actor) -> Cohort:
    """``new``, who may be somebody not saved yet, signs for every role of ``old`` from now on; what was signed stays.
    Raises WrongState, BadInput. Emits sponsor.changed, cohort.changed, and sponsor.invited when it is the new person's
    turn."""
    cohort = lock_cohort(cohort.pk)
    if not cohort.is_open:
        raise WrongState(_("“%s” is closed; nobody signs any more.") % cohort.name)
    if new.pk == old.pk:
        raise BadInput(_("Choose another person."), field="contact")
    if new.institution_id != cohort.institution_id:
        raise BadInput(_("This belongs to another institution."), field="contact")
    parties = CohortParty.objects.filter(cohort=cohort, contact=old)
    roles = sorted(parties.values_list("role_key", flat=True))
    if not roles:
        raise WrongState(_("%s signs nothing in this cohort.") % old.name)
    if new._state.adding:
        new.save()
    parties.update(contact=new)
    _close_link(old)
    data = {"cohort": str(cohort.uuid), "from": str(old.uuid), "to": str(new.uuid), "roles": roles}
    details = {"about": f"{old.name}, {new.name}"}
    append(cohort.stream_key, "sponsor.changed", actor=actor, data=data, details=details)
    was_invited = SponsorInvitation.objects.filter(cohort=cohort, contact=new).first()
    change_cohort(cohort, fields=["parties"], actor=actor)
    if was_invited is not None:  # named once before, and back now: the invitation of then holds a dead link
        invite_sponsor_again(was_invited, actor=actor)
    return cohort


def _close_link(contact: SponsorContact) -> None:
    """Whoever signs for no other open cohort has nothing left to open."""
    if contact.parties.filter(cohort__state__in=OPEN_STATES).exists():
        return
    link = PersonalLink.objects.filter(subject_key=f"contact:{contact.uuid}").first()
    if link is not None:
        revoke_link(link)
