"""Takes Redis away in the middle of a bulk signing, as broker and as cache, while people go on working.

    python -m tests.reliability.redis_outage --how kill|hang|flush --database postgres --students 50 --seconds 30

Workers run under a supervisor, as they must: kombu's end themselves when Redis goes away while they hold a message.
``kill`` loses all that is in it, ``hang`` lets it take connections and say nothing, ``flush`` is FLUSHALL. Prints one
JSON object; exits 1 when something was lost or doubled, a person waited longer than 1.5 seconds or saw a page that is
not true, or work was not done within 20 seconds after the return.
"""

from __future__ import annotations

import random
import sys
import time
from typing import Any

from tests.reliability import reports
from tests.reliability.places import DATABASES, Place, place_for
from tests.reliability.servers import RedisServer
from tests.reliability.web import Web
from tests.reliability.workers import Workers

LONGEST = 300.0
ANSWER_SECONDS, DONE_SECONDS = 1.5, 20.0


def main(arguments: list[str] | None = None) -> int:
    parser = reports.arguments(__doc__)
    parser.add_argument("--how", choices=["kill", "hang", "flush"], default="kill")
    parser.add_argument("--database", choices=DATABASES, default="postgres")
    parser.add_argument("--students", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--delay", type=float, default=0.2)
    parser.add_argument("--answers-within", type=float, default=ANSWER_SECONDS)
    parser.add_argument("--done-within", type=float, default=DONE_SECONDS)
    parser.add_argument("--redis-port", type=int, default=None)
    options = parser.parse_args(arguments)
    seed, server = reports.seed_of(options), RedisServer(port=options.redis_port)
    server.start()
    try:
        with place_for(options.database, broker=server.url, cache=server.url) as place:
            report = run(place, server, options, chance=random.Random(seed))
            about = {"how": options.how, "database": options.database, "seconds_away": options.seconds}
            return reports.tell({**about, **report}, seed=seed, broken=_broken(report, options))
    finally:
        server.wake()
        server.kill()


def run(place: Place, server: RedisServer, options: Any, *, chance: random.Random) -> dict[str, Any]:
    place.set_up()
    from tests.reliability.office import Office

    office = Office(students=options.students)
    web = Web(place).start()
    workers = Workers(place, delay=options.delay, supervised=True)
    try:
        office.enter(web.url)
        office.begin()
        office.wait_for_items(chance.randrange(2, max(3, options.students // 3)))
        back = _take_away(server, options, office)
        done = office.wait(LONGEST)
        after = round(time.monotonic() - back, 1)
    finally:
        web.stop()
        workers.stop()
    about = {"all_done": done, "done_seconds_after_return": after, "workers_restarted": workers.restarts}
    return {**office.report(), **about}


def _take_away(server: RedisServer, options: Any, office: Any) -> float:
    """People work while it is away. When it was back."""
    began = time.monotonic()
    {"kill": server.kill, "hang": server.hang, "flush": server.flush}[options.how]()
    office.work()
    if options.how != "flush":
        time.sleep(max(0.0, options.seconds - (time.monotonic() - began)))
        {"kill": server.start, "hang": server.wake}[options.how]()
    return time.monotonic()


def _broken(report: dict[str, Any], options: Any) -> list[str]:
    promises = {
        "something was lost": report["lost"] or not report["all_done"],
        "something was doubled": report["doubled"],
        "a chain or a file does not verify": report["problems"],
        "somebody got an error": report["refused"],
        "a page was not true": report["untrue"],
        "somebody waited too long": report["longest_answer_seconds"] > options.answers_within,
        "work was not done in time": report["done_seconds_after_return"] > options.done_within,
    }
    return [promise for promise, is_broken in promises.items() if is_broken]


if __name__ == "__main__":
    sys.exit(main())
