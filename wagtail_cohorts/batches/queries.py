"""Progress, read from the rows."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from wagtail_cohorts.batches.models import Batch, BatchItem


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
