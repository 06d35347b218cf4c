"""What each of these programs prints: one JSON object with its counts, its seed and the versions."""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
from importlib.metadata import PackageNotFoundError, version
from typing import Any

PACKAGES = (
    "wagtail-cohorts",
    "wagtail",
    "Django",
    "celery",
    "kombu",
    "redis",
    "psycopg",
    "mysqlclient",
    "pypdf",
)


def arguments(description: str | None) -> argparse.ArgumentParser:
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=description, formatter_class=formatter)
    parser.add_argument("--seed", type=int, default=None)
    return parser


def seed_of(options: argparse.Namespace) -> int:
    return options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)


def redis_url(usual: str) -> str:
    return os.environ.get("TEST_REDIS") or usual


def tell(report: dict[str, Any], *, seed: int, broken: list[str]) -> int:
    """Print the report; the exit code is 1 when a promise is broken."""
    about = {"seed": seed, "broken": broken, "load": [round(one, 1) for one in os.getloadavg()]}
    print(json.dumps({**report, **about, "versions": versions()}))
    return 1 if broken else 0


def versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "database": _database()}
    for name in PACKAGES:
        try:
            found[name.lower()] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _database() -> str:
    from django.db import DatabaseError, connection

    try:
        with connection.cursor() as cursor:
            question = "select sqlite_version()" if connection.vendor == "sqlite" else "select version()"
            cursor.execute(question)
            return f"{connection.display_name} {cursor.fetchone()[0]}"[:60]
    except DatabaseError:
        return str(connection.display_name)
