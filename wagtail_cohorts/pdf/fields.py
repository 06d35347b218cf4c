"""Fields of a template version: definitions, rules, values. The public face of `definition` and `values`."""

from __future__ import annotations

from collections.abc import Iterable

from .definition import Cell, Field, Option, parse_fields
from .field_types import MARK_TYPES, TYPES
from .patterns import PATTERNS
from .values import Raw, Value, clean_value, rules

__all__ = [
    "PATTERNS", "TYPES", "Cell", "Field", "Option", "Raw", "Value",
    "clean_value", "input_fields", "mark_fields", "parse_fields", "roles_with_fields", "rules",
]  # fmt: skip


def mark_fields(fields: Iterable[Field], role: str) -> tuple[Field, ...]:
    """The signature and initials fields of a role, in order."""
    return tuple(field for field in fields if field.role == role and field.type in MARK_TYPES)


def input_fields(fields: Iterable[Field], role: str) -> tuple[Field, ...]:
    """The fields in which a role types or chooses something, in order."""
    untyped = (*MARK_TYPES, "static", "date_signed")
    return tuple(
        field for field in fields if field.role == role and field.type not in untyped and not field.read_only
    )


def roles_with_fields(fields: Iterable[Field]) -> tuple[str, ...]:
    """The roles that have something to fill in or sign, in the order of their first field."""
    return tuple(dict.fromkeys(field.role for field in fields if field.type != "static"))
