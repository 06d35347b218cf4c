"""Typed values: the rules a browser gets, and the one place where what a person typed is checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from .dates import read_date, written
from .definition import Field
from .errors import FieldError
from .faults import bound
from .field_types import CHOICE_TYPES, MARK_TYPES, MOST_CHARACTERS
from .fonts import missing_glyphs, printable
from .identity_number import sa_identity
from .patterns import PATTERNS

Raw = str | bool | Sequence[str] | None
Value = str | bool

_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\\\"]+@(?:[^\s@.,;:<>()\[\]\\\"]+\.)+[^\s@.,;:<>()\[\]\\\"]{2,}")
_PHONE = re.compile(r"0[0-9]{9}|\+[0-9]{8,15}")
_NUMBER = re.compile(r"-?[0-9]+(?:[.][0-9]+)?")
_YES, _NO = ("true", "on", "yes", "1"), ("false", "off", "no", "0", "")
_PLAIN_MAX = 200
_LENGTHS = {"email": 254, "phone": 30, "number": 40, "date": 40, "date_signed": 40, "national_id": 40}
_SHOWN = 60


def rules(field: Field) -> dict[str, Any]:
    """The field's rules for the browser, ready for JSON. Only rules that apply are there."""
    found: dict[str, Any] = {"type": field.type, "required": field.required, "read_only": field.read_only}
    if field.type in ("text", "multiline", "comb", "email", "phone"):
        found["maxlength"] = _longest(field)
    for name in ("min", "max", "cells"):
        if getattr(field, name) not in (None, ""):
            found[name] = getattr(field, name)
    if field.pattern:
        found["pattern"] = PATTERNS[field.pattern].expression
        found["pattern_message"] = PATTERNS[field.pattern].sentence
    if field.options:
        found["options"] = [{"value": option.value, "label": option.label} for option in field.options]
    return found


def clean_value(field: Field, raw: Raw) -> Value:
    """The value as it is stored and printed: True or False for a check box, else a text ("" when left empty).

    Raises FieldError with a sentence that repeats what was typed. Marks and static text take no value.
    """
    if field.type in (*MARK_TYPES, "static"):
        raise _error(field, "no_value", "This field takes no typed value.")
    if field.type == "checkbox":
        return _checked(field, raw)
    text = _text(field, raw)
    if not text:
        if field.required:
            question = (
                "Choose one of the answers." if field.type in CHOICE_TYPES else "This must be filled in."
            )
            raise _error(field, "required", question)
        return ""
    return _CLEANERS[field.type](field, text)


def _text(field: Field, raw: Raw) -> str:
    """What was typed, as printable text on one line (or several), not longer than the field takes."""
    if isinstance(raw, bool):
        raise _error(field, "not_text", "This must be a text.")
    if isinstance(raw, (list, tuple)):
        if len(raw) > 1:
            raise _error(field, "too_many", f"Choose one answer only. You chose {len(raw)}.")
        raw = raw[0] if raw else ""
    if not isinstance(raw, str | None):
        raise _error(field, "not_text", "This must be a text.")
    if len(raw or "") > 2 * MOST_CHARACTERS:
        raise _error(field, "too_long", f"This is far too long: it has {len(raw or '')} characters.")
    text = printable(raw or "")
    lines = [" ".join(line.split()) for line in text.split("\n")]
    text = "\n".join(lines).strip("\n") if field.type == "multiline" else " ".join(filter(None, lines))
    longest = _longest(field)
    if len(text) > longest and field.type not in CHOICE_TYPES:
        raise _error(field, "too_long", f"This may have {longest} characters at most. You typed {len(text)}.")
    return text


def _longest(field: Field) -> int:
    own = field.max_length or (field.cells if field.type in ("comb", "text") else None)
    return own or _LENGTHS.get(field.type, 4_000 if field.type == "multiline" else _PLAIN_MAX)


def _checked(field: Field, raw: Raw) -> bool:
    if not isinstance(raw, (bool, str)) and raw is not None:
        raw = raw[-1] if raw else ""
    word = raw.strip().lower() if isinstance(raw, str) else raw
    if word in _NO or word is None or word is False:
        if field.required:
            raise _error(field, "required", "This must be ticked.")
        return False
    if word in _YES or word is True:
        return True
    raise _error(field, "not_yes_or_no", f"This can be ticked or not. You sent “{_shown(str(raw))}”.")


def _plain(field: Field, text: str) -> str:
    missing = missing_glyphs(text)
    if missing:
        raise _error(
            field,
            "missing_glyph",
            f"These characters cannot be printed: {missing}. You typed “{_shown(text)}”.",
        )
    pattern = PATTERNS.get(field.pattern or "")
    if pattern and not pattern.matches(text):
        raise _error(field, "wrong_pattern", f"{pattern.sentence} You typed “{_shown(text)}”.")
    return text


def _number(field: Field, text: str) -> str:
    plain = text.replace(" ", "").replace("−", "-")
    if re.fullmatch(r"-?[0-9]+,[0-9]{1,2}", plain):
        plain = plain.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        raise _error(
            field, "not_a_number", f"This must be a number, like 12 or 12.50. You typed “{_shown(text)}”."
        )
    try:
        value = Decimal(plain)
    except InvalidOperation:  # pragma: no cover - the expression above admits only what Decimal reads
        raise _error(field, "not_a_number", f"This must be a number. You typed “{_shown(text)}”.") from None
    for name, word, over in (("min", "at least", value.__lt__), ("max", "at most", value.__gt__)):
        limit = getattr(field, name)
        if limit and over(Decimal(limit)):
            raise _error(field, f"over_{name}", f"This must be {word} {limit}. You typed {plain}.")
    return plain


def _date(field: Field, text: str) -> str:
    value = read_date(text)
    if value is None:
        raise _error(
            field,
            "not_a_date",
            f"This is not a date: you typed “{_shown(text)}”. Write it like 27 November 2026.",
        )
    for name, word in (("min", "before"), ("max", "after")):
        limit = bound(field.type, getattr(field, name)) if getattr(field, name) else None
        if isinstance(limit, date) and (value < limit if name == "min" else value > limit):
            message = f"The date may not be {word} {written(limit)}. You typed {written(value)}."
            raise _error(field, f"over_{name}", message)
    return value.isoformat()


def _choice(field: Field, text: str) -> str:
    if text in [option.value for option in field.options]:
        return text
    raise _error(field, "not_an_option", f"Choose one of the answers. “{_shown(text)}” is not one of them.")


def _phone(field: Field, text: str) -> str:
    plain = re.sub(r"[ ()./-]", "", text)
    plain = "+" + plain[2:] if plain.startswith("00") else plain
    if _PHONE.fullmatch(plain):
        return plain
    raise _error(
        field, "not_a_phone", "A phone number has 10 digits, or starts with + and the country. "
        f"You typed “{_shown(text)}”.",
    )  # fmt: skip


def _email(field: Field, text: str) -> str:
    if _EMAIL.fullmatch(text) and not missing_glyphs(text):
        return text
    raise _error(field, "not_an_email", f"This is not an e-mail address: you typed “{_shown(text)}”.")


def _national_id(field: Field, text: str) -> str:
    try:
        sa_identity(text)
    except FieldError as error:
        raise _error(field, error.code, error.message) from None
    return text.replace(" ", "")


_CLEANERS: dict[str, Callable[[Field, str], str]] = {
    "text": _plain, "multiline": _plain, "comb": _plain, "number": _number,
    "date": _date, "date_signed": _date, "radio": _choice, "select": _choice,
    "phone": _phone, "email": _email, "national_id": _national_id,
}  # fmt: skip


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _error(field: Field, code: str, message: str) -> FieldError:
    return FieldError(code, message, field.key)
