"""A browser's way through the pages, for tests of them: opens a link as a person does, fills in, signs and sends."""

from __future__ import annotations

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import factories as make
from wagtail_cohorts.enrollments.guardians import guardian_link
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.enrollments.operations import link_of
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import token_of

DETAILS = {
    "first_name": "Naledi Grace", "last_name": "Mokoena", "phone": "060 555 0117", "birth_date": "2004-02-29",
    "city": "Midrand", "gender": "female", "race": "african", "disability": "no",
}  # fmt: skip


class Visitor:
    """A client that came in by the student's link."""

    prefix = "student"

    def __init__(self, enrollment: Enrollment, *, client: Client | None = None) -> None:
        self.client = client or Client()
        self.enrollment = enrollment
        self.link = self.find_link()
        self.entry = reverse("wagtail_cohorts:open_link", kwargs={"token": token_of(self.link)})
        self.client.get(self.entry)

    def find_link(self) -> PersonalLink:
        return link_of(self.enrollment)

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"wagtail_cohorts:{self.prefix}_{name}", kwargs={"link": self.link.uuid, **kwargs})

    def get(self, name: str, **kwargs: Any) -> Any:
        return self.client.get(self.url(name, **kwargs))

    def post(
        self, name: str, data: Any = None, *, headers: dict[str, str] | None = None, **kwargs: Any
    ) -> Any:
        return self.client.post(self.url(name, **kwargs), data or {}, headers=headers or {})


class GuardianVisitor(Visitor):
    """A client that came in by the guardian's link."""

    prefix = "guardian"

    def find_link(self) -> PersonalLink:
        return guardian_link(Guardian.objects.get(enrollment=self.enrollment))


def seen_value(answer: Any) -> str:
    """What the review page says was seen, to be sent with the signature."""
    found = re.search(r'name="seen" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def fill_everything(visitor: Visitor) -> None:
    visitor.post("details", DETAILS)
    for document in visitor.enrollment.cohort.required_documents.all():
        file = SimpleUploadedFile("id.jpg", make.photo(visitor.enrollment.pk), content_type="image/jpeg")
        visitor.post("add_files", {"file": file}, document=document.uuid)
    for agreement in visitor.enrollment.agreements.all():
        visitor.post("agreement", {"f-street": "14 Umgeni Street"}, agreement=agreement.uuid)
    visitor.post("signature", {"method": "type", "typed_name": "Naledi Mokoena"})


def send(visitor: Visitor) -> Any:
    page = visitor.get("review")
    return visitor.post("review", {"seen": seen_value(page), "consent": "yes"})


def reloaded(visitor: Visitor) -> Enrollment:
    return Enrollment.objects.get(pk=visitor.enrollment.pk)


def without_nonces(html: str) -> str:
    """A page without what differs each time it is made."""
    html = re.sub(r'nonce="[^"]+"', "", html)
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)
