"""What the host's database settings must not be. No database is asked: the checks read settings only."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections
from django.db.utils import ConnectionHandler

from example_site.config.database import database_from
from wagtail_cohorts import database_checks
from wagtail_cohorts.database_checks import check_kept_connections, check_transactions


def check(monkeypatch: pytest.MonkeyPatch, url: str, options: dict[str, Any] | None = None) -> list[str]:
    """The ids of all messages about one database with these OPTIONS."""
    pytest.importorskip({"mysql": "MySQLdb", "postgres": "psycopg"}.get(url.split(":")[0], "sqlite3"))
    database = database_from(url) | ({} if options is None else {"OPTIONS": options})
    monkeypatch.setattr(database_checks, "connections", ConnectionHandler({"default": database}))
    return [message.id for message in [*check_transactions(None), *check_kept_connections(None)]]


@pytest.mark.parametrize(
    "url", ["sqlite:///site.sqlite3", "postgres://u@localhost/site", "mysql://u@localhost/site"]
)
def test_the_options_of_the_documentation_are_fine(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert check(monkeypatch, url) == []


def test_djangos_defaults_for_mysql_are_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(monkeypatch, "mysql://u@localhost/site", {}) == []


@pytest.mark.parametrize("level", ["repeatable read", "SERIALIZABLE", None])
def test_another_isolation_level_of_mysql_is_an_error(monkeypatch: pytest.MonkeyPatch, level: Any) -> None:
    assert check(monkeypatch, "mysql://u@localhost/site", {"isolation_level": level}) == [
        "wagtail_cohorts.E003"
    ]


@pytest.mark.parametrize("options", [{}, {"transaction_mode": None}, {"transaction_mode": "DEFERRED"}])
def test_sqlite_that_waits_for_no_lock_is_warned_of(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    assert check(monkeypatch, "sqlite:///site.sqlite3", options) == ["wagtail_cohorts.W003"]


def test_a_connection_for_each_request_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    database = database_from("postgres://u@localhost/site") | {"CONN_MAX_AGE": 0}
    pytest.importorskip("psycopg")
    monkeypatch.setattr(database_checks, "connections", ConnectionHandler({"default": database}))
    assert [message.id for message in check_kept_connections(None)] == ["wagtail_cohorts.W004"]
    database["OPTIONS"] = {"pool": True}
    assert check_kept_connections(None) == []


def test_the_settings_of_this_run_are_fine() -> None:
    assert check_transactions(None) == []
    assert connections["default"].settings_dict["NAME"]
