"""The scan of logs finds what it is for, in a run of tests as in a file: a scan that cannot fail proves nothing."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from example_site.people import students
from tests import factories as make
from tests.log_watch import WATCH, LogWatch
from tests.reliability import scan
from tests.reliability.scan import found_in
from tests.watching.programs import REPOSITORY
from wagtail_cohorts.enrollments.operations import link_of
from wagtail_cohorts.links.operations import token_of


@pytest.fixture
def watch() -> Any:
    """A watch beside the one of this run, which must not hear what these tests say on purpose."""
    own = LogWatch()
    logger = logging.getLogger("tests.of.the.watch")
    logger.propagate = False
    logger.addHandler(own)
    yield own, logger
    logger.removeHandler(own)


@pytest.mark.django_db
def test_the_people_of_the_factories_are_found() -> None:
    cohort = make.enrolling()
    enrollment, contact = make.invited(cohort), make.contact_of(cohort)
    for text in (
        enrollment.full_name, enrollment.first_name, enrollment.last_name, enrollment.email, contact.name,
        contact.email, token_of(link_of(enrollment)), "8001015009087",
    ):  # fmt: skip
        assert found_in(f"before {text}, after"), text


def test_the_people_of_the_example_site_are_found() -> None:
    for student in students(120):
        assert found_in(f"before {student.full_name}, after"), student
        assert found_in(f"id={student.identity_number}") and found_in(student.email)


@pytest.mark.parametrize(
    "text",
    [
        "cohort=0e111681-b544-4426-8192-421dfb57b5f7",
        "file 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "1764000000000 milliseconds",
        "GET /papers/o/***/ HTTP/1.1",
        "celery@machine.local ready",
        "actor_key=user:3",
    ],
)
def test_ids_hashes_and_masks_are_not(text: str) -> None:
    assert found_in(text) == []


def test_the_message_its_arguments_and_its_fields_are_read(watch: Any) -> None:
    own, logger = watch
    logger.warning("for %s", "naledi@example.com")
    logger.warning("fine", extra={"who": "Thembi 12"})
    assert [one.split(": ")[-1] for one in own.take()] == ["e-mail naledi@example.com", "name Thembi 12"]
    assert own.take() == [] and own.lines == 2


def test_exceptions_are_read_with_what_they_say(watch: Any) -> None:
    own, logger = watch
    number = "8001015009087"
    try:
        raise ValueError(number)
    except ValueError:
        logger.exception("fine")
    assert any("identity number" in one for one in own.take())


@pytest.mark.django_db
def test_the_run_is_really_read(client: Client) -> None:
    """Django's lines, ours, and those that do not reach the root logger."""
    before = WATCH.lines
    client.get("/no-such-page/")
    client.get("/papers/o/nothing/")
    logging.getLogger("django.server").info("fine")
    assert WATCH.lines >= before + 3


CONFTEST = """
from tests.log_watch import pytest_runtest_call, pytest_runtest_teardown
from tests.log_watch import pytest_sessionfinish, pytest_sessionstart
"""
TESTS = """
import logging

def test_quiet():
    logging.getLogger("any").warning("cohort=%s", 3)

def test_talkative():
    logging.getLogger("any").warning("signed by %s", "Naledi7 " + "Mokoena")
"""


def test_a_test_that_logs_a_person_fails(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_two.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", "/dev/null", str(tmp_path)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1 and "2 passed" in done.stdout and "1 error" in done.stdout, done.stdout
    assert "ERROR at teardown of test_talkative" in done.stdout and "name Naledi7" in done.stdout


def test_the_program_reads_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clean, dirty = tmp_path / "clean.log", tmp_path / "dirty.log"
    clean.write_text('{"message": "cohort.opened"}\n')
    dirty.write_text(f"fine\nGET /papers/o/{'aB3-' * 10}xyz/\n")
    assert scan.main([str(clean)]) == 0
    assert scan.main([str(clean), str(dirty)]) == 1
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (report["files"], report["lines"]) == (2, 3) and report["first"][0].startswith(
        "dirty.log:2: token"
    )


def test_a_scan_of_nothing_proves_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.log").write_text("")
    assert scan.main([str(tmp_path / "empty.log")]) == 1
