"""Workers killed in the middle of a bulk signing, in short form: nothing is lost, nothing doubled."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reliability.short import needs, run

KILLS = ["--students", "8", "--kills", "3", "--seed", "1", "--within", "120"]


def check(report: dict[str, Any]) -> None:
    assert (report["signed"], report["lost"], report["doubled"], report["batch"]) == (24, 0, 0, "done")
    assert report["chain_valid"] and report["cohort_moved_on"]
    assert report["kills"] >= 2


@pytest.mark.slow
def test_killed_workers_without_a_broker_lose_and_double_nothing() -> None:
    check(run("kill_worker", "--database", "sqlite", *KILLS))


@pytest.mark.slow
@needs("TEST_POSTGRES", "TEST_REDIS")
def test_killed_celery_workers_lose_and_double_nothing() -> None:
    check(run("kill_worker", "--database", "postgres", *KILLS))


@pytest.mark.slow
@needs("TEST_MYSQL", "TEST_REDIS")
def test_killed_celery_workers_lose_and_double_nothing_on_mariadb() -> None:
    check(run("kill_worker", "--database", "mariadb", *KILLS))
