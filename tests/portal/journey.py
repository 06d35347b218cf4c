"""A browser's way through the pages, for tests of them: opens a link as a person does."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from wagtail_cohorts.enrollments.guardians import guardian_link
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.enrollments.operations import link_of
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import token_of


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
