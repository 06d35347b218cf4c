"""That somebody took a history out of the system is itself kept in it."""

from __future__ import annotations

from typing import Any

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.transactions import operation


@operation
def note_history_exported(stream_key: str, *, data: dict[str, Any], actor: Actor) -> None:
    """Emits history.exported in the chain of whose history it is."""
    append(stream_key, "history.exported", actor=actor, data=data)
