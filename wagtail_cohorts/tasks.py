"""Index of Celery tasks: ids as arguments; each does what rows are due, and may run twice."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from wagtail_cohorts.batches.operations import idle_batch_ids, run_due_items
from wagtail_cohorts.batches.queries import waiting_items
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.notifications.sponsor_reminders import run_due_sponsor_reminders
from wagtail_cohorts.watching.context import scope

OPTIONS: dict[str, Any] = {
    "bind": True,
    "acks_late": True,
    "reject_on_worker_lost": True,
    "ignore_result": True,
    "time_limit": 120,
    "soft_time_limit": 100,
}
SLICE = 10
SWEEP_SECONDS = 5.0


@shared_task(name="wagtail_cohorts.run_batches", **OPTIONS)
def run_batches(self: Any, batch_id: int) -> None:
    """Do a slice of one batch. While more than a slice waits, ring for the next worker first: they share the batch."""
    with scope(task=self.request.id):
        if waiting_items(batch_id) > SLICE:
            run_batches.apply_async(args=(batch_id,), retry=False)
        run_due_items(batch_id=batch_id, limit=SLICE)


@shared_task(name="wagtail_cohorts.run_deliveries", **OPTIONS)
def run_deliveries(self: Any) -> None:
    with scope(task=self.request.id):
        run_due_deliveries(limit=100)


@shared_task(name="wagtail_cohorts.sweep", **OPTIONS)
def sweep(self: Any) -> None:
    """Beat calls this every few seconds: what was committed and not done is done."""
    with scope(task=self.request.id):
        for batch_id in idle_batch_ids():
            run_batches.apply_async(args=(batch_id,), retry=False)
        run_due_items(limit=SLICE)
        run_due_sponsor_reminders()
        run_due_deliveries(limit=100)


@worker_ready.connect
def sweep_at_start(**kwargs: Any) -> None:
    """A worker that starts is often one that died: it need not wait for beat."""
    sweep.apply_async(retry=False)


def beat_schedule() -> dict[str, dict[str, object]]:
    """For the host's ``CELERY_BEAT_SCHEDULE``. A sweep that beat could not send in time is not worth sending."""
    return {
        "wagtail-cohorts-sweep": {
            "task": "wagtail_cohorts.sweep",
            "schedule": SWEEP_SECONDS,
            "options": {"expires": 3 * SWEEP_SECONDS},
        }
    }
