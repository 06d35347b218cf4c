"""What no page of ours sends: rows that cannot be counted, keys that are none, ways back that lead nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.models import Sponsor

pytestmark = pytest.mark.django_db
S = "wagtailsnippets_wagtail_cohorts_"
COUNTS = {"contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "1"}


@pytest.fixture
def contact() -> Any:
    create_flags()
    return make.sponsor(make.institution())


@pytest.fixture
def client(contact: Any) -> Client:
    made = Client(raise_request_exception=False)
    made.force_login(make.staff(contact.sponsor.institution))
    return made


def edit(client: Client, contact: Any, **posted: str) -> int:
    url = reverse(f"{S}sponsor:edit", args=[contact.sponsor.pk])
    row = {"contacts-0-id": str(contact.pk), "contacts-0-name": "Thembi", "contacts-0-email": "t@example.com"}
    return int(client.post(url, {"name": "Karoo", **COUNTS, **row, **posted}).status_code)


def test_a_form_with_its_rows_is_taken(client: Client, contact: Any) -> None:
    assert edit(client, contact) == 302
    assert Sponsor.objects.get().name == "Karoo"


@pytest.mark.parametrize("key", ["x", "\x00", "1.5", "-1", "9" * 30, "00000000-0000-4000-8000-000000000000"])
def test_a_row_whose_key_is_none_is_refused(client: Client, contact: Any, key: str) -> None:
    assert edit(client, contact, **{"contacts-0-id": key}) == 400


@pytest.mark.parametrize("count", ["", "x", "-1", "201", "999", "9" * 30, "1.5", "\x00", "٣"])
@pytest.mark.parametrize("name", list(COUNTS))
def test_rows_that_cannot_be_counted_are_refused(client: Client, contact: Any, name: str, count: str) -> None:
    assert edit(client, contact, **{name: count}) == 400


def test_a_known_row_without_its_key_is_refused(client: Client, contact: Any) -> None:
    assert edit(client, contact, **{"contacts-INITIAL_FORMS": "2", "contacts-TOTAL_FORMS": "2"}) == 400


def test_a_row_of_somebody_else_is_not_taken(client: Client, contact: Any) -> None:
    other = make.sponsor(make.institution())
    assert edit(client, contact, **{"contacts-0-id": str(other.pk)}) in (200, 302)
    other.refresh_from_db()
    assert other.sponsor_id != contact.sponsor_id and other.name != "Thembi"


@pytest.mark.parametrize("way", ["999", "x" * 300, "javascript:alert(1)", "\\\\evil.example", "dashboard"])
def test_a_way_back_that_is_no_path_is_refused(client: Client, contact: Any, way: str) -> None:
    template = make.template(contact.sponsor.institution)
    revision = template.save_revision()
    url = reverse(f"{S}agreementtemplate:revisions_unschedule", args=[template.pk, revision.pk])
    assert client.post(url, {"next": way}).status_code == 400
    assert client.get(url, {"next": way}).status_code == 400


def test_a_port_that_there_is_not_is_refused(client: Client, contact: Any) -> None:
    template = make.template(contact.sponsor.institution)
    revision = template.save_revision()
    url = reverse(f"{S}agreementtemplate:revisions_view", args=[template.pk, revision.pk])
    assert client.get(url).status_code == 200
    assert client.get(url, headers={"host": "testserver:99999999"}).status_code == 400
