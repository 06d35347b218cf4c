"""What every test has: an own folder for private files, and an empty cache. Says what a run left out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from tests import deprecations
from tests.browser import CHROMIUM
from tests.log_watch import (
    lines_read,
    pytest_runtest_call,
    pytest_runtest_teardown,
    pytest_sessionfinish,
    pytest_sessionstart,
    pytest_testnodedown,
)

__all__ = [
    "pytest_runtest_call", "pytest_runtest_teardown", "pytest_sessionfinish", "pytest_sessionstart",
    "pytest_testnodedown",
]  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """What Wagtail or Django will remove is not used: each such warning fails the test it appears in."""
    for name, _class in deprecations.removals():
        config.addinivalue_line("filterwarnings", f"error::{name}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Without migrations the search index has no full-text indexes, without which MySQL does not search."""
    from wagtail.search.models import IndexEntry

    with django_db_blocker.unblock():
        if connection.vendor == "mysql":
            table = IndexEntry._meta.db_table
            with connection.cursor() as cursor:
                for columns in ("title", "body", "title, body", "autocomplete"):
                    cursor.execute(f"ALTER TABLE {table} ADD FULLTEXT INDEX ({columns})")


@pytest.fixture(autouse=True)
def one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits count in fixed windows: none ends in the middle of a test."""
    monkeypatch.setattr("wagtail_cohorts.portal.limits.now", lambda: 1_800_000_000.0)


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> Iterator[None]:
    """No test sees another's files, sessions or rate limits."""
    settings.WAGTAIL_COHORTS_FILES_ROOT = tmp_path / "cohort-files"
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def redis_url() -> str:
    """A Redis database of our own; a test with it is marked `services`."""
    url = os.environ.get("TEST_REDIS", "")
    if not url:
        pytest.skip("TEST_REDIS names no Redis server")
    return url


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Chromium's command; a test with it is marked `browser`."""
    path = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("there is no Chromium here; TEST_CHROMIUM may name one")
    return path


@pytest.fixture
def browser(chromium_path: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A headless Chromium; a test with it is marked `browser`."""
    playwright = pytest.importorskip("playwright.sync_api")
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with playwright.sync_playwright() as runner:
        chromium = runner.chromium.launch(executable_path=chromium_path, headless=True, args=CHROMIUM)
        yield chromium
        chromium.close()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Just above pytest's own last line."""
    terminalreporter.write_line(
        f"Log records read: {lines_read(config)}; none holds a token, name, e-mail or identity number, "
        "unless a test above says so."
    )
    if config.getoption("markexpr") == "not services and not browser and not slow":
        terminalreporter.write_line(
            "Left out: tests with services (PostgreSQL, MariaDB, Redis), a browser or much time; "
            "run `make test-all` for all."
        )
