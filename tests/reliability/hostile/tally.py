"""What a run is judged by: no answer of 5xx, none that takes five seconds of work, and memory that stays flat."""

from __future__ import annotations

import gc
import os
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SLOWEST = 5.0  # seconds of this process's work
LONGEST = 60.0  # seconds on the clock: nothing waits this long, however busy the machine is
MOST_GROWTH = 100.0  # MB after the warm-up
MOST_TOLD = 60
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident() -> float:
    """Memory of this process in MB."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6


class Tally:
    """Counts answers; ``warm_up`` is after how many of them memory is measured for the first time."""

    def __init__(self, *, warm_up: int) -> None:
        self.warm_up = warm_up
        self.statuses: Counter[int] = Counter()
        self.kinds: Counter[str] = Counter()
        self.slowest: dict[str, Any] = {"cpu_seconds": 0.0}
        self.longest = 0.0
        self.faults: list[dict[str, Any]] = []
        self.memory = {"start": resident()}

    def ask(self, case: str, kind: str, request: Callable[[], Any]) -> Any:
        """Send one request, and count its answer under ``kind``. ``case`` says how to find it again."""
        began, busy = time.monotonic(), time.process_time()
        answer = _answer(request)
        took = {
            "cpu_seconds": round(time.process_time() - busy, 2),
            "seconds": round(time.monotonic() - began, 2),
        }
        told = {**took, "case": case, "kind": kind}
        self.statuses[answer.status_code] += 1
        self.kinds[kind.split(" ")[0]] += 1
        self.slowest = max(self.slowest, told, key=lambda found: found["cpu_seconds"])
        self.longest = max(self.longest, took["seconds"])
        is_slow = took["cpu_seconds"] > SLOWEST or took["seconds"] > LONGEST
        if answer.status_code >= 500 or is_slow:
            self.faults.append({**told, "status": answer.status_code, **_cause(answer)})
        if sum(self.statuses.values()) == self.warm_up:
            self.memory["warm"] = resident()
        return answer

    @property
    def growth(self) -> float:
        return resident() - self.memory.get("warm", self.memory["start"])

    @property
    def is_good(self) -> bool:
        return not self.faults and self.growth <= MOST_GROWTH

    def report(self) -> dict[str, Any]:
        memory = {**self.memory, "end": resident(), "growth": self.growth}
        return {
            "answers": sum(self.statuses.values()),
            "by_status": {str(code): number for code, number in sorted(self.statuses.items())},
            "by_kind": dict(sorted(self.kinds.items())),
            "answers_5xx": sum(number for code, number in self.statuses.items() if code >= 500),
            "slowest": self.slowest,
            "longest_seconds": self.longest,
            "memory_mb": {name: round(value, 1) for name, value in memory.items()},
            "faults": self.faults[:MOST_TOLD],
        }


@dataclass
class Escaped:
    """What a server answers to an exception that Django itself did not catch."""

    exc_info: Any
    status_code: int = 500
    pictures: tuple[str, ...] = ()


def _answer(request: Callable[[], Any]) -> Any:
    try:
        return request()
    except Exception:
        return Escaped(sys.exc_info())


def _cause(answer: Any) -> dict[str, Any]:
    """What was raised, and the last lines that it went through."""
    if getattr(answer, "exc_info", None) is None:
        return {}
    error = answer.exc_info[1]
    lines = [f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)[-6:]]
    return {"raised": f"{type(error).__name__}: {error}"[:300], "at": lines}
