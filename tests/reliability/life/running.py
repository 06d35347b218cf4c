"""Running the machine so many times in this process, by goals and by chance, and going on after a divergence."""

from __future__ import annotations

import gc
import traceback
from collections.abc import Sequence
from random import Random

from hypothesis import HealthCheck, Phase, Verbosity, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from wagtail.signal_handlers import disable_reference_index_auto_update

from tests.reliability.life.coverage import Coverage
from tests.reliability.life.routes import Route, route_to
from tests.reliability.life.rules import Life, machine_for
from tests.reliability.life.world import World

MOST_DIVERGENCES = 5


def tour(world: World, goals: Sequence[str], *, number: int) -> Coverage:
    """One life for each goal, lived for real by the way that was found on the model; ``number`` seeds the finding."""
    coverage = Coverage()
    machine_class = machine_for(world, coverage)
    with disable_reference_index_auto_update():
        for goal in goals:
            machine = machine_class()
            try:
                _go_to(machine, route_to(goal, Random(f"{number} {goal}")))
            except Exception as error:
                coverage.divergences.append(f"{goal}: {_told(error)}")
            finally:
                machine.teardown()
    return coverage


def _go_to(machine: Life, route: Route | None) -> None:
    assert route is not None, "no way was found"
    machine.found(route.chosen, route.documents, route.parties)
    for call in route.calls:
        machine.call(*call)
    machine.forward(range(0, 60, 12))


def live(world: World, *, runs: int, steps: int, number: int, shrink: bool = False) -> Coverage:
    """``runs`` lives of ``steps`` steps; ``number`` seeds them. A divergence is noted, and the rest goes on."""
    gc.collect()
    gc.freeze()  # what is loaded by now stays: there is no need to look at it again and again
    with disable_reference_index_auto_update():  # Wagtail's index of what refers to what is no part of a life
        return _live(world, runs=runs, steps=steps, number=number, shrink=shrink)


def _live(world: World, *, runs: int, steps: int, number: int, shrink: bool) -> Coverage:
    coverage = Coverage()
    while coverage.runs < runs and len(coverage.divergences) < MOST_DIVERGENCES:
        machine = seed(number + 7919 * len(coverage.divergences))(machine_for(world, coverage))
        phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=runs - coverage.runs, stateful_step_count=steps, database=None, deadline=None,
                    phases=phases, suppress_health_check=list(HealthCheck), verbosity=Verbosity.quiet,
                    report_multiple_bugs=False,
                ),
            )  # fmt: skip
        except Exception as error:
            coverage.divergences.append(_told(error))
            continue
        break
    return coverage


def _told(error: Exception) -> str:
    """What went wrong, where, and the calls that led there."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    notes = " ".join(getattr(error, "__notes__", []))
    return f"{type(error).__name__}: {error} ({place.filename}:{place.lineno}) after {notes}"
