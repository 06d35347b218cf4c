"""What holds at every address: taken from the URL conf, so that a new one is asked without being named."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path
from waffle.testutils import override_flag

from tests.reliability.hostile.site import PUBLIC, Door, Site, undone
from tests.tenancy.test_links import FOR_MACHINES
from tests.tenancy.walk import our_addresses, walk
from wagtail_cohorts.flags import FEATURE
from wagtail_cohorts.portal.base import PublicView

EVIL = "//evil.example/"
QUERY = f"next={EVIL}&url={EVIL}&return_to={EVIL}&redirect={EVIL}"
LEFT_OPEN = {f"{PUBLIC}:leave", f"{PUBLIC}:institution_style"}  # forgets a person, and tells a colour
CACHEABLE = {f"{PUBLIC}:institution_style"}
INSIDES = ("Traceback (most recent", "site-packages", ".py", "SELECT ", "django.", "/tmp/")


@dataclass(frozen=True)
class Answer:
    name: str
    status: int
    headers: Any
    text: str


def ask(door: Door, method: str = "GET") -> Answer:
    with undone():
        url = f"{door.url}{'&' if '?' in door.url else '?'}{QUERY}"
        got = door.browser.generic(method, url)
        text = "" if getattr(got, "streaming", False) else got.content.decode("utf-8", "replace")
        return Answer(door.name, got.status_code, got.headers, text)


@pytest.fixture(scope="module")
def looked(built: Any, django_db_blocker: Any) -> list[Answer]:
    """The answer to a GET at each route, with ways back that lead elsewhere."""
    site, root = built
    with django_db_blocker.unblock(), override_settings(WAGTAIL_COHORTS_FILES_ROOT=root):
        return [ask(door) for door in site.one_a_route.doors]


@pytest.fixture(scope="module")
def pressed(built: Any, django_db_blocker: Any) -> list[Answer]:
    """The answer to an empty POST at each route, with ways back that lead elsewhere."""
    site, root = built
    with django_db_blocker.unblock(), override_settings(WAGTAIL_COHORTS_FILES_ROOT=root):
        return [ask(door, "POST") for door in site.one_a_route.doors]


def test_every_route_has_a_door(site: Site) -> None:
    """A kind of personal link that is missing here belongs into tests/reliability/hostile/site.py."""
    public = {name for name, _pattern in walk() if name.startswith(f"{PUBLIC}:")}
    public -= {
        f"{PUBLIC}:{name}" for name in FOR_MACHINES
    }  # GET alone, of nobody, and 503 is an answer there
    routes = public | {address.name for address in our_addresses()}
    assert routes - {door.name for door in site.doors} == set()


def test_no_answer_is_a_fault(looked: list[Answer], pressed: list[Answer]) -> None:
    assert [(one.name, one.status) for one in [*looked, *pressed] if one.status >= 500] == []


def test_no_post_is_taken_without_the_token_of_its_page(site: Site) -> None:
    taken = []
    for door in site.one_a_route.doors:
        door.browser.handler.enforce_csrf_checks = True
        try:
            taken.append((door.name, ask(door, "POST").status))
        finally:
            door.browser.handler.enforce_csrf_checks = False
    assert [found for found in taken if found[1] != 403] == []


def test_no_view_of_ours_is_exempt_from_that() -> None:
    views = [
        pattern.callback
        for name, pattern in walk()
        if pattern.callback.__module__.startswith("wagtail_cohorts")
    ]
    assert views and not any(getattr(view, "csrf_exempt", False) for view in views)


def test_no_answer_can_be_framed_by_another_site(looked: list[Answer], pressed: list[Answer]) -> None:
    allowed = [
        one.name
        for one in [*looked, *pressed]
        if one.headers.get("X-Frame-Options") not in ("DENY", "SAMEORIGIN")
        or (one.name.startswith(f"{PUBLIC}:") and one.headers["X-Frame-Options"] != "DENY")
    ]
    assert allowed == []


def test_no_browser_guesses_what_an_answer_is(looked: list[Answer], pressed: list[Answer]) -> None:
    guessing = [
        one.name for one in [*looked, *pressed] if one.headers.get("X-Content-Type-Options") != "nosniff"
    ]
    assert guessing == []


def test_no_cache_keeps_what_is_somebodys(looked: list[Answer]) -> None:
    """What is not there is answered by the site's own page, which is nobody's."""
    kept = [
        (one.name, one.status, one.headers.get("Cache-Control"))
        for one in looked
        if one.status != 404
        and one.name not in CACHEABLE
        and "no-store" not in one.headers.get("Cache-Control", "")
    ]
    assert kept == []


def test_no_answer_leads_to_another_site(looked: list[Answer], pressed: list[Answer]) -> None:
    led = [
        (one.name, one.headers["Location"])
        for one in [*looked, *pressed]
        if not one.headers.get("Location", "/").startswith("/")
        or one.headers.get("Location", "").startswith("//")
    ]
    assert led == []


def test_no_refusal_tells_of_our_insides(looked: list[Answer], pressed: list[Answer]) -> None:
    told = [
        (one.name, inside)
        for one in [*looked, *pressed]
        if one.status >= 400
        for inside in INSIDES
        if inside in one.text
    ]
    assert told == []


def test_with_the_flag_off_no_public_page_is_there(site: Site) -> None:
    there = []
    doors = [door for door in site.one_a_route.doors if door.name.startswith(f"{PUBLIC}:")]
    with override_flag(FEATURE, active=False):
        for door, method in product(doors, ("GET", "POST")):
            status = ask(door, method).status
            if status not in (404, 405) and door.name not in LEFT_OPEN:
                there.append((door.name, method, status))
    assert there == []


class Fault(PublicView):
    def get(self, request: HttpRequest) -> HttpResponse:
        raise RuntimeError("the password is swordfish")


urlpatterns = [path("fault/", Fault.as_view()), path("", include("tests.urls"))]


def test_a_fault_tells_nothing(db: None, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__
    with transaction.atomic():
        answer = Client(raise_request_exception=False).get("/fault/")
    assert answer.status_code == 500
    assert not any(inside in answer.content.decode() for inside in (*INSIDES, "swordfish", "RuntimeError"))
