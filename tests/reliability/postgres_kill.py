"""Kills PostgreSQL with SIGKILL, postmaster and children, in the middle of a bulk signing, and starts it again.

    python -m tests.reliability.postgres_kill --workers celery|plain --students 50 --kills 3 --seconds 8

The cluster is the run's own. Workers and web are never restarted. Prints one JSON object; exits 1 when something was
lost or doubled, needed a hand, or the web said anything but its page or "back in a moment".
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from typing import Any

from tests.reliability import reports
from tests.reliability.places import REDIS, Place, place_for
from tests.reliability.servers import PostgresServer
from tests.reliability.web import Web
from tests.reliability.workers import Workers

LONGEST = 300.0
GOES_ON_SECONDS = 30.0


def main(arguments: list[str] | None = None) -> int:
    parser = reports.arguments(__doc__)
    parser.add_argument("--workers", choices=["celery", "plain"], default="celery")
    parser.add_argument("--students", type=int, default=50)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8.0, help="How long it stays away.")
    parser.add_argument("--delay", type=float, default=0.2)
    parser.add_argument("--within", type=float, default=GOES_ON_SECONDS)
    options = parser.parse_args(arguments)
    seed, server = reports.seed_of(options), PostgresServer()
    broker = reports.redis_url(REDIS) if options.workers == "celery" else ""
    try:
        server.make()
        server.start()
        with place_for("postgres", server=server.url, broker=broker) as place:
            report = run(place, server, options, chance=random.Random(seed))
            about = {"database": "postgres", "workers": options.workers}
            return reports.tell({**about, **report}, seed=seed, broken=_broken(report, options))
    finally:
        server.remove()


def run(place: Place, server: PostgresServer, options: Any, *, chance: random.Random) -> dict[str, Any]:
    place.set_up()
    from tests.reliability.office import Office

    office = Office(students=options.students)
    web = Web(place).start()
    workers = Workers(place, delay=options.delay)
    outages = Outages(server, office, seconds=options.seconds)
    try:
        office.enter(web.url)
        office.begin()
        total = options.students
        for mark in sorted(chance.sample(range(2, max(3, total - 2)), min(options.kills, max(1, total - 4)))):
            outages.take_away_at(mark)
        outages.ask()
        office.work()
        done = office.wait(LONGEST)
        alive = workers.all_alive()
    finally:
        web.stop()
        workers.stop()
    return {**office.report(), **outages.report(), "all_done": done, "workers_survived": alive}


class Outages:
    """One after another, with somebody who looks at a page all the time."""

    def __init__(self, server: PostgresServer, office: Any, *, seconds: float) -> None:
        self.server, self.office, self.seconds = server, office, seconds
        self.kills, self.resumed = 0, [0.0]
        self.away: Counter[int] = Counter()
        self.back: Counter[int] = Counter()

    def take_away_at(self, mark: int) -> None:
        self.office.wait_for_items(mark)
        self.server.kill()
        self.kills += 1
        ends = time.monotonic() + self.seconds
        while time.monotonic() < ends:
            self.away[self.office.look()] += 1
            time.sleep(0.5)
        self.server.start()
        self.resumed.append(self._wait_for_work(time.monotonic()))

    def _wait_for_work(self, since: float) -> float:
        before = self.office.items_done()
        while self.office.items_done() <= before and time.monotonic() - since < LONGEST:
            if self.office.is_signed():
                break
            time.sleep(0.05)
        return time.monotonic() - since

    def ask(self) -> None:
        """After the return: the first answers may be the last of the broken connections."""
        for _each in range(20):
            self.back[self.office.look()] += 1

    def report(self) -> dict[str, Any]:
        return {
            "kills": self.kills,
            "longest_resume_seconds": round(max(self.resumed), 1),
            "answers_away": {str(status): count for status, count in self.away.items()},
            "answers_back": {str(status): count for status, count in self.back.items()},
        }


def _broken(report: dict[str, Any], options: Any) -> list[str]:
    promises = {
        "something was lost": report["lost"] or not report["all_done"],
        "something was doubled": report["doubled"],
        "a chain or a file does not verify": report["problems"],
        "somebody got an error after the return": report["refused"] or set(report["answers_back"]) != {"200"},
        "the web said something else than 503": set(report["answers_away"]) - {"200", "503"},
        "a page was not true": report["untrue"],
        "a worker died": not report["workers_survived"],
        "work did not go on in time": report["longest_resume_seconds"] > options.within,
    }
    return [promise for promise, is_broken in promises.items() if is_broken]


if __name__ == "__main__":
    sys.exit(main())
