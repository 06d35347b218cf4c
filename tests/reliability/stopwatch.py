"""How long it took from each kill to the next piece of work that was done."""

from __future__ import annotations

import time


class Stopwatch:
    """``kill`` starts a watch, ``done`` tells how many pieces are done by now and stops those that waited for one."""

    def __init__(self) -> None:
        self._running: list[tuple[float, int]] = []
        self.seconds: list[float] = []

    def kill(self, done: int) -> None:
        self._running.append((time.monotonic(), done))

    def done(self, done: int) -> None:
        now = time.monotonic()
        self.seconds += [now - at for at, before in self._running if done > before]
        self._running = [(at, before) for at, before in self._running if done <= before]

    def report(self) -> dict[str, float | int]:
        longest, middle = max(self.seconds, default=0.0), sorted(self.seconds)[len(self.seconds) // 2 :][:1]
        return {
            "resumed": len(self.seconds),
            "never_resumed": len(self._running),
            "longest_resume_seconds": round(longest, 1),
            "median_resume_seconds": round(middle[0], 1) if middle else 0.0,
        }
