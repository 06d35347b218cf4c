"""Another person signs for the sponsor."""

from __future__ import annotations

import pytest

from tests import factories as make
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.contacts import change_contact
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import BadInput, WrongState
from wagtail_cohorts.links.operations import is_alive, make_link
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.signing.signable import signable
from wagtail_cohorts.sponsors.models import SponsorContact

pytestmark = pytest.mark.django_db


def link_of(contact: SponsorContact):  # type: ignore[no-untyped-def]
    key = f"contact:{contact.uuid}"
    return make_link(kind="sponsor", subject_key=key, institution_id=contact.institution_id)


def test_the_old_link_dies_and_the_new_person_is_invited_once() -> None:
    cohort = make.ready(students=1)
    old, new = make.contact_of(cohort), make.sponsor(cohort.institution)
    change_contact(cohort, old, new, actor=make.actor_of(cohort.institution))
    assert not is_alive(link_of(old)) and is_alive(link_of(new))
    assert cohort.sponsor_invitations.filter(contact=new).count() == 1
    assert not signable(cohort, old) and signable(cohort, new)
    event = Event.objects.get(name="sponsor.changed")
    assert event.data["data"]["roles"] == ["sponsor"] and old.name not in event.payload


def test_whoever_signs_for_another_open_cohort_keeps_the_link() -> None:
    cohort = make.ready(students=1)
    old = make.contact_of(cohort)
    make.enrolling(cohort.institution, contact=old)
    change_contact(cohort, old, make.sponsor(cohort.institution), actor=make.actor_of(cohort.institution))
    assert is_alive(link_of(old)) and not signable(cohort, old)


def test_a_person_named_again_gets_a_new_link() -> None:
    cohort = make.ready(students=1)
    first, second = make.contact_of(cohort), make.sponsor(cohort.institution)
    actor = make.actor_of(cohort.institution)
    change_contact(cohort, first, second, actor=actor)
    change_contact(cohort, second, first, actor=actor)
    assert is_alive(link_of(first)) and not is_alive(link_of(second))
    assert cohort.sponsor_invitations.count() == 2


def test_before_the_gate_nobody_is_invited_by_the_change() -> None:
    cohort = make.enrolling()
    new = make.sponsor(cohort.institution)
    change_contact(cohort, make.contact_of(cohort), new, actor=make.actor_of(cohort.institution))
    assert cohort.sponsor_invitations.count() == 0 and make.contact_of(cohort) == new


def test_a_signing_that_runs_for_the_old_person_signs_nothing() -> None:
    cohort = make.ready(students=1)
    batch = make.start_signing(cohort)
    new = make.sponsor(cohort.institution)
    change_contact(cohort, make.contact_of(cohort), new, actor=make.actor_of(cohort.institution))
    run_due_items(batch_id=batch.pk, limit=100)
    assert not Act.objects.filter(role_key="sponsor").exists()


def test_strangers_the_same_person_and_closed_cohorts_are_refused() -> None:
    cohort = make.ready(students=1)
    old, actor = make.contact_of(cohort), make.actor_of(cohort.institution)
    stranger = make.sponsor(make.institution())
    for new in (old, stranger):
        with pytest.raises(BadInput):
            change_contact(cohort, old, new, actor=actor)
    unnamed = make.sponsor(cohort.institution)
    with pytest.raises(WrongState):
        change_contact(cohort, unnamed, old, actor=actor)
    done = make.completed(students=1)
    with pytest.raises(WrongState):
        change_contact(
            done, make.contact_of(done), make.sponsor(done.institution), actor=make.actor_of(done.institution)
        )
