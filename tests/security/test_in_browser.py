"""In Chromium: markup that people typed runs nowhere, no page asks another site, and Back shows nothing to the next."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from tests import factories as make
from tests.admin.staff_client import cohort_page, page, student_page
from tests.browser import Person
from tests.security.test_markup import NAME, write_everywhere
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.operations import link_of
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.links.operations import token_of
from wagtail_cohorts.models import Enrollment, PersonalLink

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STUDENT = ("", "details/", "documents/", "signature/", "review/", "decline/")
LISTS = ("cohort", "agreementtemplate", "sponsor", "programme", "institution")


@pytest.fixture
def cohort() -> Cohort:
    create_flags()
    return make.ready()


def watched(browser: Any, live_server: Any) -> tuple[Person, list[str]]:
    """A person, and every dialog that a page opened: an alert of ours would be one."""
    person, dialogs = Person(browser, live_server.url, width=1280), []
    person.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    return person, dialogs


def test_markup_runs_on_no_public_page_and_no_other_site_is_asked(
    browser: Any, live_server: Any, cohort: Cohort
) -> None:
    student = make.invited(make.enrolling(cohort.institution))
    make.upload(student)
    write_everywhere()
    # As long as a paper has room for: of a longer name there is no picture.
    Enrollment.objects.update(first_name=NAME, last_name="Mokoena")
    contact = PersonalLink.objects.get(kind="sponsor")
    for link, pages in ((link_of(student), STUDENT), (contact, ("",))):
        person, dialogs = watched(browser, live_server)
        person.open(f"/papers/o/{token_of(link)}/")
        home = person.page.url
        for address in pages:
            person.open(home + address)
            person.page.wait_for_load_state("networkidle")
        assert (person.problems, dialogs) == ([], [])


def test_markup_runs_on_no_page_of_staff(browser: Any, live_server: Any, cohort: Cohort) -> None:
    get_user_model().objects.create_superuser("root", "root@example.com", "secret")
    write_everywhere()
    person, dialogs = watched(browser, live_server)
    person.log_in("root")
    student = Enrollment.objects.first()
    pages = [reverse(f"wagtailsnippets_wagtail_cohorts_{name}:list") for name in LISTS]
    pages += [reverse("wagtailadmin_home"), reverse("cohorts_enrollments:index"), page("dashboard")]
    pages += [
        page("verification"),
        cohort_page(cohort),
        student_page(student),
        reverse("wagtailsnippets_wagtail_cohorts_cohort:history", args=[cohort.pk]),
    ]
    for url in pages:
        person.open(url)
        person.page.wait_for_load_state("networkidle")
    assert (person.problems, dialogs) == ([], [])


def test_back_shows_nothing_after_leaving_on_a_shared_computer(
    browser: Any, live_server: Any, cohort: Cohort
) -> None:
    student = make.invited(make.enrolling(cohort.institution))
    person, _dialogs = watched(browser, live_server)
    person.open(f"/papers/o/{token_of(link_of(student))}/")
    person.open(person.page.url + "details/")
    assert student.last_name in person.page.content()
    person.page.locator("form[action*='/leave/'] button").first.click()
    person.page.wait_for_url("**/leave/**")
    for _step in range(2):
        person.page.go_back()
