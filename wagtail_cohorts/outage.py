"""Remembers that a server did not answer, so that one request waits for it and the next ones do not."""

from __future__ import annotations

import time


class Outage:
    """One for each server, in each process. ``is_on`` is true for some seconds after ``begin``."""

    def __init__(self, seconds: float = 10.0) -> None:
        self._seconds = seconds
        self._until = 0.0

    @property
    def is_on(self) -> bool:
        return time.monotonic() < self._until

    def begin(self) -> None:
        self._until = time.monotonic() + self._seconds

    def end(self) -> None:
        self._until = 0.0
