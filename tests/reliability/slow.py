"""Makes signing slow, so that a kill finds it in the middle: between items, in an item, and in the commit."""

from __future__ import annotations

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


class SlowConfig(AppConfig):
    name = "tests.reliability"
    label = "reliability"

    def ready(self) -> None:
        from wagtail_cohorts.batches import kinds

        if settings.RELIABILITY_DELAY:
            kinds.register(slow_kind(kinds.kind_named("sign"), settings.RELIABILITY_DELAY))
