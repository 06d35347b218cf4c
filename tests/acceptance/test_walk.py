"""The whole way by hand, in Chromium: editor, student, staff, sponsor, download; on a computer and on a phone."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from openpyxl import load_workbook

from tests import factories as make
from tests.browser import Person, draw
from wagtail_cohorts import pdf
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.institutions.models import Institution

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def work() -> None:
    """What a worker does beside the site."""
    while run_due_items(limit=100) + run_due_deliveries(limit=100):
        pass


def link_in_last_mail(to: str) -> str:
    message = next(one for one in reversed(mail.outbox) if to in one.to)
    found = re.search(r"/papers/o/\S+/", str(message.body))
    assert found, message.body
    return found.group()


@pytest.fixture
def institution(settings: Any) -> Institution:
    settings.WAGTAIL_ENABLE_UPDATE_CHECK = False
    settings.WAGTAIL_GRAVATAR_PROVIDER_URL = None
    create_flags()
    made = make.institution("Mopane Ridge Skills Institute")
    make.staff(made, username="lindiwe", role="administrator", first_name="Lindiwe", last_name="Mahlangu")
    make.published(made, title="Learnership agreement")
    contact = make.sponsor(made, "Karoo Signal Networks")
    contact.email = "thembeka@example.com"
    contact.save()
    make.programme(
        made, required_documents=[{"name": {"en": "Your ID"}, "help": {"en": ""}, "is_required": True}]
    )
    return made


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_from_a_new_cohort_to_its_sealed_papers(
    browser: Any, live_server: Any, institution: Institution, width: int, scheme: str, tmp_path: Any
) -> None:
    editor = Person(browser, live_server.url, width=width, scheme=scheme)
    make_cohort(editor, institution)
    cohort = Cohort.objects.get(name="Systems Support 2027")
    open_and_sign(editor, cohort)
    invite(editor, cohort)

    student = Person(browser, live_server.url, width=width, scheme=scheme)
    photo = tmp_path / "id.jpg"
    photo.write_bytes(make.photo())
    student_signs(student, str(photo))

    verify(editor)
    work()
    cohort.refresh_from_db()
    assert cohort.state == "ready_for_sponsor"

    sponsor = Person(browser, live_server.url, width=width, scheme=scheme)
    sponsor_signs(sponsor)
    cohort.refresh_from_db()
    assert cohort.state == "institution_review"

    finalize_and_download(editor, cohort)
    student_gets_the_sealed_copy(student)
    assert editor.problems + student.problems + sponsor.problems == []


def make_cohort(editor: Person, institution: Institution) -> None:
    page = editor.page
    editor.log_in("lindiwe")
    editor.look()
    editor.open("/admin/snippets/wagtail_cohorts/cohort/")
    editor.look()
    editor.open("/admin/snippets/wagtail_cohorts/cohort/add/")
    editor.look()
    page.fill("#id_name", "Systems Support 2027")
    page.select_option("#id_programme", index=1)
    page.select_option("#id_sponsor", index=1)
    page.fill("#id_deadline", (date.today() + timedelta(days=20)).isoformat())
    page.click("#id_cohort_templates-ADD")
    page.select_option("#id_cohort_templates-0-template", index=1)
    page.click("#id_parties-ADD")
    page.select_option("#id_parties-0-contact", index=1)
    page.locator("form[data-edit-form] button[type=submit], main form button[type=submit]").last.click()
    page.wait_for_load_state()


def next_step(editor: Person, cohort: Cohort) -> None:
    """The one filled button of the cohort's page."""
    editor.open(f"/admin/snippets/wagtail_cohorts/cohort/inspect/{cohort.pk}/")
    editor.look()
    editor.page.locator(".wc-next .button:not(.button-secondary)").first.click()
    editor.page.wait_for_load_state()


def open_and_sign(editor: Person, cohort: Cohort) -> None:
    page = editor.page
    editor.open(f"/admin/snippets/wagtail_cohorts/cohort/inspect/{cohort.pk}/")
    editor.look()
    next_step(editor, cohort)
    next_step(editor, cohort)
    editor.look()
    page.fill("[name=signer_position]", "Principal")
    page.check("#sign [name=consent]")
    page.locator("#sign [name=method][value=type]").check(force=True)
    page.fill("#wc-typed", "Lindiwe Mahlangu")
    page.locator("#sign button[type=submit]").click()
    page.wait_for_load_state()
    cohort.refresh_from_db()
    assert cohort.state == "enrolling", page.url


def invite(editor: Person, cohort: Cohort) -> None:
    page = editor.page
    editor.open(f"/admin/cohorts/{cohort.pk}/add-students/")
    editor.look()
    page.fill("#wc-pasted", "Naledi Mokoena, naledi@example.com")
    page.locator("form:has(#wc-pasted) button[type=submit]").click()
    page.wait_for_load_state()
    editor.look()
    editor.press("Add 1 student")
    page.wait_for_load_state()
    assert cohort.enrollments.count() == 1
    next_step(editor, cohort)
    work()


def student_signs(student: Person, photo: str) -> None:
    page = student.page
    student.open(link_in_last_mail("naledi@example.com"))
    assert "/o/" not in page.url
    student.look()
    page.click(".bar .btn")
    page.fill("#d-city", "Midrand")
    page.fill("#d-birth_date", "2004-02-29")
    for name, value in (("gender", "female"), ("race", "undisclosed"), ("disability", "no")):
        page.select_option(f"#d-{name}", value)
    student.look()
    page.click(".bar button")
    page.locator(".doc input[type=file]").first.set_input_files(photo)
    page.wait_for_selector(".doc .file")
    student.look()
    page.click(".bar button[form=go-on]")
    page.fill("#f-street", "14 Umgeni Street")
    student.look()
    page.click(".bar button[form=answers]")
    page.wait_for_url("**/signature/")
    draw(page)
    student.look()
    page.click(".bar button")
    page.wait_for_url("**/review/")
    student.look()
    page.check("#consent")
    student.press("Sign and send")
    page.wait_for_url("**/status/")
    student.look()


def verify(editor: Person) -> None:
    page = editor.page
    editor.open("/admin/cohorts/verification/")
    editor.look()
    editor.press("Approve")
    page.wait_for_load_state()
    editor.look()


def sponsor_signs(sponsor: Person) -> None:
    page = sponsor.page
    sponsor.open(link_in_last_mail("thembeka@example.com"))
    sponsor.look()
    page.locator("td a.name, .items a").first.click()
    sponsor.look()
    page.go_back()
    page.locator("button[form=choose]").click()
    page.wait_for_load_state()
    sponsor.look()
    draw(page)
    page.check("#consent")
    page.locator("button[value=sign]").click()
    page.wait_for_url("**/progress/**")
    sponsor.look()
    work()
    page.wait_for_url("**/receipt/**", timeout=20_000)
    sponsor.look()


def finalize_and_download(editor: Person, cohort: Cohort) -> None:
    page = editor.page
    next_step(editor, cohort)
    editor.look()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_load_state()
    editor.look()
    work()
    cohort.refresh_from_db()
    assert cohort.state == "completed"
    next_step(editor, cohort)
    work()
    editor.open(f"/admin/snippets/wagtail_cohorts/cohort/inspect/{cohort.pk}/")
    archive = zipfile.ZipFile(io.BytesIO(editor.download("Download")))
    sealed = next(name for name in archive.namelist() if name.endswith("Learnership agreement.pdf"))
    (report,) = pdf.verify(archive.read(sealed))
    assert report.intact and report.whole_file
    editor.open(f"/admin/snippets/wagtail_cohorts/cohort/inspect/{cohort.pk}/")
    editor.look()
    sheet = load_workbook(io.BytesIO(editor.download("Excel"))).active
    assert sheet is not None and [cell.value for cell in sheet[1]][:3] == [
        "Cohort name",
        "Student name",
        "Student surname",
    ]


def student_gets_the_sealed_copy(student: Person) -> None:
    student.page.reload()
    student.look()
    assert student.page.locator("a[href*='/final/'], a[href*='/copy/']").count() > 0
