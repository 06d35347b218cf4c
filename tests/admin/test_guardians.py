"""The guardian of a minor on staff pages: seen, named, corrected, asked, stopped; and who is waited for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.urls import reverse

from tests import factories as make
from tests.admin.staff_client import client_of
from wagtail_cohorts.admin.addresses import cohort_url, student_url, students_url
from wagtail_cohorts.enrollments.guardians import guardian_link, guardian_of
from wagtail_cohorts.enrollments.models import Enrollment

pytestmark = pytest.mark.django_db
MINOR = make.years_ago(16)


def address(name: str, student: Enrollment) -> str:
    return reverse(f"wagtail_cohorts_admin:{name}", args=[student.pk])


def test_staff_name_a_guardian_correct_the_address_and_send_the_link_again() -> None:
    student = make.invited(make.with_guardian(), birth_date=MINOR)
    browser = client_of(student.institution)
    page = browser.get(student_url(student.pk))
    assert "Nobody is named yet" in text_of(page)
    facts = {"name": "Nomsa Dube", "relation": "mother", "email": student.email, "phone": ""}
    assert "own address" in text_of(browser.post(address("guardian", student), facts))
    assert browser.post(address("guardian", student), {**facts, "email": "n@example.com"}).status_code == 302
    assert guardian_of(student).name == "Nomsa Dube"  # type: ignore[union-attr]
    make.sent(make.filled(student))
    page = browser.get(student_url(student.pk))
    assert "waits for the signature" in text_of(page) and "Send the guardian a new link" in text_of(page)
    before = guardian_link(guardian_of(student)).generation  # type: ignore[arg-type]
    browser.post(address("ask_guardian", student))
    assert guardian_link(guardian_of(student)).generation == before + 1  # type: ignore[arg-type]


def test_staff_copy_and_close_the_link_of_a_guardian() -> None:
    student = make.submitted(make.with_guardian(), birth_date=MINOR)
    browser = client_of(student.institution)
    page = browser.post(address("guardian_link", student))
    assert "/papers/o/" in page.content.decode() and "Nomsa Mokoena" in text_of(page)
    assert browser.get(address("guardian_link", student)).status_code == 405
    browser.post(address("revoke_guardian", student))
    assert guardian_link(guardian_of(student)).revoked_at  # type: ignore[arg-type]
    page = browser.post(address("guardian_link", student), follow=True)
    assert "This link is closed" in text_of(page)


def test_a_student_without_a_guardian_has_no_such_panel_and_no_link() -> None:
    student = make.invited(make.with_guardian(), birth_date=make.years_ago(20))
    browser = client_of(student.institution)
    assert "Guardian" not in text_of(browser.get(student_url(student.pk)))
    page = browser.post(address("guardian_link", student), follow=True)
    assert "No guardian is named yet" in text_of(page)
    page = browser.post(address("ask_guardian", student), follow=True)
    assert "No guardian is named yet" in text_of(page)


def test_lists_the_cohorts_page_and_the_dashboard_say_that_it_waits_for_the_guardian() -> None:
    cohort = make.with_guardian()
    make.verified(cohort)
    make.submitted(cohort, birth_date=MINOR)
    student = make.verified(cohort, birth_date=MINOR)
    browser = client_of(student.institution)
    page = text_of(browser.get(cohort_url(cohort.pk)))
    assert "1 waiting for the guardian" in page and "1 waits for the guardian" in page
    assert "Waits for the guardian" in page and "To verify, waits for the guardian" in page
    assert "waits for the guardian" in browser.get(cohort_url(cohort.pk)).content.decode()
    shown = browser.get(f"{students_url()}?waits_for_guardian=yes").context["object_list"]
    assert {one.pk for one in shown} == set(
        cohort.enrollments.filter(waits_for_guardian=True).values_list("pk", flat=True)
    )
    assert len(shown) == 2
    assert (
        "waiting for the guardian" in browser.get(reverse("wagtail_cohorts_admin:dashboard")).content.decode()
    )


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
