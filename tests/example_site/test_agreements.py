"""The made-up agreements of the example site: whole, the same every time, and answerable."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from io import BytesIO

import pytest
from pypdf import PdfReader

from example_site.agreements import code_of_conduct, learnership_agreement, workplace_plan
from example_site.agreements.answers import institution_answers, sponsor_answers, student_answers
from example_site.people import students
from wagtail_cohorts import pdf

AGREEMENTS = [(learnership_agreement, 12), (code_of_conduct, 2), (workplace_plan, 2)]
ROLES = ("institution", "student", "sponsor")


@pytest.mark.parametrize(("make", "pages"), AGREEMENTS)
def test_an_agreement_has_its_pages_and_passes_the_engines_own_inspection(make, pages):
    data, _ = make()
    inspection = pdf.inspect(data)
    assert len(inspection.pages) == pages
    assert inspection.active == ()


@pytest.mark.parametrize(("make", "pages"), AGREEMENTS)
def test_the_fields_of_an_agreement_are_good_definitions_on_its_own_pages(make, pages):
    _, data = make()
    fields = pdf.parse_fields(data)
    assert {field.page for field in fields} <= set(range(1, pages + 1))
    assert {field.role for field in fields} == set(ROLES)
    for role in ROLES:
        types = {field.type for field in pdf.mark_fields(fields, role)}
        assert types == {"signature", "initials"}


def test_the_learnership_agreement_has_one_page_across_and_the_workplace_plan_a_turned_one():
    pages = PdfReader(BytesIO(learnership_agreement()[0])).pages
    assert [n for n, page in enumerate(pages, 1) if page.mediabox.width > page.mediabox.height] == [8]
    assert [page.rotation for page in PdfReader(BytesIO(workplace_plan()[0])).pages] == [0, 90]


def test_an_agreement_names_the_institution_it_was_made_for():
    data, _ = code_of_conduct("Baobab Training College")
    assert "Baobab Training College" in PdfReader(BytesIO(data)).pages[0].extract_text()


def test_another_process_makes_the_same_bytes():
    script = (
        "import hashlib; from example_site.agreements import learnership_agreement;"
        "print(hashlib.sha256(learnership_agreement()[0]).hexdigest())"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == hashlib.sha256(learnership_agreement()[0]).hexdigest()


@pytest.mark.parametrize(("make", "pages"), AGREEMENTS)
def test_the_answers_of_the_demo_fill_every_required_field(make, pages):
    fields = pdf.parse_fields(make()[1])
    answers = {"institution": institution_answers(), "sponsor": sponsor_answers()}
    for student in students():
        answers["student"] = student_answers(student)
        for role in ROLES:
            for field in pdf.input_fields(fields, role):
                pdf.clean_value(field, answers[role].get(field.key, ""))
