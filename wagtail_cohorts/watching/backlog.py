"""How much work waits, as the rooms that keep it count it."""

from __future__ import annotations

from typing import NamedTuple


class Waiting(NamedTuple):
    """``rows`` are due and in nobody's hands; ``seconds`` is how long nobody has worked on the oldest of it."""

    rows: int
    seconds: float
