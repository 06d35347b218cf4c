"""Lists of students: reading them, previewing them, importing all or nothing."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.importing import (
    ImportRefused,
    import_students,
    parse_csv,
    parse_pasted,
    preview_import,
)
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.evidence.models import Event, Stream
from wagtail_cohorts.evidence.verification import verify_streams
from wagtail_cohorts.exceptions import BadInput, WrongState

ANSWERS = ("first_name", "last_name", "email")


def _three(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in ANSWERS)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Naledi Mokoena, naledi@example.com", ("Naledi", "Mokoena", "naledi@example.com")),
        ("Naledi\tMokoena\tnaledi@example.com", ("Naledi", "Mokoena", "naledi@example.com")),
        ("Naledi; Mokoena; naledi@example.com", ("Naledi", "Mokoena", "naledi@example.com")),
        ("Naledi Mokoena <naledi@example.com>", ("Naledi", "Mokoena", "naledi@example.com")),
        ('"Mokoena, Naledi" <naledi@example.com>', ("Naledi", "Mokoena", "naledi@example.com")),
        ("Naledi Mokoena naledi@example.com", ("Naledi", "Mokoena", "naledi@example.com")),
        ("naledi@example.com, Naledi Mokoena", ("Naledi", "Mokoena", "naledi@example.com")),
        ("Johannes van der Merwe, jvdm@example.com", ("Johannes", "van der Merwe", "jvdm@example.com")),
        ("Thandi Grace Dlamini", ("Thandi Grace", "Dlamini", "")),
        ("Ndivhuho Ṱhovhele\x0b, n@example.com", ("Ndivhuho", "Ṱhovhele", "n@example.com")),
    ],
)
def test_a_pasted_line_is_read_in_the_ways_people_write_it(line: str, expected: tuple[str, ...]) -> None:
    assert _three(parse_pasted(line)[0]) == expected


def test_a_pasted_line_may_carry_a_phone_and_an_identity_number() -> None:
    row = parse_pasted("Naledi Mokoena, n@example.com, +27 82 555 0101, 8001015009087")[0]
    assert (row["phone"], row["identity_number"]) == ("+27 82 555 0101", "8001015009087")


def test_empty_lines_are_skipped_and_lines_keep_their_numbers() -> None:
    rows = parse_pasted("\n\nNaledi Mokoena\n   \nSipho Zulu\n")
    assert [row["line"] for row in rows] == [3, 5]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_file_is_read_whatever_wrote_it(delimiter: str, encoding: str) -> None:
    lines = [["Surname", "First Name", "E-mail", "Shoe size"], ["Müller", "Zoë", "zoe@example.com", "7"]]
    data = "\r\n".join(delimiter.join(cells) for cells in lines).encode(encoding)
    assert [_three(row) for row in parse_csv(data)] == [("Zoë", "Müller", "zoe@example.com")]


def test_the_titles_of_our_own_export_are_understood() -> None:
    row = parse_csv(b"Student name,Student surname,Student city,Gender\nNaledi,Mokoena,Durban,Female\n")[0]
    assert row == {
        "line": 2,
        "first_name": "Naledi",
        "last_name": "Mokoena",
        "city": "Durban",
        "gender": "Female",
    }


def test_one_column_with_the_whole_name_is_split() -> None:
    assert _three(parse_csv(b"name,email\nJan van Wyk,jan@example.com\n")[0]) == (
        "Jan",
        "van Wyk",
        "jan@example.com",
    )


def test_a_quoted_cell_may_hold_the_delimiter_and_a_line_break() -> None:
    row = parse_csv(b'first name,surname,town\nNaledi,Mokoena,"Durban,\nNorth"\n')[0]
    assert row["city"] == "Durban, North"


def test_a_missing_column_is_named_with_the_columns_found() -> None:
    with pytest.raises(BadInput) as caught:
        parse_csv(b"first name,e-mail\nNaledi,n@example.com\n")
    assert caught.value.code == "missing_column"
    assert "“surname”" in str(caught.value)
    assert "“first name”, “e-mail”" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"), (b"\n \n", "empty"), (b"PK\x03\x04rest", "Excel"), (b"%PDF-1.7", "not a CSV"),
        (b"first name,surname\n", "no students"), (b"a\0b", "not a CSV"), (b"x" * 1_000_001, "1 MB"),
        (b"first name,surname\n" + b"A,B\n" * 2001, "2001"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_is_refused_in_plain_words(data: bytes, word: str) -> None:
    with pytest.raises(BadInput, match=word):
        parse_csv(data)


def test_random_bytes_are_read_or_refused_and_never_crash() -> None:
    source = random.Random(7)
    for _round in range(200):
        data = b"first name,surname\n" + source.randbytes(source.randrange(200))
        for parse in (parse_csv, lambda raw: parse_pasted(raw.decode("latin-1"))):
            try:
                parse(data)
            except BadInput:
                pass


@pytest.mark.django_db
def test_the_preview_shows_each_row_with_its_errors_and_writes_nothing() -> None:
    cohort = make.enrolling()
    rows = parse_csv(
        b"first name,surname,email,id number,dob\n"
        b"Naledi,Mokoena,naledi@example.com,8001015009087,\n"
        b"Sipho,,sipho@,,2004/02/29\n"
        b"Anna,Botha,,123,31-31-2004\n"
    )
    preview = preview_import(cohort, rows)
    assert [sorted(row.errors) for row in preview.rows] == [
        [],
        ["email", "last_name"],
        ["birth_date", "identity_number"],
    ]
    assert [row.line for row in preview.rows] == [2, 3, 4]
    assert str(preview.rows[0].cleaned["birth_date"]) == "1980-01-01"
    assert preview.rows[1].cleaned["birth_date"].isoformat() == "2004-02-29"
    assert preview.rows[1].values["email"] == "sipho@"
    assert not preview.is_ready
    assert Enrollment.objects.count() == 0


@pytest.mark.django_db
def test_a_date_of_birth_that_was_given_is_not_replaced_by_the_identity_numbers() -> None:
    rows = [
        {"first_name": "A", "last_name": "B", "identity_number": "8001015009087", "birth_date": "1980-01-02"}
    ]
    assert preview_import(make.enrolling(), rows).rows[0].cleaned["birth_date"].isoformat() == "1980-01-02"


@pytest.mark.django_db
def test_duplicates_in_the_list_and_in_the_cohort_are_found_in_any_case() -> None:
    cohort = make.enrolling()
    make.enrollment(cohort, email="Known@example.com")
    preview = preview_import(
        cohort, parse_pasted("A B, KNOWN@example.com\nC D, new@example.com\nE F, New@Example.com")
    )
    assert [row.is_duplicate for row in preview.rows] == [True, False, True]
    assert len(preview.duplicates) == 2


@pytest.mark.django_db
def test_an_import_enrolls_everybody_with_agreements_and_chains() -> None:
    cohort = make.enrolling()
    count = import_students(
        cohort,
        parse_pasted("Naledi Mokoena, n@example.com\nSipho Zulu"),
        actor=make.actor_of(cohort.institution),
    )
    assert count == 2
    enrollments = list(cohort.enrollments.order_by("first_name"))
    assert [(one.full_name, one.email_key) for one in enrollments] == [
        ("Naledi Mokoena", "n@example.com"), ("Sipho Zulu", None)
    ]  # fmt: skip
    assert Agreement.objects.filter(enrollment__in=enrollments).count() == 2
    assert Event.objects.filter(name="enrollment.added").count() == 2
    assert not [report for report in verify_streams(Stream.objects.all()) if report.problem]


@pytest.mark.django_db
def test_one_bad_row_and_nothing_is_imported() -> None:
    cohort = make.enrolling()
    rows = parse_pasted("Naledi Mokoena, n@example.com\nSipho Zulu, no address, a@b@c")
    with pytest.raises(ImportRefused) as caught:
        import_students(cohort, rows, actor=make.actor_of(cohort.institution))
    assert [bool(row.errors) for row in caught.value.rows] == [False, True]
    assert cohort.enrollments.count() == 0
    assert not Event.objects.filter(name="enrollment.added").exists()


@pytest.mark.django_db
def test_a_closed_cohort_takes_no_list() -> None:
    cohort = make.enrolling()
    cohort.state = CohortState.CANCELLED
    cohort.save()
    with pytest.raises(WrongState):
        import_students(cohort, parse_pasted("A B"), actor=make.actor_of(cohort.institution))


@pytest.mark.django_db
def test_late_students_close_the_gate_again_once() -> None:
    cohort = make.ready(students=1)
    import_students(cohort, parse_pasted("A B\nC D\nE F"), actor=make.actor_of(cohort.institution))
    cohort.refresh_from_db()
    assert cohort.state == CohortState.ENROLLING
    assert Event.objects.filter(name="cohort.reopened").count() == 1


@pytest.mark.django_db
def test_five_hundred_students_cost_no_more_queries_than_five() -> None:
    cohort = make.enrolling()
    actor = make.actor_of(cohort.institution)

    def queries(label: str, count: int) -> int:
        rows = parse_pasted("\n".join(f"{label}{n} Zulu, {label}{n}@example.com" for n in range(count)))
        with CaptureQueriesContext(connection) as captured:
            assert import_students(cohort, rows, actor=actor) == count
        return len([one for one in captured.captured_queries if not one["sql"].startswith("INSERT")])

    assert queries("few", 5) + 5 >= queries("many", 500)
