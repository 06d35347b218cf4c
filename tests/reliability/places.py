"""A database, a folder and a broker of one run's own, taken away afterwards."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from tests.reliability import reports

POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
MARIADB = "mysql://root@127.0.0.1:3306/mysql"
REDIS = "redis://127.0.0.1:6379/0"
DATABASES = ("sqlite", "postgres", "mariadb")


@dataclass(frozen=True)
class Place:
    """What processes need to find the same rows, files and queue."""

    folder: Path
    database: str
    broker: str = ""
    prefix: str = ""
    cache: str = ""

    def environment(self, *, delay: float) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.reliability.settings",
            "RELIABILITY_DATABASE": self.database,
            "RELIABILITY_FOLDER": str(self.folder),
            "RELIABILITY_BROKER": self.broker,
            "RELIABILITY_PREFIX": self.prefix,
            "RELIABILITY_CACHE": self.cache,
            "RELIABILITY_DELAY": str(delay),
        }

    def set_up(self) -> None:
        """Make this process one of the place's own, with the tables made."""
        os.environ.update(self.environment(delay=0))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", run_syncdb=True, verbosity=0)


@contextmanager
def place_for(
    database: str, *, server: str = "", broker: str | None = None, cache: str = ""
) -> Iterator[Place]:
    """``sqlite`` needs nothing; ``postgres`` and ``mariadb`` use the servers named by TEST_POSTGRES, TEST_MYSQL and
    TEST_REDIS, or by ``server`` and ``broker``; an empty broker means none."""
    with _folder() as folder:
        if database == "sqlite":
            yield Place(folder, f"sqlite:///{folder / 'site.sqlite3'}", broker or "", cache=cache)
            return
        name = f"reliability_{uuid.uuid4().hex[:12]}"
        with _DATABASES[database](urlsplit(server or server_of(database)), name) as url:
            queue = reports.redis_url(REDIS) if broker is None else broker
            prefix = f"reliability-{uuid.uuid4().hex[:12]}:"
            try:
                yield Place(folder, url, queue, prefix, cache)
            finally:
                _forget(queue, prefix)


def server_of(database: str) -> str:
    name, usual = {"postgres": ("TEST_POSTGRES", POSTGRES), "mariadb": ("TEST_MYSQL", MARIADB)}[database]
    return os.environ.get(name) or usual


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cohorts-reliability-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _postgres(server: SplitResult, name: str) -> Iterator[str]:
    import psycopg

    maintenance = urlunsplit(server._replace(scheme="postgresql", path="/postgres"))

    def run(statement: str) -> None:
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute(statement)

    run(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(server._replace(path=f"/{name}"))
    finally:
        run(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _mariadb(server: SplitResult, name: str) -> Iterator[str]:
    import MySQLdb

    def run(statement: str) -> None:
        options: dict[str, Any] = {"host": server.hostname, "port": server.port or 3306}
        with MySQLdb.connect(**options, user=server.username, password=server.password or "") as connection:
            connection.cursor().execute(statement)

    run(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
    try:
        yield urlunsplit(server._replace(path=f"/{name}"))
    finally:
        run(f"DROP DATABASE `{name}`")


_DATABASES = {"postgres": _postgres, "mariadb": _mariadb}


def _forget(broker: str, prefix: str) -> None:
    import redis

    if not broker:
        return
    client = redis.Redis.from_url(broker, socket_timeout=5, socket_connect_timeout=2)
    try:
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)
    except redis.RedisError:  # a server of the run's own, gone already
        pass
