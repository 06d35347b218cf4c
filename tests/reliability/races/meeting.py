"""Letting acts meet, and counting what they were answered."""

from __future__ import annotations

import logging
import random
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from wagtail_cohorts.exceptions import CohortsError

REFUSED = "refused"
APART = 0.01
LONGEST_WAIT = 1.0
AT_ONCE = 3
Act = Callable[[], Any]


class Fault(str):
    """What a person would see as 5xx: an answer of that kind, or an error that is no refusal."""


class Table:
    """A place where acts meet. Each seat is a thread with a database connection of its own."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)
        self.answers: Counter[str] = Counter()
        self.first: Counter[str] = Counter()
        """Which of the acts was done first, and how often."""
        self.faults: list[str] = []
        self._seats = ThreadPoolExecutor(AT_ONCE)
        self._took = [0.0] * AT_ONCE

    def meet(self, *acts: Act) -> list[Any]:
        """What each act returned, REFUSED, or a Fault. They begin together, the quicker ones up to as much later as the
        slowest takes, so that each comes first now and then."""
        together, longest = Barrier(len(acts)), max(self._took[: len(acts)])
        waits = [
            self.chance.uniform(0, APART + (longest if self._took[seat] < longest else 0))
            for seat in range(len(acts))
        ]
        ends: dict[float, int] = {}

        def one(seat: int) -> Any:
            together.wait(timeout=30)
            time.sleep(waits[seat])
            began = time.monotonic()
            try:
                return acts[seat]()
            except CohortsError:
                return REFUSED
            except Exception:
                return Fault(traceback.format_exc(limit=-3))
            finally:
                ended = time.monotonic()
                ends[ended] = seat
                self._took[seat] = min(ended - began, LONGEST_WAIT)

        results = list(self._seats.map(one, range(len(acts))))
        self.first[f"{ends[min(ends)] + 1}."] += 1
        for result in results:
            self._count(result)
        return [getattr(result, "status_code", result) for result in results]

    def _count(self, result: Any) -> None:
        status = getattr(result, "status_code", None)
        if isinstance(result, Fault):
            self.faults.append(str(result))
        elif status is not None and status >= 500:
            error = getattr(result, "exc_info", None)
            self.faults.append(
                "".join(traceback.format_exception(*error, limit=-3)) if error else str(status)
            )
        kind = status or ("fault" if isinstance(result, Fault) else REFUSED if result == REFUSED else "done")
        self.answers[str(kind)] += 1

    def leave(self) -> None:
        """Each seat closes its connection."""
        together = Barrier(AT_ONCE)

        def close(_number: int) -> None:
            together.wait(timeout=30)
            connections.close_all()

        list(self._seats.map(close, range(AT_ONCE)))
        self._seats.shutdown()


class Repeats(logging.Handler):
    """How often an operation was begun anew because the database had given it up."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += "begins anew" in record.msg

    @classmethod
    def listening(cls) -> Repeats:
        handler, logger = cls(), logging.getLogger("wagtail_cohorts.transactions")
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        return handler
