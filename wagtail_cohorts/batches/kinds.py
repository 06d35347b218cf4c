"""A room adds a kind of batch by saying how one item is done and what commits the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wagtail_cohorts.batches.models import Batch, BatchItem


def _nothing(batch: Batch) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Kind:
    """``prepare`` runs outside any transaction and may run twice; ``commit`` runs once, in one transaction.

    ``prepare(item)`` returns what the item's row keeps. Raising CohortsError fails the item for good with its
    message; anything else is retried. ``commit(batch)`` returns what the batch's row keeps; it is called when no
    item is pending, and reads which items are prepared and which failed. ``is_open(batch)`` false makes the batch wait.
    ``lease_seconds`` is longer than one item can take; without it, WAGTAIL_COHORTS_LEASE_SECONDS.
    """

    name: str
    prepare: Callable[[BatchItem], dict[str, Any]]
    commit: Callable[[Batch], dict[str, Any]] = _nothing
    is_open: Callable[[Batch], bool] = lambda batch: True
    lease_seconds: int | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    return _kinds[name]


def names() -> list[str]:
    return list(_kinds)
