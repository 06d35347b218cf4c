"""The ids that every log line of one request or one job carries: kept in a context variable, never names or values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

SUBJECTS = ("cohort", "enrollment", "template", "contact", "guardian")
_ids: ContextVar[dict[str, Any] | None] = ContextVar("wagtail_cohorts_ids", default=None)


def current() -> dict[str, Any]:
    """The ids known here; empty outside a request and a job."""
    return _ids.get() or {}


def begin(**ids: Any) -> None:
    """From here on, until ``end``: a request. Nothing of the one before is left."""
    _ids.set(_known(ids))


def end(**_signal: Any) -> None:
    """Called when a request has been answered and logged."""
    _ids.set(None)


def bind(**ids: Any) -> None:
    """Add what a view has found out. Nothing where no request or job was begun: nobody would take it away again."""
    found = _ids.get()
    if found is not None:
        found.update(_known(ids))


@contextmanager
def scope(**ids: Any) -> Iterator[None]:
    """For one job: adds to what is known around it, and takes it away afterwards."""
    token = _ids.set({**current(), **_known(ids)})
    try:
        yield
    finally:
        _ids.reset(token)


def ids_of(key: str) -> dict[str, str]:
    """The subjects that a key like ``cohort:<uuid>`` or ``cohort:<uuid>:<more>`` names."""
    kind, _colon, rest = key.partition(":")
    return {kind: rest.partition(":")[0]} if kind in SUBJECTS else {}


def _known(ids: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, int) else str(value)
        for name, value in ids.items()
        if value not in (None, "")
    }
