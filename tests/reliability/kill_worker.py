"""Kills workers in the middle of a bulk signing and counts what was lost or doubled.

    python -m tests.reliability.kill_worker --database sqlite|postgres --students 50 --kills 5

Prints one JSON object; exits 1 when something was lost, doubled, or does not verify. With postgres, TEST_POSTGRES and
TEST_REDIS name the servers.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sys
import time
from importlib.metadata import version
from typing import Any

from tests.reliability.places import Place, place_for
from tests.reliability.workers import Workers

LONGEST = 300.0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--students", type=int, default=50)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--delay", type=float, default=0.2, help="Seconds added to each student's copies.")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args(arguments)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(10**6)
    with place_for(options.database) as place:
        report = run(
            place,
            students=options.students,
            kills=options.kills,
            delay=options.delay,
            chance=random.Random(seed),
        )
    report |= {"database": options.database, "seed": seed, "versions": versions()}
    print(json.dumps(report))
    return 1 if report["lost"] or report["doubled"] or report["problems"] or not report["chain_valid"] else 0


def run(place: Place, *, students: int, kills: int, delay: float, chance: random.Random) -> dict[str, Any]:
    """Make the cohort, sign, kill and count."""
    os.environ.update(place.environment(delay=0))
    import django

    django.setup()
    from tests.reliability import cohort

    batch = cohort.ready_batch(students)
    began = time.monotonic()
    workers = Workers(place, delay=delay)
    try:
        killed = _kill_often(workers, batch, kills=kills, chance=chance)
        _wait(batch)
    finally:
        workers.stop()
    seconds = round(time.monotonic() - began, 1)
    return {**cohort.count(batch), **killed, "students": students, "seconds": seconds}


def _kill_often(workers: Workers, batch: Any, *, kills: int, chance: random.Random) -> dict[str, int]:
    """Kill at random points of the preparing; the last time when everything is prepared and the commit runs."""
    from tests.reliability import cohort

    marks = sorted(chance.sample(range(1, cohort.total(batch)), min(kills - 1, cohort.total(batch) - 1)))
    done, ends = {"kills": 0, "kills_in_commit": 0}, time.monotonic() + LONGEST
    while time.monotonic() < ends and cohort.is_open(batch) and done["kills"] < kills:
        finished = cohort.finished(batch)
        if marks and finished >= marks[0]:
            marks.pop(0)
            time.sleep(chance.random() * 0.2)
            workers.kill_one(chance)
            done["kills"] += 1
        elif finished == cohort.total(batch):
            time.sleep(chance.random() * 0.4)
            done["kills_in_commit"] += cohort.is_open(batch)
            workers.kill_all()
            done["kills"] += 1
        time.sleep(0.02)
    return done


def _wait(batch: Any) -> None:
    from tests.reliability import cohort

    ends = time.monotonic() + LONGEST
    while cohort.is_open(batch) and time.monotonic() < ends:
        time.sleep(0.2)


def versions() -> dict[str, str]:
    names = ("wagtail", "Django", "celery", "redis", "psycopg", "pypdf")
    return {"python": platform.python_version(), **{name.lower(): version(name) for name in names}}


if __name__ == "__main__":
    sys.exit(main())
