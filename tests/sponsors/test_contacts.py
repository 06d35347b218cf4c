"""What a change of a sponsor's contact does to the link that was sent."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tests import factories as make
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import find_link, token_of
from wagtail_cohorts.portal.renewal import send_new_links
from wagtail_cohorts.sponsors.models import SponsorContact

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact() -> SponsorContact:
    return make.contact_of(make.ready(students=1))


def link_of(contact: SponsorContact) -> PersonalLink:
    return PersonalLink.objects.get(subject_key=f"contact:{contact.uuid}")


def sponsor_form(contact: SponsorContact, **changes: Any) -> dict[str, Any]:
    row = {"id": contact.pk, "name": contact.name, "email": contact.email, "position": "Head", **changes}
    form = {"name": contact.sponsor.name, "contacts": inline_formset([row], initial=1)}
    return nested_form_data(form)


def posted(contact: SponsorContact, **changes: Any) -> Any:
    client = Client(raise_request_exception=False)
    client.force_login(make.staff(contact.sponsor.institution))
    url = reverse("wagtailsnippets_wagtail_cohorts_sponsor:edit", args=[contact.sponsor_id])
    return client.post(url, sponsor_form(contact, **changes))


def test_a_changed_address_kills_the_link_that_went_to_the_old_one(contact: SponsorContact) -> None:
    old = token_of(link_of(contact))
    assert posted(contact, email="new.person@example.com").status_code == 302
    assert find_link(old) is None
    assert find_link(token_of(link_of(contact))) is not None


def test_another_change_leaves_the_link_alive(contact: SponsorContact) -> None:
    old = token_of(link_of(contact))
    assert posted(contact, name="Thembi Zulu").status_code == 302
    assert find_link(old) is not None


def test_a_contact_who_signs_somewhere_is_not_removed_and_staff_are_told(contact: SponsorContact) -> None:
    answer = posted(contact, DELETE="on")
    assert answer.status_code == 200
    assert SponsorContact.objects.filter(pk=contact.pk).exists()


def test_whoever_is_no_longer_named_gets_no_new_link(contact: SponsorContact) -> None:
    run_due_deliveries()
    mail.outbox.clear()
    contact.parties.update(contact=make.sponsor(contact.sponsor.institution))
    assert send_new_links(contact.email, ip="") == 0
    assert mail.outbox == []
