"""A student in Chromium: with and without scripts, on a phone and on a computer; nothing in the console."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests import factories as make
from tests.browser import Person, draw
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import link_of
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.links.operations import token_of
from wagtail_cohorts.signing.models import Act

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enrollment() -> Enrollment:
    create_flags()
    return make.invited(make.enrolling())


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "id.jpg"
    path.write_bytes(make.photo())
    return str(path)


def enter(page: Any, enrollment: Enrollment, origin: str) -> None:
    page.goto(f"{origin}/papers/o/{token_of(link_of(enrollment))}/")
    assert re.fullmatch(rf"{origin}/papers/s/[0-9a-f-]+/", page.url)


def give_details(page: Any) -> None:
    page.fill("#d-city", "Midrand")
    page.fill("#d-birth_date", "2004-02-29")
    for name, value in (("gender", "female"), ("race", "undisclosed"), ("disability", "no")):
        page.select_option(f"#d-{name}", value)


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_a_student_signs_with_scripts(
    browser: Any, live_server: Any, enrollment: Enrollment, photo: str, width: int, scheme: str
) -> None:
    seen = Person(browser, live_server.url, width=width, scheme=scheme)
    page = seen.page
    enter(page, enrollment, live_server.url)
    seen.look()
    page.click(".bar .btn")
    give_details(page)
    seen.look()
    page.click(".bar button")
    page.locator(".doc input[type=file]").set_input_files(photo)
    page.wait_for_selector(".doc .file")
    seen.look()
    page.click(".bar button[form=go-on]")
    page.fill("#f-street", "14 Umgeni Street")
    page.wait_for_selector("[data-saved] svg")
    assert enrollment.agreements.get().values == {"student": {"street": "14 Umgeni Street"}}
    assert page.locator("rect.place.on").count() == 2
    seen.look()
    page.click(".bar button[form=answers]")
    draw(page)
    seen.look()
    page.click(".bar button")
    seen.look()
    page.check("#consent")
    page.click("form.signing button.wide")
    page.wait_for_url("**/status/**")
    seen.look()
    assert seen.problems == []
    act = Act.objects.get(agreement__enrollment=enrollment)
    assert act.mark is not None and act.mark.method == "drawn"


def test_a_student_signs_without_scripts(
    browser: Any, live_server: Any, enrollment: Enrollment, photo: str
) -> None:
    page = Person(browser, live_server.url, width=360, java_script_enabled=False).page
    enter(page, enrollment, live_server.url)
    page.click(".bar .btn")
    give_details(page)
    page.click(".bar button")
    page.locator(".doc input[type=file]").set_input_files(photo)
    page.click(".doc .plain-file button")
    assert page.locator(".doc .file").count() == 1
    page.click(".bar button[form=go-on]")
    page.fill("#f-street", "14 Umgeni Street")
    page.click(".bar button[form=answers]")
    assert not page.locator("canvas[data-pad=signature]").is_visible()
    page.fill("#typed_name", "Naledi Mokoena")
    page.click(".bar button")
    page.check("#consent")
    page.click("form.signing button.wide")
    assert page.url.endswith("/status/")
    assert Act.objects.get(agreement__enrollment=enrollment).mark.method == "typed"  # type: ignore[union-attr]


def test_an_answer_typed_without_connection_is_kept_and_sent_later(
    browser: Any, live_server: Any, enrollment: Enrollment
) -> None:
    person = Person(browser, live_server.url, width=360)
    page, context = person.page, person.context
    enter(page, enrollment, live_server.url)
    agreement = enrollment.agreements.get()
    page.goto(f"{page.url}agreements/{agreement.uuid}/")
    context.set_offline(True)
    page.fill("#f-street", "14 Umgeni Street")
    page.wait_for_selector("[data-offline]:not([hidden])")
    context.set_offline(False)
    page.wait_for_selector("[data-saved] svg")
    agreement.refresh_from_db()
    assert agreement.values == {"student": {"street": "14 Umgeni Street"}}


def test_no_token_is_left_in_the_address_or_the_referrer(
    browser: Any, live_server: Any, enrollment: Enrollment
) -> None:
    page = browser.new_context().new_page()
    enter(page, enrollment, live_server.url)
    token = token_of(link_of(enrollment))
    assert token not in page.url and token not in page.evaluate("document.referrer")
    page.click(".bar .btn")
    assert token not in page.evaluate("document.referrer") and token not in page.content()
