"""One line for each event of the record, once it is committed: who did what to what, by ids and states only."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.watching import metrics
from wagtail_cohorts.watching.context import ids_of
from wagtail_cohorts.watching.lines import tell

logger = logging.getLogger(__name__)

# What an event's line may say of its data. A list of what is let through: an event may learn new words.
TOLD = (
    "cohort", "enrollment", "agreement", "upload", "batch", "contact", "guardian", "template", "version", "revision",
    "role", "from", "to",
)  # fmt: skip


def tell_events(events: Sequence[Any], actor: Actor) -> None:
    """A listener of the record. A line about what was rolled back would be a lie, so it waits for the commit."""
    transaction.on_commit(partial(_tell_all, list(events), actor), robust=True)


def _tell_all(events: list[Any], actor: Actor) -> None:
    for event in events:
        data = event.data["data"]
        told = {name: data[name] for name in TOLD if isinstance(data.get(name), str | int)}
        fields = {
            "event": event.pk,
            "institution": event.stream.institution_id,
            "actor": actor.kind,
            "actor_key": actor.key,
            **ids_of(event.stream.key),
            **told,
        }
        tell(logger, event.name, **fields)
        metrics.count_event(event.name)
