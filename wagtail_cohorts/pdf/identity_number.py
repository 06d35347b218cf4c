"""South African identity numbers: YYMMDD SSSS C A Z (Identification Act 68 of 1997; Z is a Luhn digit)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from .errors import FieldError

Gender = Literal["female", "male"]
_LENGTH = 13


def sa_identity(number: str, *, today: date | None = None) -> tuple[date, Gender]:
    """The birth date and gender in an identity number. Spaces are allowed. Raises FieldError.

    The century is the latest that does not put the birth after `today`.
    """
    digits = number.replace(" ", "")
    if not (digits.isascii() and digits.isdigit()):
        raise FieldError(
            "not_digits", f"A South African identity number has digits only. You typed “{number}”."
        )
    if len(digits) != _LENGTH:
        raise FieldError(
            "wrong_length", f"A South African identity number has 13 digits. You typed {len(digits)}."
        )
    birth = _birth_date(digits, today or date.today())
    if birth is None:
        raise FieldError(
            "no_date",
            f"The first six digits must be a birth date (year, month, day). You typed {digits[:6]}.",
        )
    if digits[10] not in "012":
        raise FieldError(
            "bad_digit", f"The eleventh digit must be 0, 1 or 2. You typed {digits[10]} in {digits}."
        )
    if check_digit(digits[:12]) != digits[12]:
        raise FieldError(
            "wrong_check_digit",
            f"This identity number is not right: you typed {digits}. Please check each digit.",
        )
    return birth, "female" if digits[6] < "5" else "male"


def check_digit(first_twelve: str) -> str:
    """The Luhn digit that completes the first twelve digits."""
    total = 0
    for position, character in enumerate(reversed(first_twelve)):
        value = int(character) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def _birth_date(digits: str, today: date) -> date | None:
    short, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    for year in (today.year // 100 * 100 + short, today.year // 100 * 100 - 100 + short):
        try:
            birth = date(year, month, day)
        except ValueError:
            continue
        if birth <= today:
            return birth
    return None
