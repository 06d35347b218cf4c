"""A sponsor's contact with an open link, and the pages as a browser sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.sponsor_cohort import ready_cohort, small_agreement
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import make_link, token_of
from wagtail_cohorts.sponsors.models import SponsorContact


@dataclass
class Visitor:
    """One browser that came by the contact's link."""

    client: Client
    cohort: Cohort
    contact: SponsorContact
    link: PersonalLink

    def url(self, name: str = "sponsor_cohort", **more: Any) -> str:
        given = {"link": self.link.uuid, "cohort": self.cohort.uuid, **more}
        return reverse(f"wagtail_cohorts:{name}", kwargs=given)

    def get(self, name: str = "sponsor_cohort", **more: Any) -> Any:
        return self.client.get(self.url(name, **more))

    def students(self) -> list[Enrollment]:
        return list(self.cohort.enrollments.order_by("pk"))

    def sign_form(self, **more: Any) -> dict[str, Any]:
        """What a person sends from the sign page, with a typed signature."""
        page = self.get("sponsor_sign")
        given = {"name": "Thembeka Nkosi", "position": "Head of People", "department": "", "method": "type",
                 "typed_name": "Thembeka Nkosi", "consent": "yes", "step": "sign",
                 "seen": page.context["seen"],
                 "student": [str(one.uuid) for one in page.context["students"]]}  # fmt: skip
        return {**given, **more}

    def sign(self, **more: Any) -> Any:
        return self.client.post(self.url("sponsor_sign"), self.sign_form(**more))


def visit(cohort: Cohort, contact: SponsorContact) -> Visitor:
    link = make_link(
        kind="sponsor", subject_key=f"contact:{contact.uuid}", institution_id=contact.sponsor.institution_id
    )
    client = Client()
    opened = client.get(reverse("wagtail_cohorts:open_link", kwargs={"token": token_of(link)}))
    assert opened.status_code == 303
    return Visitor(client, cohort, contact, link)


@pytest.fixture
def visitor(db: None) -> Visitor:
    """Three students with two documents each wait for the signature."""
    return visit(*ready_cohort(students=3, sources=[small_agreement(), small_agreement("Workplace plan")]))
