"""Reads every log record of the whole run: a token, name, e-mail or identity number in one fails its test.

Hooks for conftest.py. Works alike with and without xdist: each process reads what it writes.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

import pytest
from django.db import connections
from django.http import HttpRequest

from tests.reliability.scan import found_in

_LINES = pytest.StashKey[int]()
_PLAIN = logging.Formatter()


class LogWatch(logging.Handler):
    """Counts records, and keeps what was found in them until a test is blamed for it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines = 0
        self._found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += 1
        self._found += [f"{record.name}: {record.msg!r}: {one}" for one in found_in(text_of(record))]

    def take(self) -> list[str]:
        found, self._found = self._found, []
        return found


def text_of(record: logging.LogRecord) -> str:
    """All that any formatter may write of a record: message, fields, exception with what it says, stack."""
    fields = [
        f"{name}={value}"
        for name, value in vars(record).items()
        if not isinstance(value, HttpRequest)
        and name not in ("msg", "args", "exc_info", "pathname", "filename")
    ]
    trace = _PLAIN.formatException(record.exc_info) if record.exc_info and record.exc_info[0] else ""
    return "\n".join([record.getMessage(), *fields, trace, record.stack_info or ""])


WATCH = LogWatch()


def pytest_sessionstart(session: pytest.Session) -> None:
    """Before the root logger and before those that do not tell it."""
    loggers = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    for logger in [logging.root, *(one for one in loggers if not one.propagate)]:
        logger.addHandler(WATCH)
        logger.setLevel(min(logger.level or logging.INFO, logging.INFO))
    logging.getLogger("wagtail_cohorts").setLevel(logging.DEBUG)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """A test's transaction is rolled back: let it write the lines that its commit would have written."""
    result = yield
    for connection in connections.all(initialized_only=True):
        for _savepoints, act, _robust in list(connection.run_on_commit):
            if isinstance(act, partial) and act.func.__module__.startswith("wagtail_cohorts.watching"):
                act()
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Any:
    result = yield
    if found := WATCH.take():
        pytest.fail("The log tells what it should not:\n" + "\n".join(found[:10]), pytrace=False)
    return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What was written outside of any test, and the count for the process that writes the summary."""
    if found := WATCH.take():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        raise pytest.UsageError("The log tells what it should not: " + "; ".join(found[:10]))
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["log_lines"] = WATCH.lines


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    stash = node.config.stash
    stash[_LINES] = stash.get(_LINES, 0) + getattr(node, "workeroutput", {}).get("log_lines", 0)


def lines_read(config: pytest.Config) -> int:
    return config.stash.get(_LINES, 0) + WATCH.lines
