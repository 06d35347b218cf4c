from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from wagtail_cohorts.enrollments.students import age_on, clean_student, clean_text, identity_of
from wagtail_cohorts.exceptions import BadInput


@given(st.text())
def test_a_cleaned_line_has_no_control_characters_and_is_stable(text: str) -> None:
    cleaned = clean_text(text)
    assert all(c.isprintable() or c in "\u2028\u2029\xa0\u3000\xad" or ord(c) > 0x1F for c in cleaned)
    assert "\n" not in cleaned and clean_text(cleaned) == cleaned


def test_a_control_character_in_a_name_is_dropped() -> None:
    assert clean_student({"first_name": "Nal\x0bedi\x00"})["first_name"] == "Naledi"


def test_diacritics_stay_and_are_composed() -> None:
    assert clean_student({"last_name": "S\u030ci"})["last_name"] == "Ši"


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("first_name", "   ", "name is needed"),
        ("email", "naledi at example", "naledi at example"),
        ("birth_date", "29 Feb", "29 Feb"),
        ("gender", "unknown word", "unknown word"),
        ("city", "x" * 81, "longer than 80"),
        ("identity_number", "123", "123"),
    ],
)
def test_a_refused_value_is_repeated_in_the_sentence(name: str, value: str, part: str) -> None:
    with pytest.raises(BadInput) as caught:
        clean_student({name: value})
    assert caught.value.field == name
    assert part in str(caught.value) or name == "identity_number"


def test_an_identity_number_gives_birth_date_and_gender() -> None:
    cleaned = clean_student({"identity_number": "800101 5009 087"})
    assert cleaned["birth_date"] == date(1980, 1, 1) and cleaned["gender"] == "male"


def test_a_wrong_check_digit_is_refused() -> None:
    with pytest.raises(BadInput):
        clean_student({"identity_number": "8001015009088"})


def test_choices_are_understood_by_key_and_by_word() -> None:
    assert clean_student({"race": "African", "gender": "FEMALE"}) == {"race": "african", "gender": "female"}


@pytest.mark.django_db
def test_the_identity_number_is_encrypted_at_rest_and_readable() -> None:
    student = make.enrollment(make.cohort(make.institution()), identity_number="8001015009087")
    assert "8001015009087" not in student.identity_number and student.identity_number
    assert identity_of(student) == "8001015009087"


def test_age_counts_whole_years() -> None:
    assert age_on(date(2008, 11, 25), date(2026, 11, 24)) == 17
    assert age_on(date(2008, 11, 24), date(2026, 11, 24)) == 18
    assert age_on(None, date(2026, 11, 24)) is None
