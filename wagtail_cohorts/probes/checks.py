"""Whether the parts that the package stands on answer. Cheap: the dear ones are asked once in ten seconds a process."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection

from wagtail_cohorts.conf import settings
from wagtail_cohorts.files.storage import storage
from wagtail_cohorts.jobs import reach_broker
from wagtail_cohorts.probes.backlog import waiting
from wagtail_cohorts.watching.lines import name_of, tell

logger = logging.getLogger(__name__)
REMEMBERED_SECONDS = 10.0


@dataclass(frozen=True)
class Check:
    """``ask`` returns facts, or raises. Without a part that is ``needed`` the site cannot serve people."""

    name: str
    ask: Callable[[], dict[str, Any]]
    is_needed: bool = False
    is_dear: bool = False


class Late(Exception):
    """Due work waits for longer than a living worker would let it."""

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__("late")
        self.facts = facts


def _database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return {}


def _storage() -> dict[str, Any]:
    """A small file is written, read and removed."""
    place = storage()
    name = place.save(f"health/{uuid.uuid4().hex}", ContentFile(b"well"))
    try:
        with place.open(name, "rb") as handle:
            if handle.read() != b"well":
                raise OSError("another content")
    finally:
        place.delete(name)
    return {}


def _cache() -> dict[str, Any]:
    key = f"wagtail-cohorts-health-{uuid.uuid4().hex}"
    cache.set(key, 1, timeout=5)
    cache.delete(key)
    return {}


def _broker() -> dict[str, Any]:
    reach_broker()
    return {}


def _work() -> dict[str, Any]:
    """Rows are the queue: if nobody works on what is due, no worker runs, with or without a broker."""
    found = waiting().values()
    oldest = max((one.seconds for one in found), default=0.0)
    facts = {"waiting": sum(one.rows for one in found), "oldest_seconds": round(oldest)}
    if oldest > settings.LATE_SECONDS:
        raise Late(facts)
    return facts


def checks() -> list[Check]:
    """The parts that this site has."""
    broker = [Check("broker", _broker, is_dear=True)] if settings.USE_CELERY else []
    return [
        Check("database", _database, is_needed=True),
        Check("storage", _storage, is_needed=True, is_dear=True),
        Check("cache", _cache),
        *broker,
        Check("work", _work),
    ]


_remembered: dict[str, tuple[float, dict[str, Any]]] = {}


def forget() -> None:
    """The next question asks every part anew."""
    _remembered.clear()


def run(check: Check) -> dict[str, Any]:
    """``ok``, how long it took, and its facts; of a failure only the exception's kind."""
    asked_at, found = _remembered.get(check.name, (0.0, {}))
    if found and time.monotonic() - asked_at < REMEMBERED_SECONDS:
        return found
    found = _asked(check)
    if check.is_dear:
        _remembered[check.name] = (time.monotonic(), found)
    return found


def _asked(check: Check) -> dict[str, Any]:
    began = time.perf_counter()
    try:
        facts, outcome = check.ask(), {"ok": True}
    except Late as late:
        facts, outcome = late.facts, {"ok": False}
    except Exception as error:  # whatever the part's client raises
        facts, outcome = {"error": name_of(error)}, {"ok": False}
    if not outcome["ok"]:
        tell(logger, "health.failed", level=logging.WARNING, check=check.name, **facts)
    return {**outcome, "ms": round((time.perf_counter() - began) * 1000, 1), **facts}
