"""Doing what is owed: due deliveries are claimed with a lease, done, and retried with back-off."""

from __future__ import annotations

import logging
import random
import time
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from wagtail_cohorts.conf import settings
from wagtail_cohorts.evidence import consumers
from wagtail_cohorts.evidence.models import Delivery
from wagtail_cohorts.transactions import again
from wagtail_cohorts.watching import metrics
from wagtail_cohorts.watching.context import ids_of, scope
from wagtail_cohorts.watching.lines import tell, tell_fault

logger = logging.getLogger(__name__)
LEASE_SECONDS = 120  # longer than a slow mail server takes: whoever is only slow must not be taken for dead
BACKOFF_SECONDS = [5, 60, 600, 3600, 6 * 3600]


def run_due_deliveries(limit: int = 100) -> int:
    """Do up to ``limit`` due deliveries; return how many were taken. Safe to run in many processes."""
    taken = 0
    while taken < limit and (delivery := _claim()) is not None:
        with scope(
            delivery=delivery.pk, event=delivery.event_id, consumer=delivery.consumer, **_about(delivery)
        ):
            _deliver(delivery)
        taken += 1
    return taken


@again
def _claim() -> Delivery | None:
    now = timezone.now()
    skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        due = Delivery.objects.select_for_update(skip_locked=skip).filter(
            state=Delivery.PENDING, due_at__lte=now
        )
        due = due.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now)).order_by("due_at", "pk")
        delivery = due.first()
        if delivery is None:
            return None
        delivery.lease_until = now + timedelta(seconds=LEASE_SECONDS)
        delivery.tries += 1
        delivery.save(update_fields=["lease_until", "tries"])
    return delivery


def _about(delivery: Delivery) -> dict[str, Any]:
    stream = delivery.event.stream
    return {"institution": stream.institution_id, **ids_of(stream.key)}


def _deliver(delivery: Delivery) -> None:
    consumer, began = consumers.consumer_named(delivery.consumer), time.perf_counter()
    try:
        if consumer is None:
            raise LookupError(f"No consumer {delivery.consumer!r}.")
        consumer.deliver(delivery)
    except Exception as error:  # a consumer's failure must not stop the others
        tell_fault(logger, "delivery.failed", error, consumer=delivery.consumer, tries=delivery.tries)
        metrics.count(metrics.DELIVERIES, delivery.consumer, "failed")
        _postpone(delivery, error)
        return
    now = timezone.now()
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Delivery.DONE, done_at=now, lease_until=None, error=""
    )
    tell(logger, "delivery.done", consumer=delivery.consumer, seconds=round(time.perf_counter() - began, 3))
    metrics.count(metrics.DELIVERIES, delivery.consumer, "done")


def _postpone(delivery: Delivery, error: Exception) -> None:
    wait = BACKOFF_SECONDS[min(delivery.tries - 1, len(BACKOFF_SECONDS) - 1)] * random.uniform(0.8, 1.2)  # noqa: S311
    state = Delivery.FAILED if delivery.tries >= settings.MAX_TRIES else Delivery.PENDING
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state,
        due_at=timezone.now() + timedelta(seconds=wait),
        lease_until=None,
        error=type(error).__name__,
    )


def retry(delivery: Delivery) -> None:
    """Put a failed delivery back into the queue."""
    Delivery.objects.filter(pk=delivery.pk, state=Delivery.FAILED).update(
        state=Delivery.PENDING, tries=0, due_at=timezone.now(), error=""
    )
