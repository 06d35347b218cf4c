"""Markup, template tags and formulas in every text that people type: shown as they are, run nowhere."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import override_settings
from openpyxl import load_workbook
from pypdf import PdfReader

from tests import factories as make
from tests.reliability.hostile.site import PUBLIC, Door, undone
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.exports.workbook import csv_bytes, workbook_bytes
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.models import (
    AgreementTemplate,
    Cohort,
    Enrollment,
    Institution,
    Programme,
    RequiredDocument,
    Sponsor,
    SponsorContact,
    TemplateVersion,
    Upload,
)

MARK = "Qx7"
PAYLOAD = f"\"'><script>alert('{MARK}')</script><svg/onload=x>{{{{7777*7777}}}}"
NAME = "<script>{{7777*7777}}"
DANGER = (f"<script>alert('{MARK}", "<svg/onload", "\"'>", "60481729")
TEXTS: dict[Any, tuple[str, ...]] = {
    Institution: ("name", "contact_name", "sender_name", "privacy_notice"),
    AgreementTemplate: ("title", "source_name"),
    TemplateVersion: ("title",),
    Sponsor: ("name", "registration_number", "address"),
    SponsorContact: ("name", "position", "department"),
    Programme: ("name", "qualification", "seta"),
    Cohort: ("name", "seta", "qualification", "funding"),
    Enrollment: ("first_name", "last_name", "city", "closed_reason"),
    Upload: ("name", "reason"),
}
SCRIPTS = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)
JSON = re.compile(r'<script[^>]*type="application/json"[^>]*>.*?</script>', re.DOTALL)


def write_everywhere() -> None:
    for model, names in TEXTS.items():
        sizes = {name: model._meta.get_field(name).max_length or 1_000 for name in names}
        model._default_manager.update(**{name: PAYLOAD[:size] for name, size in sizes.items()})
    RequiredDocument.objects.update(name={"en": PAYLOAD}, help={"en": PAYLOAD})


def texts_of(door: Door) -> str:
    with undone():
        answer = door.browser.get(door.url)
        if getattr(answer, "streaming", False) or "html" not in answer.headers.get("Content-Type", ""):
            return ""
        return str(answer.content.decode())


@pytest.fixture(scope="module")
def pages(built: Any, django_db_blocker: Any) -> dict[str, str]:
    """What each route shows when every text holds all of it."""
    site, root = built
    with (
        django_db_blocker.unblock(),
        override_settings(WAGTAIL_COHORTS_FILES_ROOT=root),
        transaction.atomic(),
    ):
        write_everywhere()
        found = {door.name: texts_of(door) for door in site.one_a_route.doors}
        transaction.set_rollback(True)
    return found


def test_nothing_that_people_type_runs_on_any_page(pages: dict[str, str]) -> None:
    shown = [name for name, text in pages.items() if MARK in text]
    assert len(shown) > 20, "the texts stand on hardly any page: this would prove nothing"
    assert [(name, bad) for name, text in pages.items() for bad in DANGER if bad in text] == []
    inside = [
        (n, s[:80]) for n, text in pages.items() for s in SCRIPTS.findall(JSON.sub("", text)) if MARK in s
    ]
    assert inside == [], "a text stands inside of a script"


def test_public_pages_carry_no_script_and_no_style_without_a_nonce(pages: dict[str, str]) -> None:
    public = {name: text for name, text in pages.items() if name.startswith(f"{PUBLIC}:")}
    bare = [
        (name, tag)
        for name, text in public.items()
        for tag in re.findall(r"<(?:script|style)[^>]*>", text)
        if not any(part in tag for part in ("nonce=", "src=", "application/json"))
    ]
    handlers = [name for name, text in public.items() if re.search(r"<[^>]+\s(?:on[a-z]+|style)=[\"']", text)]
    assert len(public) > 20 and (bare, handlers) == ([], [])


@pytest.mark.django_db
def test_letters_sheets_and_papers_show_it_as_it_is() -> None:
    create_flags()
    institution = make.institution(PAYLOAD, contact_name=PAYLOAD)
    cohort = make.enrolling(institution)
    student = make.submitted(cohort, first_name=NAME, last_name="Mokoena")  # as long as a paper has room for
    Enrollment.objects.filter(pk=student.pk).update(city=f"={PAYLOAD}")
    run_due_deliveries(limit=1000)
    assert mail.outbox
    for letter in mail.outbox:
        html = "".join(str(part[0]) for part in letter.alternatives)
        assert not any(bad in html for bad in (*DANGER, "<script>"))
    sheet = load_workbook(io.BytesIO(workbook_bytes(cohort.enrollments.all()))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert f"={PAYLOAD}" in [cell.value for cell in cells] and "f" not in {cell.data_type for cell in cells}
    rows = list(
        csv.reader(io.StringIO(csv_bytes(cohort.enrollments.all()).decode("utf-8-sig")), delimiter=",")
    )
    assert f"'={PAYLOAD}" in [cell for row in rows for cell in row]
    paper = PdfReader(io.BytesIO(student.agreements.get().current.read()))
    printed = "".join(page.extract_text() for page in paper.pages)
    assert "{{7777*7777}}" in printed and "60481729" not in printed
