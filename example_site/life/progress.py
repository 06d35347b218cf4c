"""What the demo prints while it works: a line a step, with a bar where there is something to count."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO, TypeVar

T = TypeVar("T")
WIDTH = 24


class Progress:
    """Steps with their seconds; a bar that redraws itself only on a terminal."""

    def __init__(self, out: TextIO = sys.stdout) -> None:
        self.out = out
        self.seconds: dict[str, float] = {}
        self.is_terminal = out.isatty()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        started = time.perf_counter()
        self._write(f"  {title} ...", end="\r" if self.is_terminal else "\n")
        yield
        taken = time.perf_counter() - started
        self.seconds[title] = taken
        if self.is_terminal:
            self._write("\x1b[2K", end="\r")
        self._write(f"  {title:<58}{taken:>7.2f} s")

    def count(self, title: str, things: Iterable[T], total: int) -> Iterator[T]:
        """The same things, with a bar that moves as they are taken."""
        with self.step(title):
            for number, thing in enumerate(things, 1):
                yield thing
                self._bar(title, number, total)

    def _bar(self, title: str, number: int, total: int) -> None:
        if self.is_terminal:
            filled = WIDTH * number // max(total, 1)
            bar = "█" * filled + "░" * (WIDTH - filled)
            self._write(f"\x1b[2K  {title:<40} {bar} {number}/{total}", end="\r")

    def say(self, text: str = "") -> None:
        self._write(text)

    def _write(self, text: str, end: str = "\n") -> None:
        self.out.write(text + end)
        self.out.flush()
