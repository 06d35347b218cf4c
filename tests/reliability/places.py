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
from urllib.parse import urlsplit, urlunsplit

POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/0"


@dataclass(frozen=True)
class Place:
    """What the workers need to find the same rows, files and queue."""

    folder: Path
    database: str
    broker: str = ""
    prefix: str = ""

    def environment(self, *, delay: float) -> dict[str, str]:
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.reliability.settings",
            "RELIABILITY_DATABASE": self.database,
            "RELIABILITY_FILES": str(self.folder / "files"),
            "RELIABILITY_BROKER": self.broker,
            "RELIABILITY_PREFIX": self.prefix,
            "RELIABILITY_DELAY": str(delay),
        }


@contextmanager
def place_for(database: str) -> Iterator[Place]:
    """``sqlite`` needs nothing; ``postgres`` uses the servers named by TEST_POSTGRES and TEST_REDIS."""
    folder = Path(tempfile.mkdtemp(prefix="cohorts-reliability-"))
    try:
        if database == "sqlite":
            yield Place(folder, f"sqlite:///{folder / 'site.sqlite3'}")
        else:
            with _servers(folder) as place:
                yield place
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _servers(folder: Path) -> Iterator[Place]:
    import psycopg
    import redis

    admin = urlsplit(os.environ.get("TEST_POSTGRES") or POSTGRES)
    broker = os.environ.get("TEST_REDIS") or REDIS
    name, prefix = f"reliability_{uuid.uuid4().hex[:12]}", f"reliability-{uuid.uuid4().hex[:12]}:"
    maintenance = urlunsplit(admin._replace(scheme="postgresql", path="/postgres"))
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield Place(folder, urlunsplit(admin._replace(path=f"/{name}")), broker, prefix)
    finally:
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        client = redis.Redis.from_url(broker)
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)
