"""Names of files, cells of spreadsheets and patterns, from any text there is."""

from __future__ import annotations

import csv
import io
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

from tests import factories as make
from wagtail_cohorts.exports.workbook import clean_value, csv_bytes, workbook_bytes
from wagtail_cohorts.files.serving import safe_name
from wagtail_cohorts.models import Enrollment
from wagtail_cohorts.pdf.patterns import PATTERNS

TRAPS = [
    "../",
    "..\\",
    "/",
    "\x00",
    "\r\n",
    "\u202e",
    ":",
    "|",
    "CON",
    "nul.txt",
    ".",
    " ",
    "%2e",
    "\ud800",
    '"',
    ";",
]
NAMES = st.lists(st.one_of(st.sampled_from(TRAPS), st.text(max_size=200)), max_size=8).map("".join)


@settings(max_examples=1000, deadline=None)
@given(NAMES)
def test_any_name_of_a_file_becomes_harmless(name: str) -> None:
    made = safe_name(name)
    assert made and len(made) <= 120 and made not in (".", "..")
    assert not set(made) & set('<>:"/\\|?*\r\n\x00')
    assert not any(unicodedata.category(c)[0] == "C" for c in made)
    assert made.split(".")[0].upper() not in ("CON", "PRN", "AUX", "NUL", "COM1", "LPT1")
    assert not made.endswith((" ", "."))


STORED = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=80)


@pytest.mark.django_db
def test_no_text_breaks_an_export_or_becomes_a_formula() -> None:
    cohort = make.enrolling()
    rows = Enrollment.objects.filter(pk=make.enrollment(cohort).pk)

    @settings(max_examples=60, deadline=None)
    @given(st.builds("{}{:.79}".format, st.sampled_from(["", *"=+-@\t\r＝"]), STORED))
    def exported(text: str) -> None:
        rows.update(city=text)
        cell = load_workbook(io.BytesIO(workbook_bytes(rows))).active["F2"]
        assert cell.data_type != "f"
        row = list(csv.reader(io.StringIO(csv_bytes(rows).decode("utf-8-sig"), newline="")))[1]
        assert row[5][:1] not in ("=", "+", "-", "@", "\t", "\r")

    exported()


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=300), st.sampled_from(["x" * 40_000, "\x0b\x1f", "\ufffe", "\ud800", "\x00"]))
)
def test_a_cell_has_no_more_and_no_other_characters_than_a_cell_may_have(text: str) -> None:
    made = clean_value(text)
    assert len(made) <= 32_767
    assert not any(unicodedata.category(c) == "Cs" or c < " " and c not in "\t\n\r" for c in made)
    WriteOnlyCell(Workbook(write_only=True).create_sheet(), made)


@pytest.mark.parametrize("name", PATTERNS)
def test_no_answer_keeps_a_pattern_busy(name: str) -> None:
    """Editors choose a pattern from a list; they do not write one."""
    began = time.process_time()
    for piece in ("a", "1", " ", "-", "'", "é", "a1", "a ", "1-", "aaaa@", "0" * 7, "\u0301"):
        PATTERNS[name].matches(piece * 5_000 + "!")
    assert time.process_time() - began < 0.1 * 12
