"""What every step of the machine does: the same call on the model and on the real thing, then everything compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from tests.reliability.life.checks import Checks, Divergence, rows_written
from tests.reliability.life.coverage import Coverage
from tests.reliability.life.forward import next_calls
from tests.reliability.life.model import Model
from tests.reliability.life.real import Real
from tests.reliability.life.shapes import CHOICES
from tests.reliability.life.tables import REFUSALS
from tests.reliability.life.world import World
from tests.reliability.life.wrong import any_call, is_refused
from wagtail_cohorts.exceptions import CohortsError

PARTIES = (
    {"sponsor": 0, "lead": 0, "host": 1},
    {"sponsor": 1, "lead": 0, "host": 0},
    {"sponsor": 0, "lead": 1, "host": 0},
)
"""One contact for all, or two who sign after each other."""
PLACES = st.integers(0, 9999)


class Machine(RuleBasedStateMachine):
    world: World
    coverage: Coverage

    def __init__(self) -> None:
        super().__init__()
        self._undone = transaction.atomic()
        self._undone.__enter__()
        self.model: Any = None
        self.trail: list[tuple[Any, ...]] = []
        self.has_diverged = False

    def teardown(self) -> None:
        """What this run wrote is undone; the next begins with the same world."""
        try:
            if self.model is not None and not self.has_diverged:
                self.coverage.runs += 1
                self.checks.at_the_end()
            self.world.forget_files()
        finally:
            transaction.set_rollback(True)
            self._undone.__exit__(None, None, None)

    @invariant()
    def a_step_is_over(self) -> None:
        self.coverage.steps += 1

    @initialize(
        chosen=st.sampled_from(CHOICES),
        documents=st.sampled_from([[True], [True], [True, False], []]),
        parties=st.sampled_from(PARTIES),
        moves=st.integers(0, 30).flatmap(lambda length: st.lists(PLACES, min_size=length, max_size=length)),
    )
    def begin(
        self, chosen: tuple[int, ...], documents: list[bool], parties: dict[str, int], moves: list[int]
    ) -> None:
        """A draft, which has gone its ordinary way for a while."""
        self.found(chosen, documents, parties)
        self.forward(moves)

    def found(self, chosen: tuple[int, ...], documents: list[bool], parties: dict[str, int]) -> None:
        self.model = Model(chosen=chosen, documents=documents, parties=dict(parties))
        self.trail.append(("begin", chosen, documents, parties))
        self.real = Real(self.world, chosen=chosen, documents=documents, parties=parties)
        self.checks = Checks(self.real, self.model)

    def call(self, operation: str, *arguments: Any) -> None:
        """Once on the model, once on the real thing; then everything is compared."""
        self.trail.append((operation, *arguments))
        try:
            self._call(operation, *arguments)
        except Exception as error:
            self.has_diverged = True
            error.add_note(" ; ".join(map(str, self.trail)))
            raise

    def _call(self, operation: str, *arguments: Any) -> None:
        self.coverage.calls += 1
        before = self.model.state
        conditions = self.model.expect(operation, *arguments)
        refused: CohortsError | None = None
        writes = rows_written()
        try:
            getattr(self.real, operation)(*arguments)
        except CohortsError as error:
            refused = error
        self._compare(operation, conditions, refused)
        if not conditions or writes is None or writes != rows_written():
            self.checks.after_call()
        self._count(operation, conditions, before)

    def _compare(self, operation: str, conditions: tuple[str, ...], refused: CohortsError | None) -> None:
        expected = {REFUSALS[operation][condition] for condition in conditions}
        found = {type(refused)} if refused else set()
        if found != expected:
            raise Divergence(
                f"{operation}: refused with {refused!r}, expected {conditions or 'that it works'}"
            )

    def _count(self, operation: str, conditions: tuple[str, ...], before: str) -> None:
        self.coverage.refusals.update(f"{operation}: {condition}" for condition in conditions)
        self.coverage.refusals.update(self.model.said_no)
        if not conditions:
            self.coverage.transitions.update(self.model.moved)
            self.coverage.allowed[f"{operation}: {before}"] += 1

    def try_wrong_call(self, choice: int) -> None:
        """One call of all there are; only if it must be refused now."""
        calls = any_call(self.model)
        call = calls[choice % len(calls)]
        if is_refused(self.model, call):
            self.call(*call)

    def forward(self, moves: Iterable[int]) -> None:
        """Helpful calls, each after one that may be wrong."""
        for choice in moves:
            self.try_wrong_call(choice // 12)
            calls = next_calls(self.model)
            if calls:
                self.call(*calls[choice % len(calls)])

    def number(self, whom: int) -> int:
        return whom % len(self.model.students)
