"""What the cohort should be after each call, and which calls must be refused: plain Python, no row, no query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.reliability.life.expect_jobs import JobSide
from tests.reliability.life.state import Refused


class Model(JobSide):
    """Each operation has a method of its name: it checks everything first, then changes the state, and tells the
    events that the chains must get, in order. ``Refused`` names the conditions for which the call is refused."""

    def expect(self, operation: str, *arguments: Any) -> tuple[str, ...]:
        """Do it; return the conditions of a refusal, none when it must work."""
        self.told, self.moved, self.said_no = [], [], []
        method: Callable[..., None] = getattr(self, operation)
        try:
            method(*arguments)
        except Refused as refused:
            return refused.conditions
        return ()
