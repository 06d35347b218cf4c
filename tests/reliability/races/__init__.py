"""Pairs of people who act in the same moment: one order or the other came true, and nothing in between.

A race is a function that takes the table at which the two meet and a cohort of its own; it asserts what must hold
whichever of them was first. ``python -m tests.reliability.races`` lets each pair meet many times.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Race:
    """``stage`` says how far each round's cohort has come; with ``cohorts`` above one, a round gets so many."""

    name: str
    stage: str
    meet: Callable[..., None]
    cohorts: int = 1


RACES: dict[str, Race] = {}


def race(name: str, *, stage: str, cohorts: int = 1) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def register(meet: Callable[..., None]) -> Callable[..., None]:
        RACES[name] = Race(name, stage, meet, cohorts)
        return meet

    return register
