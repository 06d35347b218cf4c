"""Creating and changing cohorts with Wagtail's forms."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests import factories
from tests.admin.staff_client import client_of, words
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.evidence.models import Event, Stream

pytestmark = pytest.mark.django_db
NAMESPACE = "wagtailsnippets_wagtail_cohorts_cohort"


def form_of(house: Any, **more: Any) -> dict[str, Any]:
    contact = factories.sponsor(house)
    rows = {
        "cohort_templates": [{"template": factories.published(house).template_id}],
        "required_documents": [],
        "parties": [{"role_key": "sponsor", "contact": contact.pk}],
        **more.pop("rows", {}),
    }
    data = {
        "institution": house.pk,
        "name": "Systems Support 2027",
        "programme": factories.programme(house).pk,
        "sponsor": contact.sponsor_id,
        "expected_students": "50",
        **more,
    }
    for relation, children in rows.items():
        data |= {
            f"{relation}-TOTAL_FORMS": len(children),
            f"{relation}-INITIAL_FORMS": 0,
            f"{relation}-MIN_NUM_FORMS": 0,
            f"{relation}-MAX_NUM_FORMS": 1000,
        }
        for place, child in enumerate(children):
            data |= {f"{relation}-{place}-{name}": value for name, value in child.items()}
            data[f"{relation}-{place}-ORDER"] = place + 1
    return data


def test_a_new_cohort_has_a_chain_and_its_rows() -> None:
    house = factories.institution()
    documents = [{"name": "Certified ID", "help": "Both sides", "is_required": "on"}]
    response = client_of(house).post(
        reverse(f"{NAMESPACE}:add"), form_of(house, rows={"required_documents": documents})
    )
    cohort = Cohort.objects.get()
    assert response.status_code == 302
    assert Stream.objects.filter(key=cohort.stream_key).exists()
    assert Event.objects.filter(stream__key=cohort.stream_key, name="cohort.created").count() == 1
    assert [row.name for row in cohort.required_documents.all()] == [{"en": "Certified ID"}]
    assert cohort.required_documents.get().help == {"en": "Both sides"}
    assert cohort.cohort_templates.count() == cohort.parties.count() == 1


def test_the_programme_brings_its_documents_when_none_are_given() -> None:
    house = factories.institution(language="af")
    programme = factories.programme(
        house,
        required_documents=[
            {"name": {"af": "ID-dokument"}, "help": {}, "is_required": True},
            {"name": {"af": "CV"}, "is_required": False},
        ],
    )
    client_of(house).post(reverse(f"{NAMESPACE}:add"), form_of(house, programme=programme.pk))
    documents = Cohort.objects.get().required_documents.all()
    assert [(row.name, row.is_required) for row in documents] == [
        ({"af": "ID-dokument"}, True),
        ({"af": "CV"}, False),
    ]


def test_another_institutions_rows_are_not_accepted() -> None:
    house, other = factories.institution(), factories.institution()
    foreign = form_of(other)
    for name in ("programme", "sponsor", "cohort_templates-0-template", "parties-0-contact"):
        response = client_of(house).post(reverse(f"{NAMESPACE}:add"), form_of(house) | {name: foreign[name]})
        assert response.status_code == 200, name
    assert not Cohort.objects.exists()


def test_after_draft_only_what_may_change_changes() -> None:
    cohort = factories.enrolling(name="Before")
    house = cohort.institution
    party = cohort.parties.get()
    data = form_of(house, name="After", rows={"cohort_templates": [], "parties": []}) | {
        "parties-TOTAL_FORMS": 1,
        "parties-INITIAL_FORMS": 1,
        "parties-0-id": party.pk,
        "parties-0-role_key": "sponsor",
        "parties-0-contact": party.contact_id,
        "deadline": "2027-03-01",
    }
    response = client_of(house).post(reverse(f"{NAMESPACE}:edit", args=[cohort.pk]), data)
    assert response.status_code == 302, response.context["form"].errors
    programme = cohort.programme_id
    cohort.refresh_from_db()
    assert (cohort.name, str(cohort.deadline), cohort.programme_id) == ("After", "2027-03-01", programme)
    assert cohort.cohort_templates.count() == 1
    event = Event.objects.get(stream__key=cohort.stream_key, name="cohort.changed")
    assert set(event.data["data"]["fields"]) == {"name", "deadline", "expected_students"}


def test_what_is_fixed_is_shown_with_the_reason() -> None:
    cohort = factories.enrolling()
    text = client_of(cohort.institution).get(reverse(f"{NAMESPACE}:edit", args=[cohort.pk])).content.decode()
    assert "Fixed since the cohort was opened" in text
    assert "Document 1" in text
    assert "required_documents-0-name" not in text


def test_a_draft_with_students_is_kept() -> None:
    cohort = factories.cohort(factories.institution())
    factories.enrollment(cohort)
    response = client_of(cohort.institution).post(reverse(f"{NAMESPACE}:delete", args=[cohort.pk]))
    assert "has students" in words(response)
    assert Cohort.objects.filter(pk=cohort.pk).exists()


def roles_offered(response: Any) -> list[tuple[str, str]]:
    empty = response.context["form"].formsets["parties"].empty_form
    return list(empty.fields["role_key"].choices)


def test_a_signatory_is_offered_the_roles_of_the_agreements() -> None:
    house, other = factories.institution(), factories.institution()
    for owner, key in ((house, "host"), (other, "foreign")):
        template = factories.published(owner).template
        template.roles = [*template.roles, {"key": key, "kind": "sponsor", "name": f"The {key}"}]
        template.save()
    response = client_of(house).get(reverse(f"{NAMESPACE}:add"))
    assert roles_offered(response) == [("sponsor", "Sponsor"), ("host", "The host")]


def test_a_role_that_no_agreement_has_is_not_accepted() -> None:
    house = factories.institution()
    contact = factories.sponsor(house)
    parties = [{"role_key": "nobody", "contact": contact.pk}]
    response = client_of(house).post(reverse(f"{NAMESPACE}:add"), form_of(house, rows={"parties": parties}))
    assert response.status_code == 200 and not Cohort.objects.exists()


def test_an_open_cohort_offers_the_roles_of_its_frozen_versions() -> None:
    cohort = factories.enrolling()
    template = cohort.cohort_templates.get().template
    template.roles = [*template.roles, {"key": "host", "kind": "sponsor", "name": "Host"}]
    template.save()
    response = client_of(cohort.institution).get(reverse(f"{NAMESPACE}:edit", args=[cohort.pk]))
    assert roles_offered(response) == [("sponsor", "Sponsor")]
