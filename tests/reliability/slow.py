"""Makes work slow, so that a kill finds it in the middle: between items, in an item, and in the commit; and makes a
web process die between its commit and the doorbell."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.conf import settings

if TYPE_CHECKING:
    from wagtail_cohorts.batches.kinds import Kind
    from wagtail_cohorts.batches.models import Batch, BatchItem


def slow_kind(kind: Kind, delay: float) -> Kind:
    """Half of the delay before a copy is made, half between keeping it and saying so; twice of it in the commit."""

    def prepare(item: BatchItem) -> dict[str, Any]:
        time.sleep(delay / 2)
        result = kind.prepare(item)
        time.sleep(delay / 2)
        return result

    def commit(batch: Batch) -> dict[str, Any]:
        result = kind.commit(batch)
        time.sleep(delay * 4)
        return result

    return replace(kind, prepare=prepare, commit=commit)


def deadly_doorbell() -> None:
    """A process that is to ring for the task that the file names is killed instead; once."""
    from wagtail_cohorts import jobs

    ring = jobs._send

    def die_or_ring(task_name: str, args: tuple[Any, ...]) -> None:
        place = settings.RELIABILITY_DIES_ON
        if place.exists() and place.read_text() == task_name:
            place.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        ring(task_name, args)

    jobs._send = die_or_ring


class SlowConfig(AppConfig):
    name = "tests.reliability"
    label = "reliability"

    def ready(self) -> None:
        from wagtail_cohorts.batches import kinds

        deadly_doorbell()
        if settings.RELIABILITY_DELAY:
            for name in ("sign", "finalize"):
                kinds.register(slow_kind(kinds.kind_named(name), settings.RELIABILITY_DELAY))
