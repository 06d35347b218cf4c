"""A guardian in Chromium: draws and signs on a phone and on a computer, and types without scripts."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories as make
from tests.browser import Person, draw
from wagtail_cohorts.enrollments.guardians import guardian_link
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.links.operations import token_of
from wagtail_cohorts.signing.models import Act

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def student() -> Enrollment:
    create_flags()
    return make.submitted(make.with_guardian(), birth_date=make.years_ago(16))


def enter(page: Any, student: Enrollment, origin: str) -> None:
    link = guardian_link(Guardian.objects.get(enrollment=student))
    page.goto(f"{origin}/papers/o/{token_of(link)}/")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_a_guardian_signs_with_scripts(
    browser: Any, live_server: Any, student: Enrollment, width: int, scheme: str
) -> None:
    seen = Person(browser, live_server.url, width=width, scheme=scheme)
    page = seen.page
    enter(page, student, live_server.url)
    seen.look()
    page.click(".bar .btn")
    page.fill("#f-guardian_id", "7001015009087")
    page.wait_for_selector("[data-saved] svg")
    seen.look()
    page.click(".bar button[form=answers]")
    draw(page)
    seen.look()
    page.click(".bar button")
    page.check("#consent")
    seen.look()
    page.click("form.signing button.wide")
    page.wait_for_url("**/status/**")
    seen.look()
    assert seen.problems == []
    assert Act.objects.get(role_key="guardian").mark.method == "drawn"  # type: ignore[union-attr]


def test_a_guardian_signs_without_scripts(browser: Any, live_server: Any, student: Enrollment) -> None:
    page = Person(browser, live_server.url, width=360, java_script_enabled=False).page
    enter(page, student, live_server.url)
    page.click(".bar .btn")
    page.fill("#f-guardian_id", "7001015009087")
    page.click(".bar button[form=answers]")
    page.fill("#typed_name", "Nomsa Mokoena")
    page.click(".bar button")
    page.check("#consent")
    page.click("form.signing button.wide")
    assert page.url.endswith("/status/")
    assert Act.objects.get(role_key="guardian").mark.method == "typed"  # type: ignore[union-attr]
