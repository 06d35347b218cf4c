"""Progress, read from the rows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.utils import timezone

from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import idle_batch_ids
from wagtail_cohorts.watching.backlog import Waiting


@dataclass(frozen=True)
class Progress:
    total: int
    prepared: int
    failed: int

    @property
    def finished(self) -> int:
        return self.prepared + self.failed

    @property
    def percent(self) -> int:
        return 100 if not self.total else self.finished * 100 // self.total


def progress_of(batch: Batch) -> Progress:
    counts = batch.items.aggregate(
        total=Count("pk"),
        prepared=Count("pk", filter=Q(state=BatchItem.PREPARED)),
        failed=Count("pk", filter=Q(state=BatchItem.FAILED)),
    )
    return Progress(**counts)


def waiting_items(batch_id: int) -> int:
    """How many items nobody has taken yet."""
    waiting = BatchItem.objects.filter(
        batch_id=batch_id, batch__state__in=Batch.OPEN, state=BatchItem.PENDING
    )
    return waiting.filter(lease_until=None).count()


def failed_items(batch: Batch) -> list[BatchItem]:
    return list(batch.items.filter(state=BatchItem.FAILED))


def waiting_batches() -> dict[str, Waiting]:
    """Batches with something due on which nobody works now, by kind; the count is their items, the last step is one.

    The time runs from the last thing that happened in a batch: between two items nobody holds one either.
    """
    now = timezone.now()
    found: dict[str, Waiting] = {}
    pending = Count("items", filter=Q(items__state=BatchItem.PENDING))
    idle = Batch.objects.filter(pk__in=idle_batch_ids()).annotate(
        pending=pending, finished=Max("items__finished_at"), held=Max("items__lease_until")
    )
    for batch in idle:
        last = max(moment for moment in (batch.created_at, batch.finished, batch.held) if moment)
        before = found.get(batch.kind, Waiting(0, 0.0))
        found[batch.kind] = Waiting(
            before.rows + (batch.pending or 1), max(before.seconds, (now - last).total_seconds())
        )
    return found
