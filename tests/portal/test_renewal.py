"""Whoever has an old link asks for a new one; the answer tells nobody who was invited."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.portal.journey import Visitor, without_nonces
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.links.models import PersonalLink

pytestmark = pytest.mark.django_db
ASK = reverse("wagtail_cohorts:ask_for_link")


def test_asking_for_a_new_link_answers_alike_and_sends_to_the_invited(visitor: Visitor) -> None:
    invited = Event.objects.filter(name="enrollment.invited").count()
    known = Client().post(ASK, {"email": visitor.enrollment.email.upper()})
    unknown = Client().post(ASK, {"email": "nobody@example.com"})
    assert known.status_code == unknown.status_code == 200
    assert without_nonces(known.content.decode()) == without_nonces(unknown.content.decode())
    assert Event.objects.filter(name="enrollment.invited").count() == invited + 1
    assert visitor.get("welcome").status_code == 404  # the old one is closed


def test_a_second_request_within_a_minute_sends_nothing_and_says_the_same(visitor: Visitor) -> None:
    bodies = []
    for _ in range(4):
        bodies.append(
            without_nonces(Client().post(ASK, {"email": visitor.enrollment.email}).content.decode())
        )
    assert len(set(bodies)) == 1
    assert Event.objects.filter(name="enrollment.invited").count() == 2


def test_at_most_three_new_links_an_hour(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    from wagtail_cohorts.portal import limits

    now = [1_800_000_000.0]
    monkeypatch.setattr(limits, "now", lambda: now[0])
    for _ in range(6):
        Client().post(ASK, {"email": visitor.enrollment.email})
        now[0] += 61
    assert Event.objects.filter(name="enrollment.invited").count() == 1 + 3
    cache.clear()


def test_who_was_never_invited_gets_no_link_by_asking() -> None:
    enrollment = make.enrollment(make.enrolling())
    Client().post(ASK, {"email": enrollment.email})
    assert not Event.objects.filter(name="enrollment.invited").exists()


def test_a_sponsors_contact_may_ask_too() -> None:
    cohort = make.ready(students=1)
    contact = make.contact_of(cohort)
    link = PersonalLink.objects.get(subject_key=f"contact:{contact.uuid}")
    Client().post(ASK, {"email": contact.email})
    assert PersonalLink.objects.get(pk=link.pk).generation == link.generation + 1
    assert cohort.sponsor_invitations.get().resent == 1


def test_something_that_is_no_address_is_said_so() -> None:
    page = Client().post(ASK, {"email": "not an address"}).content.decode()
    assert "is not an e-mail address" in page and 'aria-invalid="true"' in page
