"""The people of a cohort over HTTP: a student, a sponsor and staff. Imported when Django is set up."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests import factories as make
from tests.reliability.web import Answer, Browser
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.institutions.models import Membership
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import token_of
from wagtail_cohorts.signing.submission import agreements_to_sign
from wagtail_cohorts.uploads.models import Upload


def _link_of(key: str) -> PersonalLink:
    return PersonalLink.objects.get(subject_key=key)


def _entry(link: PersonalLink) -> str:
    return reverse("wagtail_cohorts:open_link", kwargs={"token": token_of(link)})


class Student:
    """Has filled in everything; changes an answer, signs and sends."""

    def __init__(self, url: str, enrollment: Enrollment) -> None:
        self.browser, self.enrollment = Browser(url), enrollment
        self.link = _link_of(enrollment.stream_key)
        self.agreement = agreements_to_sign(enrollment)[0][0]
        self.answers = 0

    def page(self, name: str, **more: Any) -> str:
        return reverse(f"wagtail_cohorts:student_{name}", kwargs={"link": self.link.uuid, **more})

    def enter(self) -> Answer:
        self.browser.get(_entry(self.link))
        return self.browser.get(self.page("details"))  # a form: its token comes with it

    def save(self) -> Answer:
        self.answers += 1
        values = {"values": {"street": f"{self.answers} Umgeni Street"}}
        return self.browser.post(self.page("save", agreement=self.agreement.uuid), json=values)

    def sign(self) -> Answer:
        mark = {"method": "type", "typed_name": self.enrollment.full_name}
        return self.browser.post(self.page("signature"), mark)

    def send(self, review: Answer | None = None) -> Answer:
        review = review or self.browser.get(self.page("review"))
        return self.browser.post(self.page("review"), {"seen": review.hidden("seen"), "consent": "on"})

    def status(self) -> Answer:
        return self.browser.get(self.page("status"))


class Sponsor:
    """Opens the list and presses once for all."""

    def __init__(self, url: str, cohort: Cohort) -> None:
        self.browser, self.cohort = Browser(url), cohort
        self.contact = make.contact_of(cohort)
        self.link = _link_of(f"contact:{self.contact.uuid}")

    def page(self, name: str, **more: Any) -> str:
        given = {"link": self.link.uuid, "cohort": self.cohort.uuid, **more}
        return reverse(f"wagtail_cohorts:sponsor_{name}", kwargs=given)

    def enter(self) -> Answer:
        self.browser.get(_entry(self.link))
        return self.browser.get(self.page("sign"))

    def press(self, form: Answer | None = None) -> Answer:
        form = form or self.browser.get(self.page("sign"))
        who = {"name": self.contact.name, "position": self.contact.position, "department": "HR"}
        mark = {"method": "type", "typed_name": self.contact.name, "consent": "on", "step": "sign"}
        return self.browser.post(self.page("sign"), {**who, **mark, "seen": form.hidden("seen")})

    def progress(self) -> Answer:
        return self.browser.get(self.page("progress"))


class Staff:
    """A coordinator of the cohort's institution: accepts documents and finalizes."""

    def __init__(self, url: str, cohort: Cohort) -> None:
        self.browser, self.cohort = Browser(url), cohort
        self.user = make.staff(cohort.institution, role=Membership.ADMINISTRATOR)

    def enter(self) -> Answer:
        login = reverse("wagtailadmin_login")
        self.browser.get(login)
        name = self.user.get_username()
        return self.browser.post(login, {"username": name, "password": "secret", "next": "/admin/"})

    def approve(self, upload: Upload) -> Answer:
        return self.browser.post(reverse("wagtail_cohorts_admin:approve", kwargs={"uuid": upload.uuid}), {})

    def finalize(self) -> Answer:
        path = reverse("wagtail_cohorts_admin:finalize", kwargs={"pk": self.cohort.pk})
        self.browser.get(path)
        return self.browser.post(path, {})
