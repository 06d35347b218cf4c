"""A way to each goal, a transition or a refusal of the tables, found by tries on the model alone.

Chance alone seldom meets some of them: a guardian's no after a document was sent back, a job that meets a newer one.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any, NamedTuple

from tests.reliability.life.forward import next_calls
from tests.reliability.life.machine import PARTIES
from tests.reliability.life.model import Model
from tests.reliability.life.shapes import CHOICES
from tests.reliability.life.tables import refusals, transitions
from tests.reliability.life.wrong import any_call

Call = tuple[Any, ...]
GOALS = [*transitions(), *refusals()]
DOCUMENTS: tuple[list[bool], ...] = ([True], [True, False], [])
MOST_CALLS, TRIES_A_COHORT, ROUNDS = 60, 4, 20


class Route(NamedTuple):
    """The cohort of ``Machine.begin``, and the calls on it that end with the goal."""

    chosen: tuple[int, ...]
    documents: list[bool]
    parties: dict[str, int]
    calls: list[Call]


def route_to(goal: str, random: Random) -> Route | None:
    """A way to the goal in a cohort in which there is one; None if none was found."""
    for chosen, documents, parties in _cohorts(random):
        model = Model(chosen=chosen, documents=documents, parties=dict(parties))
        for _try in range(TRIES_A_COHORT):
            calls = _try_out(copy.deepcopy(model), goal, random)
            if calls:
                return Route(chosen, documents, parties, calls)
    return None


def _cohorts(random: Random) -> Iterator[tuple[tuple[int, ...], list[bool], dict[str, int]]]:
    kinds = list(product(CHOICES, DOCUMENTS, PARTIES))
    for _round in range(ROUNDS):
        random.shuffle(kinds)
        yield from kinds


def _try_out(model: Model, goal: str, random: Random) -> list[Call]:
    """Mostly helpful calls, until the goal was reached; nothing when it was not."""
    calls: list[Call] = []
    while len(calls) < MOST_CALLS:
        last = _last_call(model, goal)
        if last:
            return [*calls, last]
        calls.append(_some_call(model, random))
        if goal in _reached(model, calls[-1]):
            return calls
    return []


def _some_call(model: Model, random: Random) -> Call:
    helpful = next_calls(model)
    return random.choice(helpful if helpful and random.random() < 0.6 else any_call(model))


def _last_call(model: Model, goal: str) -> Call | None:
    """A call of the goal's operation that reaches it at once."""
    operation = goal.partition(":")[0]
    near = (call for call in any_call(model) if call[0].startswith(operation))
    return next((call for call in near if goal in _reached(copy.deepcopy(model), call)), None)


def _reached(model: Model, call: Call) -> set[str]:
    """The transitions and refusals of this call, which is made on the model."""
    conditions = model.expect(*call)
    refused = {f"{call[0]}: {condition}" for condition in conditions}
    return refused | {*model.said_no} | (set() if conditions else {*model.moved})
