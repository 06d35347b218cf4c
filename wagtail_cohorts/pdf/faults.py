"""Faults of meaning in a field whose settings have the right kinds: place, options, rules, names."""

from __future__ import annotations

import re
import uuid as uuids
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from .field_types import (
    ALIGNMENTS,
    CHOICE_TYPES,
    DATE_ORDERS,
    LARGEST_FONT,
    MOST_CELLS,
    MOST_CHARACTERS,
    SMALLEST_FONT,
    TYPES,
)
from .geometry import MILLION
from .patterns import PATTERNS

if TYPE_CHECKING:
    from .definition import Cell, Field

_KEY = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_ROLE = re.compile(r"[a-z][a-z0-9_-]*")
_PLACE = ("page", "x", "y", "w", "h")

Found = list[tuple[str, str]]


def faults(item: Field) -> Found:
    """Faults of meaning in a field of the right shape."""
    checks = (_identity_problems, _place_problems, _option_problems, _rule_problems)
    return [problem for check in checks for problem in check(item)]


def _identity_problems(item: Field) -> Found:
    found: Found = []
    if not _KEY.fullmatch(item.key) or len(item.key) > 100:
        found.append(("key", "Use small letters, digits and single underscores, starting with a letter."))
    if not _ROLE.fullmatch(item.role) or len(item.role) > 50:
        found.append(("role", "Use small letters, digits and underscores, starting with a letter."))
    try:
        uuids.UUID(item.uuid)
    except ValueError:
        found.append(("uuid", "This is not a UUID."))
    if item.type not in TYPES:
        found.append(("type", f"There is no field type “{item.type}”."))
    if item.align not in ALIGNMENTS:
        found.append(("align", "Choose left, center or right."))
    return found


def _place_problems(item: Field) -> Found:
    found = _outside(item, "")
    for number, option in enumerate(item.options, 1):
        if option.cell is not None:
            found += _outside(option.cell, f"Option {number}: ")
        elif any(getattr(option, name) is not None for name in _PLACE):
            found.append(("options", f"Option {number}: a place needs a page, x, y, w and h."))
    return found


def _outside(cell: Field | Cell, prefix: str) -> Found:
    found: Found = []
    name = "options" if prefix else "{}"
    if cell.page < 1:
        found.append((name.format("page"), f"{prefix}pages count from 1."))
    for side in ("w", "h"):
        if getattr(cell, side) <= 0:
            found.append((name.format(side), f"{prefix}a field needs a width and a height."))
    for start, length in (("x", "w"), ("y", "h")):
        first, size = getattr(cell, start), getattr(cell, length)
        if first < 0 or first + max(size, 0) > MILLION:
            found.append((name.format(start), f"{prefix}the field reaches over the edge of the page."))
    return found


def _option_problems(item: Field) -> Found:
    values = [option.value for option in item.options]
    found: Found = []
    if item.type in CHOICE_TYPES and not values:
        found.append(("options", "A choice needs at least one option."))
    if item.type not in CHOICE_TYPES and values:
        found.append(("options", "Only choices have options."))
    if "" in values or len(set(values)) != len(values):
        found.append(("options", "Each option needs a value of its own."))
    if item.type in CHOICE_TYPES and item.default and item.default not in values:
        found.append(("default", "The default must be one of the options."))
    return found


def _rule_problems(item: Field) -> Found:
    found: Found = []
    if item.pattern is not None and item.pattern not in PATTERNS:
        found.append(("pattern", f"There is no pattern “{item.pattern}”."))
    for name, low, high in (
        ("max_length", 1, MOST_CHARACTERS),
        ("cells", 1, MOST_CELLS),
        ("font_size", SMALLEST_FONT, LARGEST_FONT),
    ):
        value = getattr(item, name)
        if value is not None and not low <= value <= high:
            found.append((name, f"This must be from {low} to {high}."))
    if item.date_order not in DATE_ORDERS:
        found.append(("date_order", f"There is no order “{item.date_order}”."))
    if item.type == "comb" and item.cells is None:
        found.append(("cells", "Say how many cells there are."))
    bounds: dict[str, Decimal | date] = {}
    for name in ("min", "max"):
        text = getattr(item, name)
        if text not in (None, ""):
            try:
                bounds[name] = bound(item.type, text)
            except ValueError as error:
                found.append((name, str(error)))
    if len(bounds) == 2 and bounds["min"] > bounds["max"]:  # type: ignore[operator]
        found.append(("max", "The largest value is below the smallest."))
    return found


def bound(kind: str, text: str) -> Decimal | date:
    """A `min` or `max` as a value that can be compared. Raises ValueError with a sentence."""
    if kind == "number":
        try:
            value = Decimal(text)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            raise ValueError("This must be a number.")
        return value
    if kind in ("date", "date_signed"):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError("This must be a date like 2026-11-27.") from None
    raise ValueError("Only numbers and dates have a smallest and a largest value.")
