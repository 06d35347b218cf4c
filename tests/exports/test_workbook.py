"""Excel and CSV: the ten columns, chosen ones, and cells that cannot run."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from tests import factories as make
from wagtail_cohorts import clock
from wagtail_cohorts.cohorts.operations import open_cohort
from wagtail_cohorts.enrollments.importing import import_students
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.exceptions import BadInput
from wagtail_cohorts.exports.columns import FIXED, available_columns, columns_named, field_columns
from wagtail_cohorts.exports.workbook import csv_bytes, export_rows, workbook_bytes

pytestmark = pytest.mark.django_db

TITLES = [
    "Cohort name", "Student name", "Student surname", "Student age", "Student race", "Student city",
    "Programme type", "Sponsor company name", "Disability status", "Gender",
]  # fmt: skip
PERSON = {
    "first_name": "Ṱhonifho", "last_name": "Ndou", "race": "african", "city": "Thohoyandou", "disability": "no",
    "gender": "female", "birth_date": "2004-02-29", "phone": "+27 82 555 0101",
}  # fmt: skip


def _sheet(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data)).active


def _csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_the_ten_columns_come_in_their_order() -> None:
    cohort = make.enrolling()
    make.enrollment(cohort, **PERSON)
    rows = [
        [cell.value for cell in row] for row in _sheet(workbook_bytes(cohort.enrollments.all())).iter_rows()
    ]
    assert rows[0] == TITLES
    today = date.today()
    age = today.year - 2004 - ((today.month, today.day) < (2, 29))
    assert rows[1] == [
        cohort.name, "Ṱhonifho", "Ndou", age, "African", "Thohoyandou", "Learnership", cohort.sponsor.name, "No",
        "Female",
    ]  # fmt: skip


def test_csv_holds_the_same_as_the_workbook() -> None:
    cohort = make.enrolling()
    make.enrollment(cohort, **PERSON)
    rows = _csv(csv_bytes(cohort.enrollments.all()))
    assert rows[0] == TITLES
    assert rows[1][1:3] == ["Ṱhonifho", "Ndou"]
    assert csv_bytes(cohort.enrollments.all()).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "＝1+1", '=HYPERLINK("http://x","y")']
)
def test_a_text_that_looks_like_a_formula_stays_a_text(text: str) -> None:
    cohort = make.enrolling()
    made = make.enrollment(cohort)
    Enrollment.objects.filter(pk=made.pk).update(city=text)
    cell = _sheet(workbook_bytes(cohort.enrollments.all()))["F2"]
    assert (cell.value, cell.data_type) == (text, "s")
    assert _csv(csv_bytes(cohort.enrollments.all()))[1][5] == f"'{text}"


def test_control_characters_are_left_out_instead_of_breaking_the_file() -> None:
    cohort = make.enrolling()
    made = make.enrollment(cohort)
    Enrollment.objects.filter(pk=made.pk).update(city="Dur\x0bban\x1b\ufffe")
    assert _sheet(workbook_bytes(cohort.enrollments.all()))["F2"].value == "Durban"


def test_moments_are_local_and_dates_are_dates() -> None:
    cohort = make.enrolling()
    made = make.enrollment(cohort, **PERSON)
    moment = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    Enrollment.objects.filter(pk=made.pk).update(submitted_at=clock.storable(moment))
    columns = columns_named(["submitted_at", "birth_date", "phone", "email", "state", "verification"])
    row = [cell.value for cell in _sheet(workbook_bytes(cohort.enrollments.all(), columns))[2]]
    assert row[0] == datetime(2026, 11, 25, 1, 30)
    assert row[1].date() == date(2004, 2, 29)
    assert row[2:] == ["+27 82 555 0101", made.email, "Not started", "To verify"]
    assert _csv(csv_bytes(cohort.enrollments.all(), columns))[1][:3] == [
        "2026-11-25 01:30", "2004-02-29", "'+27 82 555 0101"
    ]  # fmt: skip


def test_any_field_of_the_agreements_can_be_a_column() -> None:
    cohort = make.enrolling()
    student = make.filled(make.invited(cohort, first_name="Naledi", last_name="Mokoena"))
    assert [column.key for column in field_columns(cohort)] == [
        "field:student_name", "field:ward", "field:street", "field:student_date", "field:sponsor_signer"
    ]  # fmt: skip
    columns = columns_named(["field:street", "field:student_name"], fields=field_columns(cohort))
    assert list(export_rows(cohort.enrollments.all(), columns)) == [["14 Umgeni Street", student.full_name]]


def test_labels_that_two_fields_share_say_whose_they_are() -> None:
    house = make.institution()
    fields = [
        make.field("own_city", "student", "text", y=100_000, label={"en": "City"}),
        make.field("their_city", "sponsor", "text", y=200_000, label={"en": "City"}),
        make.field("sex", "student", "text", y=300_000, label={"en": "Gender"}),
        make.field("street", "student", "text", y=400_000),
        make.field("mark", "student", "signature", y=500_000),
    ]
    cohort = make.cohort(house, versions=[make.published(house, fields=fields)])
    open_cohort(cohort, actor=make.actor_of(house))
    assert [column.label for column in field_columns(cohort)] == [
        "City (Student)", "City (Sponsor)", "Gender (Student)", "Street"
    ]  # fmt: skip


def test_a_column_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadInput, match="password"):
        columns_named(["password"])


def test_the_columns_to_choose_from_begin_with_the_fixed_ones() -> None:
    assert [column.key for column in available_columns(make.enrolling())][:10] == [
        column.key for column in FIXED
    ]


def test_queries_do_not_grow_with_the_students() -> None:
    cohort = make.enrolling()
    columns = [*FIXED, *field_columns(cohort)]

    def queries(count: int) -> int:
        rows = [{"first_name": f"A{n}", "last_name": f"B{count}"} for n in range(count)]
        import_students(cohort, rows, actor=make.actor_of(cohort.institution))
        with CaptureQueriesContext(connection) as captured:
            assert len(list(export_rows(cohort.enrollments.all(), columns))) >= count
        return len(captured)

    assert queries(3) == queries(200)
