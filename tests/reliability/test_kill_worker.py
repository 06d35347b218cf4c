"""The kill test in short form, as a program of its own: a SIGKILL loses nothing and doubles nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent


def kill_test(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.reliability.kill_worker", *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=280, check=False)
    assert done.stdout, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, report
    return report


def check(report: dict[str, Any], *, documents: int) -> None:
    assert (report["signed"], report["lost"], report["doubled"]) == (documents, 0, 0)
    assert report["chain_valid"]
    assert report["kills"] >= 2
    assert report["cohort_moved_on"]


@pytest.mark.slow
def test_killed_workers_without_a_broker_lose_and_double_nothing() -> None:
    check(kill_test("--database", "sqlite", "--students", "8", "--kills", "3", "--seed", "1"), documents=24)


@pytest.mark.services
@pytest.mark.skipif(
    not (os.environ.get("TEST_POSTGRES") and os.environ.get("TEST_REDIS")),
    reason="TEST_POSTGRES and TEST_REDIS name no servers",
)
def test_killed_celery_workers_lose_and_double_nothing() -> None:
    check(kill_test("--database", "postgres", "--students", "8", "--kills", "3", "--seed", "1"), documents=24)
