"""Dates as people write them and as documents print them: 27 November 2026."""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")
_WITH_NAME = re.compile(r"([0-9]{1,2})\.? ?([A-Za-z]{3,9})\.?,? ?([0-9]{4})")


def read_date(text: str) -> date | None:
    """The date in a text like 2026-11-27, 27/11/2026 or 27 November 2026, or None."""
    text = text.strip()
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return _date(int(match[3]), int(match[2]), int(match[1]))
    if match := _WITH_NAME.fullmatch(text):
        word = match[2].lower()
        months = [number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(word)]
        return _date(int(match[3]), months[0], int(match[1])) if len(months) == 1 else None
    return None


def written(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def written_short(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def in_cells(value: date, cells: int, *, year_first: bool = False) -> str:
    """The date for a row of printed cells: day, month and year or the other way round, with or without strokes or
    century."""
    if year_first:
        parts = [
            f"{value.year:04}" if cells != 6 else f"{value.year % 100:02}",
            f"{value.month:02}",
            f"{value.day:02}",
        ]
        return ("/" if cells == 10 else "").join(parts)
    day_month = f"{value.day:02}{value.month:02}"
    if cells == 6:
        return f"{day_month}{value.year % 100:02}"
    if cells == 10:
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    return f"{day_month}{value.year:04}"


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
