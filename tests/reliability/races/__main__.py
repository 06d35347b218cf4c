"""Lets pairs of people meet on a real database, through the real pages, and counts what came of it.

    python -m tests.reliability.races --database postgres://user@host/name --races 300 --seed 1

``--only`` names pairs (sign/reject, rotate/open, ...). The database itself is left alone: a test database beside it is
made and dropped. Prints one JSON object; exits 1 when a pair was inconsistent, somebody would have seen a fault, or
the evidence does not verify.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import random
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

SQLITE = "sqlite:///site.sqlite3"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", default=SQLITE, help="A URL: postgres://, mysql:// or sqlite:///.")
    parser.add_argument("--races", type=int, default=300, help="How often each pair meets.")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", nargs="*", default=[], metavar="PAIR")
    options = parser.parse_args(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    with tempfile.TemporaryDirectory(prefix="cohorts-races-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.reliability.settings",
            "RELIABILITY_DATABASE": options.database,
            "RELIABILITY_FILES": str(Path(folder) / "files"),
        }
        report = run(Path(folder), races=options.races, seed=seed, only=options.only)
    print(json.dumps(report))
    return 0 if report["holds"] else 1


def run(folder: Path, *, races: int, seed: int, only: list[str]) -> dict[str, Any]:
    import django
    from django.conf import settings

    django.setup()
    settings.DATABASES["default"].setdefault("TEST", {})
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        settings.DATABASES["default"]["TEST"]["NAME"] = str(folder / "races.sqlite3")
    from django.db import connection
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # refusals are what happens here
    setup_test_environment(debug=False)
    began, made = time.monotonic(), setup_databases(verbosity=0, interactive=False)
    try:
        from tests.reliability.races.tournament import hold

        report = hold(races=races, seed=seed, only=only)
        report |= {"seed": seed, "versions": versions(connection)}
    finally:
        teardown_databases(made, verbosity=0)
    return report | {"seconds": round(time.monotonic() - began, 1)}


def versions(connection: Any) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SELECT version()")
        server = str(cursor.fetchone()[0])
    names = ("wagtail", "Django")
    own = {"python": platform.python_version(), **{name.lower(): version(name) for name in names}}
    return own | {"database": f"{connection.display_name} {server}"}


if __name__ == "__main__":
    sys.exit(main())
