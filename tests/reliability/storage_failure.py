"""The file store fails: the disk is full after n bytes, for n over the whole of each write, or a file cannot be opened
or read.

    python -m tests.reliability.storage_failure --points 60 --random 30

Uploading, signing, rendering, sealing, packing and exporting each fail at every k-th byte and at random ones, and
succeed in the end. Prints one JSON object; exits 1 when a failure changed anything, said nothing, or left something.
"""

from __future__ import annotations

import logging
import os
import random
import sys
from typing import Any

from tests.reliability import reports
from tests.reliability.places import DATABASES, Place, place_for

SENTENCE = "file store does not answer"


def main(arguments: list[str] | None = None) -> int:
    parser = reports.arguments(__doc__)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--points", type=int, default=60, help="How many bytes apart evenly, for each deed.")
    parser.add_argument("--random", type=int, default=30, help="How many bytes at random, for each deed.")
    options = parser.parse_args(arguments)
    seed = reports.seed_of(options)
    with place_for(options.database, broker="") as place:
        report = run(place, points=options.points, extra=options.random, chance=random.Random(seed))
        broken = report.pop("broken")
        return reports.tell({"database": options.database, **report}, seed=seed, broken=broken)


def run(place: Place, *, points: int, extra: int, chance: random.Random) -> dict[str, Any]:
    os.environ["RELIABILITY_STORAGE"] = "tests.reliability.failing.FailingFolder"
    place.set_up()
    logging.disable(logging.CRITICAL)  # each failure is logged with its cause, by the hundred here
    from tests.reliability import deeds, leftovers

    broken: list[str] = []
    attempts = {}
    for kind in deeds.DEEDS:
        trial = Trial(kind, chance=chance)
        trial.play(points=points, extra=extra)
        attempts[kind.__name__] = {"bytes": trial.size, "failures": trial.failures}
        broken += trial.broken
    broken += unreadable()
    swept = leftovers.sweep()
    broken += swept.pop("broken")
    failures = sum(one["failures"] for one in attempts.values())
    return {"failures": failures, "deeds": attempts, **swept, "broken": broken[:20]}


class Trial:
    """One deed, failing at many places and then done."""

    def __init__(self, kind: Any, *, chance: random.Random) -> None:
        self.kind, self.chance, self.name = kind, chance, kind.__name__
        self.size, self.failures = 0, 0
        self.broken: list[str] = []

    def play(self, *, points: int, extra: int) -> None:
        from tests.reliability.failing import plan

        rehearsal = self.kind()
        plan.begin()
        rehearsal.act()
        self.size = plan.written
        deed = self.kind()
        for place in self._places(points, extra):
            self._fail(deed, {"write": place})
        self._fail(deed, {"write": 0, "open_file": True})
        plan.begin()
        deed.act()
        if not deed.is_done():
            self.broken.append(f"{self.name}: it did not succeed in the end")

    def _places(self, points: int, extra: int) -> list[int]:
        """Short of the end: sizes differ by some bytes from one time to the next."""
        last = max(1, self.size * 9 // 10)
        return [
            *range(0, last, max(1, last // points)),
            *(self.chance.randrange(last) for _each in range(extra)),
        ]

    def _fail(self, deed: Any, failure: dict[str, Any]) -> None:
        from tests.reliability import leftovers
        from tests.reliability.failing import plan

        before = leftovers.snapshot()
        plan.begin(**failure)
        said = deed.act()
        plan.begin()
        self.failures += 1
        problems = []
        if deed.is_done():
            problems.append("it was done")
        if SENTENCE not in said:
            problems.append("it was not said")
        if leftovers.snapshot() != before:
            problems.append("something changed")
        if leftovers.parts():
            problems.append("a part was left")
        self.broken += [f"{self.name} failing {failure}: {problem}" for problem in problems]


def unreadable() -> list[str]:
    """A file that cannot be opened or read is a sentence."""
    from tests.reliability import deeds
    from tests.reliability.failing import plan
    from wagtail_cohorts.files.storage import shared_bytes

    pages, broken = deeds.reading_pages(), []
    for browser, path in pages:
        plan.begin(open_file=True)
        shared_bytes.cache_clear()  # what a process has read already can still be shown
        failed = browser.get(path)
        plan.begin()
        whole = browser.get(path)
        if (failed.status, whole.status) != (503, 200) or SENTENCE not in failed.text:
            broken.append(f"{path}: {failed.status} while it cannot be opened, {whole.status} afterwards")
    return broken


if __name__ == "__main__":
    sys.exit(main())
