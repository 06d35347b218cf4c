"""Sends what nobody should send through the real views, and counts the answers.

    python -m tests.reliability.hostile forms  --count 5000  --seed 1
    python -m tests.reliability.hostile pdfs   --count 10000 --seed 1
    python -m tests.reliability.hostile images --count 1000  --seed 1

Prints one JSON object. Exits 1 when an answer was a 5xx, took longer than five seconds, or memory grew by more than
100 MB after the first tenth. With --database postgres, TEST_POSTGRES and TEST_REDIS name the servers. A fault names
its case: --start CASE --count 1 sends it again.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import platform
import random
import sys
from importlib.metadata import version
from typing import Any

COUNTS = {"forms": 5_000, "pdfs": 10_000, "images": 1_000}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=list(COUNTS))
    parser.add_argument("--count", type=int, default=None)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--database", default="sqlite")
    options = parser.parse_args(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    from tests.reliability.places import place_for

    with place_for(options.database) as place:
        os.environ.update(place.environment(delay=0))
        report = run(
            options.what, count=options.count or COUNTS[options.what], seed=seed, start=options.start
        )
    report |= {"what": options.what, "database": options.database, "seed": seed}
    print(json.dumps(report))
    return 0 if report["is_good"] else 1


def run(what: str, **options: Any) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command

    from tests.reliability.hostile.site import set_up

    for name in ("django.request", "django.security", "wagtail_cohorts"):  # thousands of lines about refusals
        logging.getLogger(name).setLevel(logging.CRITICAL)
    call_command("migrate", run_syncdb=True, verbosity=0)
    report: dict[str, Any] = importlib.import_module(f"tests.reliability.hostile.{what}").run(
        set_up(), **options
    )
    return {**report, "versions": versions()}


def versions() -> dict[str, str]:
    from django.db import connection

    names = ("Django", "wagtail", "pypdf", "pypdfium2", "Pillow")
    server = ".".join(str(part) for part in connection.get_database_version())
    return {
        "python": platform.python_version(),
        **{name.lower(): version(name) for name in names},
        connection.vendor: server,
    }


if __name__ == "__main__":
    sys.exit(main())
