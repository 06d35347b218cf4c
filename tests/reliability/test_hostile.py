"""The hostile runs in short form, inside this process; `python -m tests.reliability.hostile` is the long one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.reliability.hostile import forms, images, pdfs
from tests.reliability.hostile.monsters import MONSTERS
from tests.reliability.hostile.sending import places_of, send_file
from tests.reliability.hostile.site import Site, set_up
from tests.reliability.hostile.tally import Tally

SEED = 20261124


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, Path]]:
    root = tmp_path_factory.mktemp("files")
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(WAGTAIL_COHORTS_FILES_ROOT=root),
    ):
        yield set_up(), root
        transaction.set_rollback(True)


@pytest.fixture
def quick(site: Site) -> Site:
    return site.one_a_route


@pytest.fixture
def site(built: tuple[Site, Path], db: None, settings: Any) -> Site:
    settings.WAGTAIL_COHORTS_FILES_ROOT = built[1]
    return built[0]


def check(report: dict[str, Any], *, least: int) -> None:
    assert report["answers"] >= least
    assert report["faults"] == []


def test_forms_and_queries_that_mean_harm_get_an_answer(quick: Site) -> None:
    report = forms.run(quick, count=60, seed=SEED)
    check(report, least=90)
    assert report["post_routes"] > 80


def test_pdfs_that_mean_harm_get_an_answer(quick: Site) -> None:
    check(pdfs.run(quick, count=15, seed=SEED), least=15)


def test_pictures_that_mean_harm_get_an_answer(quick: Site) -> None:
    check(images.run(quick, count=15, seed=SEED), least=15)


@pytest.mark.slow
def test_a_longer_run_stays_in_bounds(site: Site) -> None:
    for part, count in ((forms, 600), (pdfs, 300), (images, 150)):
        report = part.run(site, count=count, seed=SEED + 1)
        check(report, least=count)
        assert report["is_good"], report["memory_mb"]


@pytest.mark.slow
def test_every_monster_gets_an_answer(site: Site) -> None:
    tally = Tally(warm_up=1)
    places = [place for place in places_of(site) if "pdf" in place.accept]
    for place in {place.door.name: place for place in places}.values():
        for monster in MONSTERS:
            for turn in range(4):
                data = monster(random.Random(f"{SEED}:{turn}"))
                send_file(tally, f"{turn}", monster.__name__, place, data, name="paper.pdf")
    check(tally.report(), least=4 * len(MONSTERS))
