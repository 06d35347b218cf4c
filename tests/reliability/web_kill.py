"""Kills the web process after its commit and before it rings for a worker: the sweep does the work, unasked.

    python -m tests.reliability.web_kill --database sqlite|postgres|mariadb --rounds 5

Each round a sponsor signs, a student sends and staff finalize, each in a request whose process is killed. Then the
person comes back, looks, and presses once more. Prints one JSON object; exits 1 when something was lost or doubled,
took longer than 30 seconds, or the page was not true.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import requests

from tests.reliability import reports
from tests.reliability.places import DATABASES, Place, place_for
from tests.reliability.web import Answer, Web
from tests.reliability.workers import Workers

DONE_SECONDS = 30.0


def main(arguments: list[str] | None = None) -> int:
    parser = reports.arguments(__doc__)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--students", type=int, default=8)
    parser.add_argument("--within", type=float, default=DONE_SECONDS)
    options = parser.parse_args(arguments)
    with place_for(options.database) as place:
        report = run(place, rounds=options.rounds, students=options.students)
        broken = list(report.pop("broken"))
        if report["longest_seconds"] > options.within:
            broken.append("work was not done in time")
        return reports.tell({"database": options.database, **report}, seed=0, broken=broken)


def run(place: Place, *, rounds: int, students: int) -> dict[str, Any]:
    place.set_up()
    from tests.reliability import rounds as rooms

    web, trial = Web(place, rings=True).start(), Trial()
    workers = Workers(place, delay=0)
    try:
        for _round in range(rounds):
            for room in (rooms.SponsorSigns, rooms.StudentSends, rooms.StaffFinalizes):
                trial.play(web, room(web.url, students=students))
    finally:
        web.stop()
        workers.stop()
    return {**trial.report(), **rooms.count(), "students": students}


class Trial:
    """One kill after another, and what came of each."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}
        self.broken: list[str] = []

    def play(self, web: Web, room: Any) -> None:
        name = type(room).__name__
        form = room.get_ready()
        web.die_on(room.task)
        began = datetime.now(UTC)
        self._expect(_was_cut_off(lambda: room.press(form)) and web.is_dead, f"{name}: it was not killed")
        web.start()
        self._check(name, "coming back", room.look())
        self._check(name, "pressing again", room.press(form))
        ends = time.monotonic() + 4 * DONE_SECONDS
        while (done_at := room.done_at()) is None and time.monotonic() < ends:
            time.sleep(0.1)
        self.seconds.setdefault(name, []).append(((done_at or datetime.now(UTC)) - began).total_seconds())
        self._check(name, "the end", room.look())
        self.broken += [f"{name}: {problem}" for problem in room.problems()]

    def _check(self, name: str, moment: str, answer: Answer) -> None:
        self._expect(answer.status < 500, f"{name}, {moment}: {answer.status}")

    def _expect(self, is_so: bool, problem: str) -> None:
        if not is_so:
            self.broken.append(problem)

    def report(self) -> dict[str, Any]:
        longest = {name: round(max(found), 1) for name, found in self.seconds.items()}
        kills = sum(len(found) for found in self.seconds.values())
        return {
            "kills": kills, "longest_seconds": max(longest.values()), "longest_seconds_of": longest,
            "broken": self.broken,
        }  # fmt: skip


def _was_cut_off(press: Callable[[], Answer]) -> bool:
    try:
        press()
    except requests.ConnectionError:
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
