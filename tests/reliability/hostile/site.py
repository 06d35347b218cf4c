"""The site that is attacked: a world of two institutions, and a browser before each of its doors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.admin.views.bulk_action.registry import bulk_action_registry

from tests import factories as make
from tests.reliability.hostile.pages import Form, forms_of, path_of
from tests.tenancy.test_links import OPEN_TO_ALL, keys_of, opened, sponsor_link, student_link, values
from tests.tenancy.walk import our_addresses, walk
from tests.tenancy.world import House, World, build, client
from wagtail_cohorts.cohorts.operations import open_cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.guardians import guardian_link, guardian_of
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.portal.colours import style_url

PUBLIC = "wagtail_cohorts"
MOST_FORMS = 5  # for one address
MODELS = ("agreementtemplate", "programme", "sponsor", "cohort", "enrollment", "institution")


@dataclass(frozen=True)
class Door:
    """One address, and the browser of somebody who may open it."""

    name: str
    url: str
    browser: Client


@dataclass(frozen=True)
class Site:
    """The world and its doors, those first that show most."""

    world: World
    doors: list[Door]

    @cached_property
    def forms(self) -> dict[str, list[Form]]:
        """What the pages offer, by the path it is sent to."""
        found: dict[str, list[Form]] = {}
        for door in self.doors:
            with undone():
                answer = door.browser.get(door.url)
            for form in forms_of(answer, door.url):
                found.setdefault(path_of(form.action), []).append(form)
        return {path: forms[:MOST_FORMS] for path, forms in found.items()}

    @cached_property
    def one_a_route(self) -> Site:
        """The same with the first door of each route: for a quick look at all of them."""
        return Site(self.world, list({door.name: door for door in reversed(self.doors)}.values()))


def set_up() -> Site:
    """Two institutions, and every door of the first: its pages in the admin and on the public side, with objects in
    each stage of their life."""
    create_flags()
    world = build()
    houses = stages(world)
    doors = [*staff_doors(houses), *bulk_doors(world), *personal_doors(world, houses), *open_doors(world)]
    return Site(world, doors)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no row and no count of requests, so that each case meets the same site."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def stages(world: World) -> list[House]:
    """The institution as it is, and with cohorts and students that are further or less far."""
    ours = world.ours
    student = make.invited(ours.enrolling)
    at_work = {"student": student, "upload": make.upload(student), "agreement": student.agreements.get()}
    ready = make.ready(of=ours.institution, students=2)
    waiting = ready.enrollments.first()
    at_sponsor = {"student": waiting, "upload": waiting.uploads.get(), "agreement": waiting.agreements.get()}
    unsigned = open_cohort(make.cohort(ours.institution), actor=make.actor_of(ours.institution))
    specimen = unsigned.agreements.get(enrollment=None)
    minor = make.submitted(make.with_guardian(ours.institution), birth_date=make.years_ago(16))
    with_guardian = {"student": minor, "upload": minor.uploads.get(), "agreement": minor.agreements.get()}
    finished = ours.completed.enrollments.get()
    ended = {"student": finished, "upload": finished.uploads.get(), "agreement": finished.agreements.get()}
    return [
        replace(ours, **at_work),
        ours,
        replace(ours, enrolling=ours.draft),
        replace(ours, draft=unsigned, enrolling=unsigned, specimen=specimen),
        replace(ours, draft=minor.cohort, enrolling=minor.cohort, **with_guardian),
        replace(ours, draft=ours.completed, enrolling=ours.completed, **ended),
        replace(ours, draft=ready, enrolling=ready, **at_sponsor),
    ]


def staff_doors(houses: list[House]) -> Iterator[Door]:
    browser = client(houses[0].administrator)
    seen = set()
    for house in houses:
        for address in our_addresses():
            url = address.url(house)
            if url not in seen:
                seen.add(url)
                yield Door(address.name, url, browser)


def bulk_doors(world: World) -> Iterator[Door]:
    """Wagtail's bulk actions on our models, for one row and for all that the list shows."""
    browser = client(world.ours.administrator)
    rows = {
        "agreementtemplate": world.ours.template,
        "cohort": world.ours.draft,
        "enrollment": world.ours.student,
    }
    for model in MODELS:
        for action in bulk_action_registry.get_bulk_actions_for_model(PUBLIC, model):
            url = reverse("wagtail_bulk_action", args=[PUBLIC, model, action.action_type])
            for query in ({"id": getattr(rows.get(model), "pk", 1)}, {"id": "all"}):
                yield Door(f"bulk:{model}:{action.action_type}", f"{url}?{urlencode(query)}", browser)


def personal_doors(world: World, houses: list[House]) -> Iterator[Door]:
    """Every page that belongs to somebody, by his or her own link: the student at work first, the sponsor whose turn
    it is first. A kind of link that is not here has no door, and a test counts the routes."""
    for house in houses:
        yield from _doors_of(student_link(house.student), "student", replace(world, ours=house))
        guardian = guardian_of(house.student)
        if guardian is not None:
            yield from _doors_of(guardian_link(guardian), "guardian", replace(world, ours=house))
    for house in reversed(houses):
        if house.enrolling.state != CohortState.DRAFT:
            link = sponsor_link(make.contact_of(house.enrolling))
            yield from _doors_of(link, "sponsor", replace(world, ours=house))


def _doors_of(link: PersonalLink, kind: str, world: World) -> Iterator[Door]:
    browser = opened(link)
    for name, _pattern in walk():
        namespace, _colon, short = name.partition(":")
        if (
            namespace == PUBLIC
            and short not in OPEN_TO_ALL
            and (short.startswith(f"{kind}_") or short == "leave")
        ):
            found = values(world, link)
            yield Door(name, reverse(name, kwargs={key: found[key] for key in keys_of(name)}), browser)


def open_doors(world: World) -> Iterator[Door]:
    stranger = Client(raise_request_exception=False)
    yield Door(f"{PUBLIC}:verify", reverse(f"{PUBLIC}:verify"), stranger)
    yield Door(f"{PUBLIC}:ask_for_link", reverse(f"{PUBLIC}:ask_for_link"), stranger)
    yield Door(f"{PUBLIC}:open_link", reverse(f"{PUBLIC}:open_link", args=["x" * 43]), stranger)
    yield Door(f"{PUBLIC}:institution_style", style_url(world.ours.institution), stranger)
