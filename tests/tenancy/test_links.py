"""The walk of the public pages: a person's link opens that person's pages, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.tenancy.walk import walk
from tests.tenancy.world import SECRET, House, World, body
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.enrollments.guardians import guardian_link, name_guardian
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import make_link, token_of
from wagtail_cohorts.sponsors.models import SponsorContact

OPEN_TO_ALL = {"open_link", "ask_for_link", "institution_style", "verify"}
FOR_MACHINES = {"health", "health_live", "health_ready", "metrics"}  # name nobody and nothing of anybody
FORGETS = {"leave"}  # takes a cookie away from whoever asks, and reads nothing
GONE = {302, 303, 403, 404, 405, 410}


def personal_addresses() -> Iterator[tuple[str, Any]]:
    """Every public page that belongs to somebody. One without a link in its address must be named above."""
    for name, pattern in walk():
        namespace, _colon, short = name.partition(":")
        if namespace == "wagtail_cohorts" and short not in OPEN_TO_ALL | FOR_MACHINES:
            yield name, pattern


def keys_of(name: str) -> tuple[str, ...]:
    from django.urls import get_resolver

    resolver = get_resolver()
    for part in name.split(":")[:-1]:
        resolver = resolver.namespace_dict[part][1]
    return tuple(resolver.reverse_dict.getlist(name.rpartition(":")[2])[0][0][0][1])


def student_link(one: Enrollment) -> PersonalLink:
    return make_link(kind="student", subject_key=one.stream_key, institution_id=one.institution_id)


def sponsor_link(contact: SponsorContact) -> PersonalLink:
    key = f"contact:{contact.uuid}"
    return make_link(kind="sponsor", subject_key=key, institution_id=contact.institution_id)


def link_of_house(kind: str, house: House) -> PersonalLink:
    """The link of a house's student, of the student's guardian, or of the sponsor's contact."""
    if kind == "student":
        return student_link(house.student)
    if kind == "sponsor":
        return sponsor_link(make.contact_of(house.enrolling))
    facts = {"name": f"Guardian of {house.student.full_name}", "relation": "mother", "phone": "0825550101"}
    return guardian_link(name_guardian(house.student, facts, actor=SYSTEM_ACTOR))


def opened(link: PersonalLink) -> Client:
    """A browser that has followed the link."""
    browser = Client(raise_request_exception=False)
    response = browser.get(reverse("wagtail_cohorts:open_link", args=[token_of(link)]))
    assert response.status_code in {302, 303}, response.status_code
    return browser


def values(world: World, link: PersonalLink) -> dict[str, Any]:
    """What stands in an address: the secret house's objects, below this link."""
    ours = world.ours
    document = ours.enrolling.required_documents.get()
    return {
        "link": link.uuid, "document": document.uuid, "upload": ours.upload.uuid, "agreement": ours.agreement.uuid,
        "page": 1, "width": 480, "part": "signature", "cohort": ours.enrolling.uuid, "enrollment": ours.student.uuid,
        "batch": ours.batch.uuid,
    }  # fmt: skip


def url_of(name: str, world: World, link: PersonalLink) -> str:
    found = values(world, link)
    return reverse(name, kwargs={key: found[key] for key in keys_of(name)})


def test_every_personal_page_has_a_link_in_its_address() -> None:
    names = [name for name, _pattern in personal_addresses()]
    assert len(names) > 20
    assert [name for name in names if "link" not in keys_of(name)] == []


@pytest.mark.parametrize("kind", ["student", "guardian", "sponsor"])
def test_a_link_opens_nobody_elses_pages(world: World, kind: str) -> None:
    """Under the other's own link: the cookie of one link says nothing about another."""
    mine, secret = link_of_house(kind, world.theirs), link_of_house(kind, world.ours)
    browser = opened(mine)
    leaks = []
    for name, _pattern in personal_addresses():
        for method in ("get", "post"):
            response = getattr(browser, method)(url_of(name, world, secret))
            is_open = response.status_code not in GONE and name.rpartition(":")[2] not in FORGETS
            if is_open or SECRET in body(response):
                leaks.append((name, method, response.status_code))
    assert leaks == []


@pytest.mark.parametrize("kind", ["student", "guardian", "sponsor"])
def test_under_the_own_link_the_others_objects_do_not_exist(world: World, kind: str) -> None:
    mine = link_of_house(kind, world.theirs)
    browser = opened(mine)
    objects = {"document", "upload", "agreement", "cohort", "enrollment", "batch"}
    leaks = []
    for name, _pattern in personal_addresses():
        for method in ("get", "post"):
            response = getattr(browser, method)(url_of(name, world, mine))
            is_known = objects & set(keys_of(name)) and response.status_code not in {404, 405, 403}
            if SECRET in body(response) or is_known:
                leaks.append((name, method, response.status_code))
    assert leaks == []


def test_a_students_link_opens_no_sponsors_page_and_the_other_way_round(world: World) -> None:
    contact = sponsor_link(make.contact_of(world.theirs.enrolling))
    student = student_link(world.theirs.student)
    for browser, other, prefix in (
        (opened(student), contact, "sponsor_"),
        (opened(contact), student, "student_"),
    ):
        for name, _pattern in personal_addresses():
            if name.rpartition(":")[2].startswith(prefix):
                assert browser.get(url_of(name, world, other)).status_code in GONE, name


def test_without_a_link_no_personal_page_opens(world: World) -> None:
    for name, _pattern in personal_addresses():
        response = Client().get(url_of(name, world, student_link(world.ours.student)))
        assert response.status_code in GONE and SECRET not in body(response), name
