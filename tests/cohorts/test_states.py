"""Every cell of the cohort's table: what is listed is allowed, and everything else is refused."""

from __future__ import annotations

import itertools

import pytest

from tests import factories as make
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import OPEN_STATES, STEP_BACK, TRANSITIONS, CohortState
from wagtail_cohorts.cohorts.transitions import move
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import Incomplete, WrongState

CELLS = list(itertools.product(TRANSITIONS, CohortState, CohortState))


@pytest.fixture
def cohort(db: None) -> Cohort:
    return make.cohort(make.institution(), versions=[])


def test_the_table_allows_and_refuses_exactly_what_it_says(cohort: Cohort) -> None:
    for name, source, target in CELLS:
        transition = TRANSITIONS[name]
        cohort.state = source
        allowed = source in transition.sources and target in transition.targets
        if allowed:
            event = move(cohort, name, target, actor=SYSTEM_ACTOR, reason="a reason")
            assert cohort.state == target and event.name == transition.event
        else:
            with pytest.raises(WrongState):
                move(cohort, name, target, actor=SYSTEM_ACTOR, reason="a reason")
            assert cohort.state == source


def test_a_move_is_written_and_told(cohort: Cohort) -> None:
    move(cohort, "cancel", CohortState.CANCELLED, actor=SYSTEM_ACTOR, reason="No funding")
    assert Cohort.objects.get(pk=cohort.pk).state == "cancelled"
    event = Event.objects.get(name="cohort.cancelled")
    assert event.data["data"]["from"] == "draft" and event.detail.values["reason"] == "No funding"


@pytest.mark.parametrize("name", [name for name, row in TRANSITIONS.items() if row.needs_reason])
def test_some_moves_need_a_reason(cohort: Cohort, name: str) -> None:
    transition = TRANSITIONS[name]
    cohort.state = transition.sources[0]
    with pytest.raises(Incomplete):
        move(cohort, name, transition.targets[0], actor=SYSTEM_ACTOR, reason="  ")


def test_every_open_state_can_be_cancelled_and_no_other() -> None:
    assert set(TRANSITIONS["cancel"].sources) == set(OPEN_STATES)
    assert set(CohortState) - set(OPEN_STATES) == {CohortState.COMPLETED, CohortState.CANCELLED}


def test_steps_back_are_in_the_table() -> None:
    back = TRANSITIONS["step_back"]
    assert (set(back.sources), set(back.targets)) == (set(STEP_BACK), set(STEP_BACK.values()))


def test_completed_and_cancelled_are_final() -> None:
    assert all(
        state not in transition.sources
        for transition in TRANSITIONS.values()
        for state in (CohortState.COMPLETED, CohortState.CANCELLED)
    )
