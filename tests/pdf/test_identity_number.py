from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_cohorts.pdf import FieldError, sa_identity
from wagtail_cohorts.pdf.identity_number import check_digit

TODAY = date(2026, 11, 24)


def test_a_number_tells_birth_date_and_gender() -> None:
    assert sa_identity("8001015009087", today=TODAY) == (date(1980, 1, 1), "male")
    assert sa_identity("920220 4720 083".replace("083", "08" + check_digit("920220472008")), today=TODAY) == (
        date(1992, 2, 20), "female",
    )  # fmt: skip


@given(
    st.dates(date(1926, 11, 25), TODAY), st.integers(0, 9999), st.sampled_from("012"), st.sampled_from("89")
)
def test_every_right_number_is_read_back(birth: date, serial: int, citizen: str, eighth: str) -> None:
    twelve = f"{birth:%y%m%d}{serial:04}{citizen}{eighth}"
    found = sa_identity(twelve + check_digit(twelve), today=TODAY)
    assert found == (birth, "male" if serial >= 5000 else "female")


@given(st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place: int, step: int) -> None:
    digits = list("8001015009087")
    digits[place] = str((int(digits[place]) + step) % 10)
    with pytest.raises(FieldError):
        sa_identity("".join(digits), today=TODAY)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("800101500908", "wrong_length"),
        ("", "not_digits"),
        ("8001015009O87", "not_digits"),
        ("٨٠٠١٠١٥٠٠٩٠٨٧", "not_digits"),
        ("8013015009087", "no_date"),
        ("8002305009087", "no_date"),
        ("8001015009387", "bad_digit"),
        ("8001015009088", "wrong_check_digit"),
    ],
)
def test_a_wrong_number_is_said_what_is_wrong(number: str, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        sa_identity(number, today=TODAY)
    assert caught.value.code == code


def test_twelve_digits_are_counted_for_the_person() -> None:
    with pytest.raises(FieldError) as caught:
        sa_identity("8001 015 00908")
    assert str(caught.value) == "A South African identity number has 13 digits. You typed 12."
