"""A database named by one environment variable: `sqlite:///path`, `postgres://...` or `mysql://...`."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

SQLITE_OPTIONS = {
    "timeout": 30,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=30000;",
}
MYSQL_OPTIONS = {"charset": "utf8mb4", "isolation_level": "read committed"}
ENGINES = {"postgres": "postgresql", "postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql"}


def database_from(url: str) -> dict[str, Any]:
    """Django's settings for a database URL; raises ValueError for a scheme it does not know."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        name = rest.removeprefix("/") or ":memory:"
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": name, "OPTIONS": dict(SQLITE_OPTIONS)}
    if scheme not in ENGINES:
        raise ValueError(f"Unknown database {scheme!r}: use sqlite, postgres or mysql.")
    return _server(ENGINES[scheme], url)


def _server(engine: str, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    settings: dict[str, Any] = {
        "ENGINE": f"django.db.backends.{engine}",
        "NAME": parts.path.removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,  # else the first request after the server's restart fails
    }
    if engine == "mysql":
        settings["OPTIONS"] = dict(MYSQL_OPTIONS)
        settings["TEST"] = {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_unicode_ci"}
    return settings
