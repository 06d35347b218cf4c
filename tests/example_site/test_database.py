"""A database named by one URL."""

from __future__ import annotations

import pytest

from example_site.config.database import database_from


def test_sqlite_takes_a_path_and_waits_for_its_turn():
    settings = database_from("sqlite:////srv/site/db#1.sqlite3")
    assert settings["NAME"] == "/srv/site/db#1.sqlite3"
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_server_takes_user_password_host_and_port():
    settings = database_from("postgres://me:p%40ss@db.example:5433/cohorts")
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["USER"], settings["PASSWORD"]) == ("me", "p@ss")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", "5433", "cohorts")


def test_mysql_reads_committed_rows_only():
    settings = database_from("mysql://root@127.0.0.1/cohorts")
    assert settings["ENGINE"] == "django.db.backends.mysql"
    assert settings["OPTIONS"]["isolation_level"] == "read committed"


def test_an_unknown_kind_of_database_is_refused_by_name():
    with pytest.raises(ValueError, match="'oracle'"):
        database_from("oracle://somewhere/db")
