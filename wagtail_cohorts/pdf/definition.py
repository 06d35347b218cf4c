"""What a field on a page is: its place, role, type and rules, as data that can be stored as JSON.

Places are integer millionths of the visible, rotated page, from its top left; pages count from 1.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from .errors import FieldsError, Problem
from .faults import Found, faults

_NAMESPACE = uuids.UUID("6e1c9a5e-6a0f-5d0b-9a39-0a5f2c1d7b11")

Texts = dict[str, str]


@dataclass(frozen=True)
class Option:
    """A choice of a radio or select field; it may have a cell of its own to be crossed."""

    value: str
    label: Texts = field(default_factory=dict)
    page: int | None = None
    x: int | None = None
    y: int | None = None
    w: int | None = None
    h: int | None = None

    @property
    def cell(self) -> Cell | None:
        if self.page is None or self.x is None or self.y is None or self.w is None or self.h is None:
            return None
        return Cell(self.page, self.x, self.y, self.w, self.h)

    def to_dict(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if value is not None}


@dataclass(frozen=True)
class Cell:
    """A place on a page."""

    page: int
    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True)
class Field:
    """One field of a version. `key` is unique in the version; `source` names what fills it, if anything."""

    uuid: str
    key: str
    role: str
    type: str
    page: int
    x: int
    y: int
    w: int
    h: int
    label: Texts = field(default_factory=dict)
    help: Texts = field(default_factory=dict)
    required: bool = False
    read_only: bool = False
    default: str = ""
    options: tuple[Option, ...] = ()
    max_length: int | None = None
    min: str | None = None
    max: str | None = None
    pattern: str | None = None
    font_size: int | None = None
    align: str = "left"
    cells: int | None = None
    date_order: str = "day_first"
    """In which order a date stands in printed cells."""
    source: str = ""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Field:
        """The field from its JSON form. Raises FieldsError with all that is wrong with it."""
        return parse_fields([data])[0]

    def to_dict(self) -> dict[str, Any]:
        """The JSON form; `from_dict` gives back an equal field."""
        return {**vars(self), "options": [option.to_dict() for option in self.options]}

    def name(self, language: str = "en") -> str:
        """What a person calls the field: its label in the language, else in any, else its key."""
        return self.label.get(language) or next((text for text in self.label.values() if text), self.key)


def parse_fields(definitions: Iterable[Mapping[str, Any]]) -> tuple[Field, ...]:
    """All fields of a version from their JSON forms. Raises FieldsError with every problem of every field."""
    made: list[Field] = []
    problems: list[Problem] = []
    seen: dict[str, set[str]] = {"key": set(), "uuid": set()}
    for index, data in enumerate(definitions):
        found = _shape_problems(data)
        if not found:
            candidate = _field(data)
            found = [*faults(candidate), *_repeats(candidate, seen)]
            made.append(candidate)
        problems += [Problem(index, name, message) for name, message in found]
    if problems:
        raise FieldsError(tuple(problems))
    return tuple(made)


_DEFAULTS = {item.name: item for item in fields(Field)}
_NEEDED = tuple(
    name for name, item in _DEFAULTS.items()
    if item.default is MISSING and item.default_factory is MISSING and name != "uuid"
)  # fmt: skip
_WHOLE = ("page", "x", "y", "w", "h")
_WHOLE_OR_NONE = ("max_length", "font_size", "cells")
_FLAGS = ("required", "read_only")
_STRINGS = ("uuid", "key", "role", "type", "default", "align", "source", "date_order")
_STRINGS_OR_NONE = ("min", "max", "pattern")
_OPTION_NAMES = ("value", "label", *_WHOLE)


def _shape_problems(data: object) -> Found:
    """Faults of kind: what is missing, unknown, or not of the type that JSON should have given."""
    if not isinstance(data, Mapping):
        return [("field", "A field must be an object with named settings.")]
    found: Found = [(name, "This setting is missing.") for name in _NEEDED if name not in data]
    found += [(str(name), "There is no such setting.") for name in data if name not in _DEFAULTS]
    for name in set(_DEFAULTS) & set(data):
        wrong = _wrong_kind(name, data[name])
        if wrong:
            found.append((name, wrong))
    return sorted(found)


def _wrong_kind(name: str, value: object) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if name in _WHOLE:
        return "" if whole else "This must be a whole number."
    if name in _WHOLE_OR_NONE:
        return "" if whole or value is None else "This must be a whole number or empty."
    if name in _FLAGS:
        return "" if isinstance(value, bool) else "This must be true or false."
    if name in _STRINGS:
        return "" if isinstance(value, str) else "This must be a text."
    if name in _STRINGS_OR_NONE:
        return "" if isinstance(value, str) or value is None else "This must be a text or empty."
    if name in ("label", "help"):
        return _wrong_texts(value)
    return _wrong_options(value)


def _wrong_texts(value: object) -> str:
    if isinstance(value, Mapping) and all(isinstance(item, str) for pair in value.items() for item in pair):
        return ""
    return "This must be texts by language."


def _wrong_options(value: object) -> str:
    if not isinstance(value, (list, tuple)):
        return "This must be a list."
    for item in value:
        if (
            not isinstance(item, Mapping)
            or not isinstance(item.get("value"), str)
            or set(item) - set(_OPTION_NAMES)
        ):
            return "Each option needs a value and may have a label and a place."
        if _wrong_texts(item.get("label", {})):
            return "The label of an option must be texts by language."
        if any(_wrong_kind(name, item[name]) for name in _WHOLE if item.get(name) is not None):
            return "The place of an option must be whole numbers."
    return ""


def _field(data: Mapping[str, Any]) -> Field:
    options = tuple(
        Option(**{**item, "label": dict(item.get("label", {}))}) for item in data.get("options") or ()
    )
    texts = {name: dict(data.get(name) or {}) for name in ("label", "help")}
    identity = data.get("uuid") or str(uuids.uuid5(_NAMESPACE, data["key"]))
    return Field(**{**data, **texts, "options": options, "uuid": identity})


def _repeats(item: Field, seen: dict[str, set[str]]) -> Found:
    found: Found = []
    for name, values in seen.items():
        value = getattr(item, name)
        if value in values:
            found.append((name, f"Another field already has “{value}”."))
        values.add(value)
    return found
