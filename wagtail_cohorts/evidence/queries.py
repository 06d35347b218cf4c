"""How many deliveries wait, read from the rows."""

from __future__ import annotations

from django.db.models import Count, Min, Q
from django.utils import timezone

from wagtail_cohorts.evidence.models import Delivery
from wagtail_cohorts.watching.backlog import Waiting


def waiting_deliveries() -> dict[str, Waiting]:
    """What is due now, by consumer; one that failed and is tried again later is not due until then."""
    now = timezone.now()
    due = Delivery.objects.filter(state=Delivery.PENDING, due_at__lte=now)
    due = due.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))
    found = due.values_list("consumer").annotate(Count("pk"), Min("due_at")).order_by("consumer")
    return {name: Waiting(count, (now - oldest).total_seconds()) for name, count, oldest in found}


def failed_deliveries() -> dict[str, int]:
    """What was given up after the last try and waits for a person, by consumer."""
    failed = Delivery.objects.filter(state=Delivery.FAILED)
    return dict(failed.values_list("consumer").annotate(Count("pk")).order_by("consumer"))
