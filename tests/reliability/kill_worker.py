"""Kills workers in the middle of a bulk signing; counts what was lost or doubled and how soon work went on.

    python -m tests.reliability.kill_worker --database sqlite|postgres|mariadb --students 50 --kills 20

Prints one JSON object; exits 1 when something was lost or doubled, does not verify, did not end, or took longer than 15
seconds to go on. With postgres and mariadb, TEST_POSTGRES, TEST_MYSQL and TEST_REDIS name the servers.
"""

from __future__ import annotations

import random
import sys
import time
from typing import Any

from tests.reliability import reports
from tests.reliability.places import DATABASES, Place, place_for
from tests.reliability.stopwatch import Stopwatch
from tests.reliability.workers import Workers, start_up_seconds

LONGEST = 600.0
RESUME_SECONDS = 15.0


def main(arguments: list[str] | None = None) -> int:
    parser = reports.arguments(__doc__)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--students", type=int, default=50)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--delay", type=float, default=0.2, help="Seconds added to each student's copies.")
    parser.add_argument("--within", type=float, default=RESUME_SECONDS, help="Seconds to go on in.")
    options = parser.parse_args(arguments)
    seed = reports.seed_of(options)
    with place_for(options.database) as place:
        report = run(
            place,
            students=options.students,
            kills=options.kills,
            delay=options.delay,
            chance=random.Random(seed),
        )
        return reports.tell(
            {"database": options.database, **report}, seed=seed, broken=_broken(report, options.within)
        )


def run(place: Place, *, students: int, kills: int, delay: float, chance: random.Random) -> dict[str, Any]:
    """Make the cohort, sign, kill and count."""
    place.set_up()
    from tests.reliability import cohort

    batch = cohort.ready_batch(students)
    began, watch = time.monotonic(), Stopwatch()
    workers = Workers(place, delay=delay)
    try:
        killed = _kill_often(workers, batch, watch, kills=kills, chance=chance)
        _wait(batch, watch)
    finally:
        workers.stop()
    about = {"students": students, "seconds": round(time.monotonic() - began, 1)}
    start_up = {"start_up_seconds": start_up_seconds(place)}
    return {**cohort.count(batch), **killed, **watch.report(), **start_up, **about}


def _broken(report: dict[str, Any], within: float) -> list[str]:
    promises = {
        "something was lost": report["lost"],
        "something was doubled": report["doubled"],
        "a chain or a file does not verify": report["problems"] or not report["chain_valid"],
        "the batch did not end": report["batch"] != "done",
        "work did not go on in time": report["never_resumed"] or report["longest_resume_seconds"] > within,
    }
    return [promise for promise, is_broken in promises.items() if is_broken]


def _kill_often(
    workers: Workers, batch: Any, watch: Stopwatch, *, kills: int, chance: random.Random
) -> dict[str, int]:
    """Kill at random points of the preparing; the last time when everything is prepared and the commit runs."""
    from tests.reliability import cohort

    marks = sorted(chance.sample(range(1, cohort.total(batch)), min(kills - 1, cohort.total(batch) - 1)))
    done, ends = {"kills": 0, "kills_in_commit": 0}, time.monotonic() + LONGEST
    while time.monotonic() < ends and cohort.is_open(batch) and done["kills"] < kills:
        finished = cohort.finished(batch)
        watch.done(finished)
        if marks and finished >= marks[0]:
            marks.pop(0)
            time.sleep(chance.random() * 0.2)
            watch.kill(cohort.finished(batch))
            workers.kill_one(chance)
            done["kills"] += 1
        elif finished == cohort.total(batch):
            time.sleep(chance.random() * 0.4)
            if cohort.is_open(batch):
                watch.kill(finished)
                done["kills_in_commit"] += 1
            workers.kill_all()
            done["kills"] += 1
        time.sleep(0.02)
    return done


def _wait(batch: Any, watch: Stopwatch) -> None:
    """Until the batch has ended: its last step counts as one more piece of work."""
    from tests.reliability import cohort

    ends = time.monotonic() + LONGEST
    while cohort.is_open(batch) and time.monotonic() < ends:
        watch.done(cohort.finished(batch))
        time.sleep(0.05)
    watch.done(cohort.total(batch) + 1)


if __name__ == "__main__":
    sys.exit(main())
