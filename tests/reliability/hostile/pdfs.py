"""PDFs that are broken or mean harm: as a student's upload, as a template's PDF, and at the public check."""

from __future__ import annotations

import random
from functools import lru_cache
from typing import Any

from example_site.agreements import code_of_conduct, learnership_agreement, workplace_plan
from tests import factories as make
from tests.pdf.samples import agreement, one_page
from tests.pdf.test_clean import everything_active
from tests.reliability.hostile.monsters import MONSTERS
from tests.reliability.hostile.mutations import MUTATIONS, spliced
from tests.reliability.hostile.sending import places_of, send_file
from tests.reliability.hostile.site import Site
from tests.reliability.hostile.tally import Tally

MONSTROUS = 0.08  # of all files; the others are sound ones with some harm done
SPLICED = 0.05


def run(site: Site, *, count: int, seed: int, start: int = 0) -> dict[str, Any]:
    """``count`` files. Case i depends on the seed and on i alone."""
    tally = Tally(warm_up=max(count // 10, 1))
    places = [place for place in places_of(site) if "pdf" in place.accept]
    assert len({place.door.name for place in places}) >= 4, "a page that takes PDFs was not found"
    for number in range(start, start + count):
        kind, data = file_of(random.Random(f"{seed}:{number}"))
        place = places[number % len(places)]
        send_file(tally, f"{number}", kind, place, data, name="paper.pdf")
    return {
        **tally.report(),
        "doors": sorted({place.door.name for place in places}),
        "is_good": tally.is_good,
    }


def file_of(dice: random.Random) -> tuple[str, bytes]:
    """What was done, and the file."""
    chance = dice.random()
    if chance < MONSTROUS:
        monster = dice.choice(MONSTERS)
        return monster.__name__, monster(dice)
    data = dice.choice(sources())
    if chance < MONSTROUS + SPLICED:
        return "spliced", spliced(dice, data, dice.choice(sources()))
    mutate = dice.choice(MUTATIONS)
    return mutate.__name__, mutate(dice, data)


@lru_cache
def sources() -> tuple[bytes, ...]:
    """Sound files of many kinds: plain ones most often, since they are quick."""
    papers = (code_of_conduct()[0], workplace_plan()[0], learnership_agreement()[0])
    small = (make.small_pdf(), agreement(1), agreement(2), everything_active(), one_page())
    return (*small, *small, *papers)
