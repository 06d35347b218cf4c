"""Pairs of people in the same moment, in short form, as a program of its own: one order or the other, and no fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.reliability import races
from tests.reliability.races import completion, gate, guardians, links, sponsors, students

REPOSITORY = Path(__file__).resolve().parent.parent.parent
NAMED = {
    "sign/reject", "withdraw/bulk", "finalize/upload", "double sign", "rotate/open", "last two students",
    "two sponsors' clicks",
}  # fmt: skip


def hold(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.reliability.races", "--seed", "1", *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=600, check=False)
    assert done.stdout, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, report
    return report


def check(report: dict[str, Any], *, times: int) -> None:
    assert set(report["pairs"]) == set(races.RACES) >= NAMED
    assert (report["races"], report["inconsistent"], report["faults"]) == (times * len(races.RACES), 0, 0)
    assert report["chains_valid"] and report["an_event_for_each_act"] and report["one_invitation_each"]


def test_each_pair_is_registered_in_a_room_of_its_own_subject() -> None:
    rooms = {room.__name__ for room in (completion, gate, guardians, links, sponsors, students)}
    assert {one.meet.__module__ for one in races.RACES.values()} == rooms


@pytest.mark.services
@pytest.mark.skipif(
    not os.environ.get("DATABASE", "sqlite").startswith(("postgres", "mysql")),
    reason="DATABASE names no server",
)
def test_pairs_of_people_on_a_server() -> None:
    check(hold("--database", f"{os.environ['DATABASE']}_races", "--races", "4"), times=4)


@pytest.mark.slow
def test_pairs_of_people_on_sqlite() -> None:
    check(hold("--races", "3"), times=3)
