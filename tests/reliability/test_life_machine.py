"""The state machine over the whole life, in short; its long form is ``python -m tests.reliability.life_machine``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.reliability.life.coverage import Coverage
from tests.reliability.life.running import live, tour
from tests.reliability.life.tables import refusals, transitions
from tests.reliability.life.world import make_world

REPOSITORY = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def in_memory(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "wagtail_cohorts": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }


@pytest.mark.django_db
def test_every_call_does_what_a_plain_model_says(in_memory: None) -> None:
    found = live(make_world(), runs=15, steps=30, number=4)
    assert found.divergences == []
    assert found.runs >= 15 and len(found.transitions) > 12 and len(found.refusals) > 40


@pytest.mark.django_db
def test_a_way_to_a_goal_is_found_on_the_model_and_lived_for_real(in_memory: None) -> None:
    found = tour(
        make_world(), ["cancel: institution_signing -> cancelled", "commit_finalize: moved"], number=4
    )
    assert (found.divergences, found.runs) == ([], 2)
    assert found.transitions["cancel: institution_signing -> cancelled"] == 1
    assert found.refusals["commit_finalize: moved"] >= 1


def test_what_was_never_exercised_is_named() -> None:
    coverage = Coverage()
    coverage.transitions.update(transitions()[1:])
    coverage.refusals.update(refusals()[:-1])
    assert coverage.missing() == [f"transition {transitions()[0]}", f"refusal {refusals()[-1]}"]


@pytest.mark.slow
def test_lives_exercise_every_move_and_refusal() -> None:
    program = [sys.executable, "-m", "tests.reliability.life_machine"]
    command = [*program, "--runs", "40", "--seed", "1"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=3000, check=False)
    assert done.stdout, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert (report["first_divergences"], done.returncode) == ([], 0)
    assert report["missing"] == []
