"""What staff see of the sponsor's side of a cohort, and what they do there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.admin.staff_client import client_of, cohort_page, page, words
from tests.notifications.test_sponsor_reminders import days_later
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.links.operations import make_link, token_of
from wagtail_cohorts.models import Look, SponsorContact
from wagtail_cohorts.notifications.models import SponsorReminder
from wagtail_cohorts.signing.looking import looked_at
from wagtail_cohorts.signing.resetting import reset_student

pytestmark = pytest.mark.django_db


def sponsor_browser(cohort: Cohort) -> tuple[Client, str]:
    """A browser of the cohort's contact, and the link's uuid."""
    contact = make.contact_of(cohort)
    key = f"contact:{contact.uuid}"
    link = make_link(kind="sponsor", subject_key=key, institution_id=cohort.institution_id)
    browser = Client()
    browser.get(reverse("wagtail_cohorts:open_link", args=[token_of(link)]))
    return browser, str(link.uuid)


def agreement_page(cohort: Cohort, agreement: Agreement, link: str) -> str:
    assert agreement.enrollment is not None
    keys = {"link": link, "cohort": cohort.uuid, "enrollment": agreement.enrollment.uuid}
    return reverse("wagtail_cohorts:sponsor_agreement", kwargs={**keys, "agreement": agreement.uuid})


def test_a_look_is_one_row_and_one_event_however_often_the_page_is_opened() -> None:
    cohort = make.ready(students=2)
    browser, link = sponsor_browser(cohort)
    agreement = cohort.agreements.exclude(enrollment=None).order_by("pk").first()
    url = agreement_page(cohort, agreement, link)
    for query in ("", "?page=1", "?page=2"):
        assert browser.get(url + query).status_code == 200
    look = Look.objects.get()
    assert look.agreement == agreement and look.first_seen_at <= look.last_seen_at
    assert Event.objects.filter(name="agreement.looked_at").count() == 1


def test_head_and_prefetch_are_no_look() -> None:
    cohort = make.ready(students=1)
    browser, link = sponsor_browser(cohort)
    url = agreement_page(cohort, cohort.agreements.exclude(enrollment=None).get(), link)
    browser.head(url)
    browser.get(url, headers={"Sec-Purpose": "prefetch"})
    assert not Look.objects.exists()


def test_what_is_signed_may_be_looked_at_without_a_trace_so_that_nothing_moves_under_the_seal() -> None:
    cohort = make.sponsor_signed(students=1)
    browser, link = sponsor_browser(cohort)
    agreement = cohort.agreements.exclude(enrollment=None).get()
    assert browser.get(agreement_page(cohort, agreement, link)).status_code == 200
    assert not Look.objects.exists()


def test_staff_see_whether_the_link_was_opened_and_what_was_looked_at() -> None:
    cohort = make.ready(students=2)
    client = client_of(cohort.institution)
    url = page("sponsor", pk=cohort.pk)
    text = client.get(url).content.decode()
    assert "0 of 2 students" in text and "not yet" in text and "never" in text
    browser, link = sponsor_browser(cohort)
    agreement = cohort.agreements.exclude(enrollment=None).order_by("pk").first()
    browser.get(reverse("wagtail_cohorts:sponsor_cohort", kwargs={"link": link, "cohort": cohort.uuid}))
    browser.get(agreement_page(cohort, agreement, link))
    response = client.get(url)
    text = response.content.decode()
    assert "1 of 2 students" in text and "1 of 2 agreements" in text
    (person,) = response.context["people"]
    assert person.invitation.opened_at and person.last_seen_at
    assert url in client.get(cohort_page(cohort)).content.decode()


def test_a_look_at_an_earlier_revision_no_longer_counts() -> None:
    cohort = make.ready(students=1)
    browser, link = sponsor_browser(cohort)
    browser.get(agreement_page(cohort, cohort.agreements.exclude(enrollment=None).get(), link))
    student, contact = cohort.enrollments.get(), make.contact_of(cohort)
    assert looked_at(cohort, contact)[student.pk].seen == 1
    reset_student(student, reason="x", actor=make.actor_of(cohort.institution))
    assert looked_at(cohort, contact)[student.pk].seen == 0


def test_a_reminder_by_hand_is_confirmed_sent_and_shown() -> None:
    cohort = make.ready(students=1)
    client = client_of(cohort.institution, first_name="Lerato", last_name="Nkosi")
    url = page("remind_sponsor", pk=cohort.pk)
    assert "This is not possible yet" in client.get(url).content.decode()  # invited a moment ago
    days_later(1.5)
    contact = make.contact_of(cohort)
    assert f"{contact.name} ({contact.email}) gets reminder 1 of 3" in client.get(url).content.decode()
    assert contact.email in words(client.post(url))
    assert SponsorReminder.objects.get().by == "Lerato Nkosi"
    text = client.get(page("sponsor", pk=cohort.pk)).content.decode()
    assert "by Lerato Nkosi" in text and "The next goes out by itself on" in text
    assert "1 reminder has gone out" in client.get(cohort_page(cohort)).content.decode()


def test_another_known_person_signs() -> None:
    cohort = make.ready(students=1)
    old = make.contact_of(cohort)
    other = SponsorContact.objects.create(sponsor=old.sponsor, name="Pieter", email="pieter@example.com")
    client, url = client_of(cohort.institution), page("change_contact", pk=cohort.pk)
    assert "pieter@example.com" in client.get(url).content.decode()
    assert "no longer opens this cohort" in words(client.post(url, {"who": other.pk}))
    assert make.contact_of(cohort) == other


def test_somebody_new_needs_a_name_and_an_address_and_is_kept_with_the_company() -> None:
    cohort = make.ready(students=1)
    old = make.contact_of(cohort)
    client, url = client_of(cohort.institution), page("change_contact", pk=cohort.pk)
    response = client.post(url, {"who": "new", "name": "Anele"})
    assert "This is needed for a new person." in response.content.decode()
    client.post(url, {"who": "new", "name": "Anele", "email": "anele@example.com", "position": "HR"})
    new = make.contact_of(cohort)
    assert (new.name, new.sponsor) == ("Anele", old.sponsor)


def test_only_who_signs_here_can_be_named_in_the_address() -> None:
    cohort, other = make.ready(students=1), make.sponsor(make.institution())
    client = client_of(cohort.institution)
    for name in ("remind_sponsor", "change_contact"):
        assert client.get(page(name, pk=cohort.pk), {"contact": other.pk}).status_code == 404
        for odd in ("x", "-1", "99999999999999999999", ""):
            assert client.get(page(name, pk=cohort.pk), {"contact": odd}).status_code == 200


def test_sending_again_goes_to_those_who_still_sign() -> None:
    cohort = make.ready(students=1)
    old = make.contact_of(cohort)
    client = client_of(cohort.institution)
    client.post(page("change_contact", pk=cohort.pk), {"who": "new", "name": "A", "email": "a@example.com"})
    client.post(page("resend_sponsor", pk=cohort.pk))
    told = [
        event.data["data"]["contact"] for event in Event.objects.filter(name="sponsor.invited").order_by("pk")
    ]
    assert told == [str(old.uuid), str(make.contact_of(cohort).uuid), str(make.contact_of(cohort).uuid)]
