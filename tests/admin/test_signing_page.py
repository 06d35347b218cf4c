"""The institution fills in and signs its part."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories
from tests.admin.staff_client import client_of, page, words
from wagtail_cohorts.cohorts.operations import open_cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.signing.institution import specimens_of
from wagtail_cohorts.signing.models import Act

pytestmark = pytest.mark.django_db


def opened(**more: Any) -> Any:
    cohort = factories.cohort(factories.institution(), **more)
    return open_cohort(cohort, actor=factories.actor_of(cohort.institution))


def input_name(cohort: Any) -> str:
    return f"{specimens_of(cohort)[0].uuid}.institution.ward"


def shown_form(client: Any, cohort: Any) -> dict[str, str]:
    """What the signing form would send, as the page drew it."""
    context = client.get(page("sign", pk=cohort.pk)).context
    hidden = {f"shown-{row['agreement'].uuid}": row["shown"] for row in context["specimens"]}
    return {
        **hidden,
        "way": "sign",
        "day": context["day"].isoformat(),
        "typed_name": "Lindiwe M",
        "consent": "1",
    }


def test_answers_and_the_signers_name_are_kept_and_shown_on_the_pages() -> None:
    cohort = opened()
    client = client_of(cohort.institution)
    before = shown_form(client, cohort)
    saved = {
        "way": "save",
        "signer_name": "Lindiwe Mahlangu",
        "signer_position": "Principal",
        input_name(cohort): "7",
    }
    assert client.post(page("sign", pk=cohort.pk), saved).status_code == 302
    assert specimens_of(cohort)[0].values == {"institution": {"ward": "7"}}
    assert client.get(page("sign", pk=cohort.pk)).context["signer"].position == "Principal"
    assert shown_form(client, cohort) != before
    image = client.get(page("specimen_page", pk=cohort.pk, uuid=specimens_of(cohort)[0].uuid, page=1))
    assert image.content[:4] == b"RIFF"


def test_signing_all_specimens_opens_enrolling() -> None:
    house = factories.institution()
    cohort = factories.cohort(house, versions=[factories.published(house), factories.published(house)])
    cohort = open_cohort(cohort, actor=factories.actor_of(house))
    client = client_of(cohort.institution)
    response = client.post(page("sign", pk=cohort.pk), shown_form(client, cohort))
    cohort.refresh_from_db()
    assert cohort.state == CohortState.ENROLLING
    assert "2 agreements are signed." in words(response)
    assert Act.objects.count() == 2
    for act in Act.objects.all():
        assert act.consent is not None and act.seen_sha256 and act.ip == "127.0.0.1"
    assert client.get(page("sign", pk=cohort.pk)).status_code == 302


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"consent": ""}, "Tick the box if you agree."),
        ({"typed_name": ""}, "Draw your signature or type your name."),
        ({"method": "draw"}, "Draw your signature or type your name."),
        ({"method": "draw", "drawn_signature": "data:image/png;base64,AAAA"}, ""),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_signed(change: dict[str, str], sentence: str) -> None:
    cohort = opened()
    client = client_of(cohort.institution)
    response = client.post(page("sign", pk=cohort.pk), shown_form(client, cohort) | change)
    assert response.status_code == 200 and sentence in response.content.decode()
    assert not Act.objects.exists()


def test_what_changed_since_it_was_shown_is_not_signed() -> None:
    cohort = opened()
    client = client_of(cohort.institution)
    form = shown_form(client, cohort)
    client.post(
        page("sign", pk=cohort.pk), {"way": "save", "signer_name": "Lindiwe M", input_name(cohort): "8"}
    )
    response = client.post(page("sign", pk=cohort.pk), form)
    assert "has changed since you saw it" in response.content.decode()
    assert not Act.objects.exists()


def test_a_required_answer_keeps_the_pages_from_being_signed() -> None:
    house = factories.institution()
    fields = [
        {**field, "required": True} if field["key"] == "ward" else field for field in factories.small_fields()
    ]
    cohort = factories.cohort(house, versions=[factories.published(house, fields=fields)])
    cohort = open_cohort(cohort, actor=factories.actor_of(house))
    client = client_of(house)
    response = client.get(page("sign", pk=cohort.pk))
    assert response.context["problems"] and "Still missing:" in response.content.decode()
    response = client.post(page("sign", pk=cohort.pk), {"way": "sign", "consent": "1", "typed_name": "L"})
    assert response.status_code == 200
    assert not Act.objects.exists()
