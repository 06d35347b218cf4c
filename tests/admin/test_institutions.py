"""Institutions in the admin: founding, staff by e-mail address, roles, and the certificate."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_pem_private_key, pkcs12
from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import factories as make
from wagtail_cohorts import pdf
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.models import CohortLogEntry, Institution, Membership, SigningCertificate, Stream

pytestmark = pytest.mark.django_db
S = "wagtailsnippets_wagtail_cohorts_institution:"


@pytest.fixture
def institution() -> Institution:
    return make.institution("Mopane Ridge")


@pytest.fixture
def administrator(institution: Institution) -> Any:
    return make.staff(institution, role=Membership.ADMINISTRATOR, username="lindiwe")


@pytest.fixture
def browser(administrator: Any) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def root() -> Client:
    client = Client()
    client.force_login(make.superuser())
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"{S}{name}", args=args)


def facts(**more: Any) -> dict[str, Any]:
    return {"name": "Umgeni", "colour": "#0f4c5c", "language": settings.LANGUAGE_CODE, **more}


def add(browser: Client, institution: Institution, email: str, role: str = "coordinator") -> Any:
    return browser.post(url("staff", institution.pk), {"email": email, "role": role}, follow=True)


def messages_of(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_a_superuser_founds_an_institution_with_its_chain(root: Client) -> None:
    assert root.post(url("add"), facts()).status_code == 302
    made = Institution.objects.get(name="Umgeni")
    assert Stream.objects.get(key=made.stream_key).head_seq == 1
    assert CohortLogEntry.objects.filter(institution=made, action="cohorts.institution.founded").exists()


def test_administrators_cannot_add_an_institution(browser: Client) -> None:
    browser.post(url("add"), facts())
    assert not Institution.objects.filter(name="Umgeni").exists()


def test_administrators_change_their_own(browser: Client, institution: Institution) -> None:
    assert browser.post(url("edit", institution.pk), facts(name="New name")).status_code == 302
    institution.refresh_from_db()
    assert institution.name == "New name"


@pytest.mark.parametrize(
    "wrong", [{"colour": "red"}, {"language": "xx"}, {"name": ""}, {"contact_email": "no"}]
)
def test_wrong_facts_are_refused_in_their_field(
    browser: Client, institution: Institution, wrong: Any
) -> None:
    response = browser.post(url("edit", institution.pk), facts(**wrong))
    assert response.status_code == 200 and set(response.context["form"].errors) == set(wrong)


def test_nobody_deletes_an_institution(root: Client, institution: Institution) -> None:
    assert root.post(url("delete", institution.pk)).status_code == 302
    assert Institution.objects.filter(pk=institution.pk).exists()


def test_a_known_user_joins_at_once_and_gets_no_mail(browser: Client, institution: Institution) -> None:
    known = make.user("sipho")
    add(browser, institution, "SIPHO@example.com")
    run_due_deliveries()
    assert institution.memberships.get(user=known).role == Membership.COORDINATOR
    assert mail.outbox == []


def test_an_unknown_address_gets_a_link_to_choose_a_password(
    browser: Client, institution: Institution
) -> None:
    add(browser, institution, "thandi@example.com", "administrator")
    run_due_deliveries()
    user = get_user_model().objects.get(email="thandi@example.com")
    assert not user.has_usable_password() and institution.memberships.get(user=user).role == "administrator"
    (sent,) = mail.outbox
    assert sent.to == ["thandi@example.com"] and "Mopane Ridge" in sent.subject
    link = next(line for line in sent.body.splitlines() if line.startswith("http"))
    page = Client().get(link.removeprefix("http://testserver"), follow=True)
    assert page.status_code == 200 and b"new_password1" in page.content


def test_the_new_user_logs_in_and_sees_the_institution(browser: Client, institution: Institution) -> None:
    add(browser, institution, "thandi@example.com")
    user = get_user_model().objects.get(email="thandi@example.com")
    client = Client()
    client.force_login(user)
    page = client.get(reverse("wagtailsnippets_wagtail_cohorts_cohort:list"))
    assert page.status_code == 200


def test_the_link_is_sent_again_until_there_is_a_password(browser: Client, institution: Institution) -> None:
    add(browser, institution, "thandi@example.com")
    member = institution.memberships.get(user__email="thandi@example.com")
    browser.post(url("staff_link", institution.pk, member.pk))
    run_due_deliveries()
    assert len(mail.outbox) == 2
    member.user.set_password("chosen")
    member.user.save()
    response = browser.post(url("staff_link", institution.pk, member.pk), follow=True)
    assert "has a password already" in messages_of(response)


def test_a_closed_account_is_not_opened_again_by_its_address(
    browser: Client, institution: Institution
) -> None:
    make.user("closed", is_active=False)
    response = add(browser, institution, "closed@example.com")
    assert "Ask whoever runs this site" in str(response.context["form"].errors)
    assert not institution.memberships.filter(user__email="closed@example.com").exists()


@pytest.mark.parametrize("email", ["", "no", "a@", "x" * 200 + "@example.com"])
def test_what_is_no_address_is_refused(browser: Client, institution: Institution, email: str) -> None:
    response = add(browser, institution, email)
    assert "email" in response.context["form"].errors and institution.memberships.count() == 1


def test_removing_asks_first_and_takes_effect_at_once(browser: Client, institution: Institution) -> None:
    user = make.staff(institution, username="sipho")
    member = institution.memberships.get(user=user)
    question = browser.get(url("staff_remove", institution.pk, member.pk)).content.decode()
    assert "loses sight" in question and "sipho" in question
    browser.post(url("staff_remove", institution.pk, member.pk))
    assert not institution.memberships.filter(user=user).exists() and not user.groups.exists()


@pytest.mark.parametrize("way", ["staff_remove", "staff_role"])
def test_the_last_administrator_stays(
    browser: Client, institution: Institution, administrator: Any, way: str
) -> None:
    make.staff(institution)
    member = institution.memberships.get(user=administrator)
    response = browser.post(url(way, institution.pk, member.pk), {"role": "coordinator"}, follow=True)
    assert "at least one administrator" in messages_of(response)
    assert institution.memberships.get(user=administrator).role == Membership.ADMINISTRATOR


def test_a_role_changes(browser: Client, institution: Institution) -> None:
    user = make.staff(institution)
    member = institution.memberships.get(user=user)
    browser.post(url("staff_role", institution.pk, member.pk), {"role": "administrator"})
    member.refresh_from_db()
    assert member.role == Membership.ADMINISTRATOR
    browser.post(url("staff_role", institution.pk, member.pk), {"role": "owner of all"})
    member.refresh_from_db()
    assert member.role == Membership.COORDINATOR


def test_members_of_another_institution_are_not_reached_through_the_own_one(
    browser: Client, institution: Institution
) -> None:
    other = make.institution()
    stranger = other.memberships.get(user=make.staff(other))
    for name in ("staff_remove", "staff_role", "staff_link"):
        assert browser.post(url(name, institution.pk, stranger.pk)).status_code == 404
    assert other.memberships.filter(pk=stranger.pk).exists()


def container(password: str = "pass") -> bytes:
    made = pdf.generate("Own Ltd", common_name="Own certificate")
    return pkcs12.serialize_key_and_certificates(
        b"own", load_pem_private_key(made.key_pem, None), load_pem_x509_certificate(made.certificate_pem), None,
        BestAvailableEncryption(password.encode()),
    )  # fmt: skip


def send(browser: Client, institution: Institution, data: bytes, password: str = "pass") -> Any:
    upload = SimpleUploadedFile("own.p12", data)
    return browser.post(
        url("certificate", institution.pk), {"pkcs12": upload, "password": password}, follow=True
    )


def test_an_own_certificate_takes_the_place_of_the_made_one(
    browser: Client, institution: Institution
) -> None:
    send(browser, institution, container())
    active = SigningCertificate.objects.get(institution=institution, active_key__isnull=False)
    assert active.is_own and "PRIVATE KEY" not in active.encrypted_key
    page = browser.get(url("certificate", institution.pk)).content.decode()
    assert active.fingerprint in page and "Your own certificate" in page


@pytest.mark.parametrize(
    "data", [b"", b"no certificate", container()[:200]], ids=["empty", "text", "cut short"]
)
def test_a_file_that_is_no_certificate_is_refused(
    browser: Client, institution: Institution, data: bytes
) -> None:
    response = send(browser, institution, data)
    assert "pkcs12" in response.context["form"].errors
    assert not SigningCertificate.objects.exists()


def test_a_wrong_password_is_refused(browser: Client, institution: Institution) -> None:
    response = send(browser, institution, container(), password="letmein-1")
    assert "pkcs12" in response.context["form"].errors and b"letmein-1" not in response.content
