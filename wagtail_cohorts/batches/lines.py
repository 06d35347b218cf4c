"""What is written and counted about batches and their items."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.utils import timezone

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.exceptions import CohortsError, Unavailable
from wagtail_cohorts.watching import metrics
from wagtail_cohorts.watching.context import current, ids_of
from wagtail_cohorts.watching.lines import tell, tell_fault, tell_when_committed

logger = logging.getLogger(__name__)


def asked_by() -> dict[str, str]:
    """For a batch's params: the request's id, by which all that workers write about the batch can be found."""
    found = current().get("request_id")
    return {"request_id": found} if found else {}


def about(batch: Batch) -> dict[str, Any]:
    """The ids that every line about a batch carries."""
    return {
        "request_id": batch.params.get("request_id"),
        "institution": batch.institution_id,
        "batch": str(batch.uuid),
        "kind": batch.kind,
        **ids_of(batch.subject_key),
    }


def tell_asked(batch: Batch, what: str, *, actor: Actor) -> None:
    """``opened``, ``retried`` or ``cancelled`` by a person."""
    who = {"actor": actor.kind, "actor_key": actor.key}
    tell_when_committed(logger, f"batch.{what}", items=batch.total, **who, **about(batch))


def tell_item(item: BatchItem, outcome: str, *, began: float, error: Exception | None = None) -> None:
    """``prepared``; ``refused`` for good; or ``broke``, and perhaps tried again."""
    seconds = time.perf_counter() - began
    _tell(f"batch.item_{outcome}", error, tries=item.tries, seconds=round(seconds, 3))
    metrics.count(metrics.ITEMS, item.batch.kind, outcome)
    metrics.measure(metrics.ITEM_SECONDS, item.batch.kind, seconds=seconds)


def tell_last_step(batch: Batch, outcome: str, *, error: Exception | None = None) -> None:
    """``done``; ``refused`` for good; or ``broke``, and perhaps tried again."""
    seconds = (timezone.now() - batch.started_at).total_seconds() if batch.started_at else None
    _tell(f"batch.{outcome}", error, seconds=None if seconds is None else round(seconds, 3), **about(batch))
    metrics.count(metrics.BATCHES, batch.kind, outcome)
    if seconds is not None:
        metrics.measure(metrics.BATCH_SECONDS, batch.kind, seconds=seconds)


def _tell(what: str, error: Exception | None, **fields: Any) -> None:
    """A refusal has a code; of anything else that was raised, the line says where."""
    if error is None or (isinstance(error, CohortsError) and not isinstance(error, Unavailable)):
        tell(logger, what, code=error.code if error else None, **fields)
    else:
        tell_fault(logger, what, error, **fields)
