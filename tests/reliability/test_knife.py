"""Web process, Redis, PostgreSQL and file store fail, in short form: nothing is lost, nothing doubled, people go on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.reliability.short import needs, run


def has_postgres_programs() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or bool(shutil.which("initdb"))


@pytest.mark.slow
def test_what_a_killed_web_process_committed_is_done_by_itself() -> None:
    report = run("web_kill", "--database", "sqlite", "--rounds", "1", "--students", "4", "--within", "120")
    assert (report["kills"], report["owed"], report["mails_twice"]) == (3, 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["kill", "hang", "flush"])
@pytest.mark.skipif(not shutil.which("redis-server"), reason="there is no redis-server here")
@needs("TEST_POSTGRES")
def test_people_go_on_while_redis_is_away(how: str) -> None:
    short = ["--students", "8", "--seconds", "6", "--answers-within", "10", "--done-within", "120"]
    report = run("redis_outage", "--how", how, "--seed", "1", *short)
    assert (report["lost"], report["doubled"], report["refused"], report["untrue"]) == (0, 0, [], [])


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["celery", "plain"])
@pytest.mark.skipif(not has_postgres_programs(), reason="there are no programs of PostgreSQL here")
@needs("TEST_REDIS")
def test_work_and_pages_survive_postgresql(workers: str) -> None:
    short = ["--students", "8", "--kills", "1", "--seconds", "3", "--within", "120"]
    report = run("postgres_kill", "--workers", workers, "--seed", "1", *short)
    assert report["kills"] == 1 and report["workers_survived"]
    assert (report["lost"], report["doubled"]) == (0, 0)


@pytest.mark.slow
def test_a_failing_file_store_changes_nothing() -> None:
    report = run("storage_failure", "--points", "5", "--random", "2", "--seed", "1")
    assert report["failures"] > 40
