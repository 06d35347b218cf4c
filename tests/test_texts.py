from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.texts import clean_paragraph, in_language
from wagtail_cohorts.uploads.operations import reject_upload


@given(st.text())
def test_a_paragraph_keeps_its_lines_and_loses_control_characters(text: str) -> None:
    cleaned = clean_paragraph(text)
    assert "\x00" not in cleaned and clean_paragraph(cleaned) == cleaned


def test_lines_stay() -> None:
    assert clean_paragraph(" one\r\ntwo\x00 ") == "one\ntwo"


def test_a_text_falls_back_to_the_first_language_that_has_one() -> None:
    assert in_language({"en": "", "af": "Dokument"}, language="zu") == "Dokument"
    assert in_language({"en": "Document", "af": "Dokument"}, language="af-za") == "Dokument"


@pytest.mark.django_db
def test_a_nul_byte_in_a_reason_does_no_harm() -> None:
    student = make.submitted(make.enrolling())
    actor = make.actor_of(student.institution)
    upload = reject_upload(student.uploads.get(), reason="Too\x00 dark", actor=actor)
    assert upload.reason == "Too dark"
    assert withdraw(student, reason="Found\x00 a job", actor=actor).closed_reason == "Found a job"
