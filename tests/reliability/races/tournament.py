"""Every pair meets so many times, each time in a cohort of its own; then the evidence is verified."""

from __future__ import annotations

import sys
import time
import traceback
from typing import Any

from django.core.cache import cache

from tests.reliability.races import RACES, Race, completion, gate, guardians, links, sponsors, students
from tests.reliability.races.meeting import Repeats, Table
from tests.reliability.races.people import People
from tests.reliability.races.world import World
from wagtail_cohorts.cohorts.models import SponsorInvitation
from wagtail_cohorts.evidence.models import Event, Stream
from wagtail_cohorts.evidence.verification import verify_streams
from wagtail_cohorts.signing.models import Act

ROOMS = (students, guardians, gate, sponsors, completion, links)
COUNTS = ("races", "inconsistent", "faults", "begun_anew")
EXAMPLES = 3


def hold(*, races: int, seed: int, only: list[str]) -> dict[str, Any]:
    """Counts by pair, and in all. ``holds`` says whether every promise was kept."""
    repeats, world = Repeats.listening(), World()
    people, pairs = People(world), {}
    for race in [RACES[name] for name in only or RACES]:
        table, before = Table(f"{seed} {race.name}"), repeats.count
        try:
            pairs[race.name] = meet_often(race, table, people, races)
        finally:
            table.leave()
        pairs[race.name]["begun_anew"] = repeats.count - before
        print(race.name, pairs[race.name], file=sys.stderr, flush=True)
    totals = {
        name: sum(pair[name] for pair in pairs.values())
        for name in ("races", "inconsistent", "faults", "begun_anew")
    }
    evidence = check_evidence(world)
    holds = not (totals["inconsistent"] or totals["faults"]) and all(evidence.values())
    return {"holds": holds, **totals, **evidence, "pairs": pairs}


def meet_often(race: Race, table: Table, people: People, times: int) -> dict[str, Any]:
    inconsistent: list[str] = []
    cohorts = iter(people.world.copies(race.stage, times * race.cohorts))
    began = time.monotonic()
    for _ in range(times):
        cache.clear()  # limits count by address, and all come from one
        try:
            race.meet(table, people, *(next(cohorts) for _each in range(race.cohorts)))
        except Exception as error:  # an assertion that did not hold, or a row that is not there
            frame = traceback.extract_tb(error.__traceback__)[-1]
            inconsistent.append(f"{frame.name}: {frame.line} ({type(error).__name__}: {error})")
    return {
        "races": times, "inconsistent": len(inconsistent), "faults": len(table.faults),
        "answers": dict(sorted(table.answers.items())), "first": dict(sorted(table.first.items())),
        "seconds": round(time.monotonic() - began, 1),
        **{name: found[:EXAMPLES] for name, found in (("broken", inconsistent), ("seen", table.faults)) if found},
    }  # fmt: skip


def check_evidence(world: World) -> dict[str, bool]:
    """All chains verify, each act has one event, and nobody was invited twice."""
    streams = Stream.objects.filter(head_seq__gt=0)
    acts, told = (
        Act.objects.count() - world.copied_acts,
        Event.objects.filter(name="agreement.signed").count(),
    )
    invited = list(SponsorInvitation.objects.values_list("cohort", "contact"))
    return {
        "chains_valid": not any(report.problem for report in verify_streams(streams)),
        "an_event_for_each_act": acts == told,
        "one_invitation_each": len(invited) == len(set(invited)),
    }
