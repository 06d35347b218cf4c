"""Start-up checks of the host's databases: what would lose or refuse work when many people act at once."""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

EXCLUSIVE = ("IMMEDIATE", "EXCLUSIVE")
READ_COMMITTED = "read committed"


def register() -> None:
    checks.register(check_transactions, "wagtail_cohorts")
    checks.register(check_kept_connections, "wagtail_cohorts", deploy=True)


def check_transactions(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Each database as the settings describe it; none is asked."""
    found = [_of_sqlite(one) if one.vendor == "sqlite" else _of_mysql(one) for one in connections.all()]
    return [message for message in found if message is not None]


def _of_sqlite(connection: BaseDatabaseWrapper) -> checks.CheckMessage | None:
    """A transaction that begins by reading and then writes is refused at once when another one wrote meanwhile."""
    mode = str(connection.settings_dict.get("OPTIONS", {}).get("transaction_mode") or "")
    if mode.upper() in EXCLUSIVE:
        return None
    return checks.Warning(
        f"The SQLite database “{connection.alias}” answers “database is locked” when two people write at once.",
        hint='Set "transaction_mode": "IMMEDIATE" in its OPTIONS; see docs/how-to/databases.md.',
        id="wagtail_cohorts.W003",
    )


def _of_mysql(connection: BaseDatabaseWrapper) -> checks.CheckMessage | None:
    """Django's own default is right. With the server's (REPEATABLE READ) reads after a lock are from before it."""
    options = connection.settings_dict.get("OPTIONS", {})
    level = options.get("isolation_level", READ_COMMITTED)
    if connection.vendor != "mysql" or str(level).lower() == READ_COMMITTED:
        return None
    return checks.Error(
        f"The isolation level of the database “{connection.alias}” is {level}; operations count on {READ_COMMITTED}.",
        hint='Set "isolation_level": "read committed" in its OPTIONS, or leave it out; see docs/how-to/databases.md.',
        id="wagtail_cohorts.E003",
    )


def check_kept_connections(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """PostgreSQL starts a process for each connection: one a request halves what a site can serve."""
    return [
        checks.Warning(
            f"The PostgreSQL database “{one.alias}” is connected to anew for each request.",
            hint='Set CONN_MAX_AGE to 60, or a "pool" in its OPTIONS; see docs/how-to/databases.md.',
            id="wagtail_cohorts.W004",
        )
        for one in connections.all()
        if one.vendor == "postgresql"
        and one.settings_dict.get("CONN_MAX_AGE") == 0
        and not one.settings_dict.get("OPTIONS", {}).get("pool")
    ]
