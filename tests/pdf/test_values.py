from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pdf.samples import field
from wagtail_cohorts.pdf import FieldError, clean_value
from wagtail_cohorts.pdf.dates import in_cells, read_date, written, written_short
from wagtail_cohorts.pdf.fields import TYPES

OPTIONS = [{"value": "yes", "label": {"en": "Yes"}}, {"value": "no", "label": {"en": "No"}}]
NEEDS = {"comb": {"cells": 5}, "radio": {"options": OPTIONS}, "select": {"options": OPTIONS}}


def make(kind: str, **extra: Any) -> Any:
    return field(type=kind, **{**NEEDS.get(kind, {}), **extra})


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        ("text", "  Thandi \t Nkosi ", "Thandi Nkosi"),
        ("text", "a\x0bb\x00c\u200bd\u202e", "abcd"),
        ("text", "n\u0302 t\u032d", "n\u0302 ṱ"),
        ("text", "one\r\ntwo", "one two"),
        ("text", None, ""),
        ("text", ["Thandi"], "Thandi"),
        ("multiline", "one\r\n two \n\n", "one\n two".replace(" two", "two")),
        ("comb", "12345", "12345"),
        ("number", "1 234,50", "1234.50"),
        ("number", "-7", "-7"),
        ("date", "2026-11-27", "2026-11-27"),
        ("date", "27/11/2026", "2026-11-27"),
        ("date", "27 Nov 2026", "2026-11-27"),
        ("date_signed", "27. November 2026", "2026-11-27"),
        ("checkbox", "on", True),
        ("checkbox", ["off", "on"], True),
        ("checkbox", False, False),
        ("checkbox", None, False),
        ("radio", "yes", "yes"),
        ("select", ["no"], "no"),
        ("phone", "082 123-4567", "0821234567"),
        ("phone", "0027 (82) 123 4567", "+27821234567"),
        ("email", " thandi@example.co.za ", "thandi@example.co.za"),
        ("national_id", "800101 5009 087", "8001015009087"),
    ],
)
def test_what_is_typed_is_made_regular(kind: str, raw: Any, expected: object) -> None:
    assert clean_value(make(kind), raw) == expected


@pytest.mark.parametrize(
    ("kind", "extra", "raw", "code", "words"),
    [
        ("text", {"required": True}, " \x0b ", "required", "must be filled in"),
        ("text", {"max_length": 3}, "abcd", "too_long", "You typed 4"),
        ("text", {"pattern": "postal_code"}, "12", "wrong_pattern", "You typed “12”"),
        ("text", {}, "漢字", "missing_glyph", "漢字"),
        ("text", {}, True, "not_text", "must be a text"),
        ("text", {}, 5, "not_text", "must be a text"),
        ("text", {}, ["a", "b"], "too_many", "one answer"),
        ("text", {}, "x" * 100_000, "too_long", "far too long"),
        ("comb", {}, "123456", "too_long", "5 characters"),
        ("number", {}, "1,234", "not_a_number", "You typed “1,234”"),
        ("number", {}, "NaN", "not_a_number", "NaN"),
        ("number", {"min": "5"}, "4", "over_min", "at least 5"),
        ("number", {"max": "5"}, "5.01", "over_max", "You typed 5.01"),
        ("date", {}, "31 February 2026", "not_a_date", "you typed “31 February 2026”"),
        ("date", {"min": "2026-01-01"}, "2025-12-31", "over_min", "before 1 January 2026"),
        ("date", {"max": "2026-01-01"}, "2026-01-02", "over_max", "2 January 2026"),
        ("checkbox", {"required": True}, "", "required", "ticked"),
        ("checkbox", {}, "maybe", "not_yes_or_no", "maybe"),
        ("radio", {}, "perhaps", "not_an_option", "“perhaps”"),
        ("select", {"required": True}, "", "required", "Choose"),
        ("phone", {}, "12", "not_a_phone", "“12”"),
        ("email", {}, "thandi@example", "not_an_email", "thandi@example"),
        ("email", {}, "a b@example.com", "not_an_email", "a b@"),
        ("national_id", {}, "800101500908", "wrong_length", "You typed 12"),
        ("signature", {}, "x", "no_value", "no typed value"),
        ("static", {}, "x", "no_value", "no typed value"),
    ],
)
def test_what_cannot_be_taken_is_said_in_a_sentence(
    kind: str, extra: dict[str, Any], raw: Any, code: str, words: str
) -> None:
    with pytest.raises(FieldError) as caught:
        clean_value(make(kind, **extra), raw)
    assert caught.value.code == code and caught.value.field_key == "name"
    assert words in caught.value.message and caught.value.message[-1] in ".”"


@given(st.sampled_from(TYPES), st.text(max_size=60))
def test_any_text_gives_a_value_or_a_field_error(kind: str, raw: str) -> None:
    try:
        value = clean_value(make(kind), raw)
    except FieldError as error:
        assert error.message
    else:
        assert isinstance(value, (str, bool))
        assert clean_value(make(kind), value) == value


def test_dates_are_printed_as_people_write_them() -> None:
    day = date(2026, 11, 7)
    assert (written(day), written_short(day)) == ("7 November 2026", "7 Nov 2026")
    assert [in_cells(day, cells) for cells in (6, 8, 10)] == ["071126", "07112026", "07/11/2026"]
    assert read_date("7 ju 2026") is None and read_date("7 Ma 2026") is None and read_date("x") is None
