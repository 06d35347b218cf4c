"""What waits for a worker, of all rooms, and its form for Prometheus: read from the rows when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wagtail_cohorts.batches.queries import waiting_batches
from wagtail_cohorts.evidence.queries import failed_deliveries, waiting_deliveries
from wagtail_cohorts.watching.backlog import Waiting
from wagtail_cohorts.watching.metrics import PREFIX

GAUGES = {
    "waiting": ("queue", "Rows of work that are due and in nobody's hands"),
    "waiting_seconds": ("queue", "How long nobody has worked on the oldest of them"),
    "deliveries_given_up": ("consumer", "Deliveries that failed at the last try and wait for a person"),
}


def waiting() -> dict[str, Waiting]:
    """By queue: ``batch:<kind>`` and ``delivery:<consumer>``."""
    batches = {f"batch:{kind}": found for kind, found in waiting_batches().items()}
    return batches | {f"delivery:{name}": found for name, found in waiting_deliveries().items()}


class BacklogCollector:
    """For a Prometheus registry. The same numbers in every process, so one place should ask: our metrics page does."""

    def describe(self) -> list[Any]:
        """Nothing at registration: no database is asked then."""
        return []

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        found = waiting()
        values: dict[str, dict[str, float]] = {
            "waiting": {name: one.rows for name, one in found.items()},
            "waiting_seconds": {name: one.seconds for name, one in found.items()},
            "deliveries_given_up": dict(failed_deliveries()),
        }
        for name, (label, text) in GAUGES.items():
            family = GaugeMetricFamily(PREFIX + name, text, labels=[label])
            for key, value in values[name].items():
                family.add_metric([key], value)
            yield family
