"""The kinds of fields there are, and the bounds that hold for any field."""

from __future__ import annotations

TYPES = (
    "text", "multiline", "comb", "number", "date", "date_signed", "checkbox", "radio", "select",
    "signature", "initials", "phone", "email", "national_id", "static",
)  # fmt: skip
MARK_TYPES = ("signature", "initials")
CHOICE_TYPES = ("radio", "select")
ALIGNMENTS = ("left", "center", "right")
DATE_ORDERS = ("day_first", "year_first")
SMALLEST_FONT, LARGEST_FONT = 4, 72
MOST_CELLS = 60
MOST_CHARACTERS = 10_000
