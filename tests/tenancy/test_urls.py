"""The walk: every URL of ours in the admin, as whoever should see nothing of another institution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from waffle.testutils import override_flag

from tests.tenancy.walk import Address, our_addresses
from tests.tenancy.world import SECRET, World, body, client
from wagtail_cohorts.admin.scoping import ScopedPageMixin, ScopedView
from wagtail_cohorts.flags import FEATURE

HOME = reverse("wagtailadmin_home")
METHODS = ("get", "post", "delete")


def asked(
    user: Any, address: Address, url: str, methods: tuple[str, ...] = METHODS
) -> Iterator[tuple[str, Any]]:
    """Each request in a transaction that is undone, so that no address is judged after another's damage."""
    for method in methods:
        with transaction.atomic():
            yield method, getattr(client(user), method)(url)
            transaction.set_rollback(True)


def is_sent_home(response: Any) -> bool:
    return response.status_code == 302 and response["Location"] == HOME


def test_the_walk_finds_the_viewsets_and_our_own_pages() -> None:
    addresses = our_addresses()
    assert len(addresses) > 110
    models = {address.model.__name__ for address in addresses if address.model}
    assert models >= {"Institution", "AgreementTemplate", "Programme", "Sponsor", "Cohort", "Enrollment"}


def test_every_view_is_scoped_and_every_pattern_is_known(world: World) -> None:
    strays = [
        a.name for a in our_addresses() if not issubclass(a.view or object, (ScopedView, ScopedPageMixin))
    ]
    assert strays == []
    assert {address.kind for address in our_addresses()} == {"rows", "form", "keys", "object"}
    assert all(address.url(world.ours) for address in our_addresses())


def test_own_administrators_reach_every_page(world: World) -> None:
    """Keeps the 404s below honest."""
    refused = []
    for address in our_addresses():
        for method, response in asked(world.ours.administrator, address, address.url(world.ours), ("get",)):
            allowed = {200, 302, 405} | ({404} if address.short == "create" else set())
            if response.status_code not in allowed:
                refused.append((address.name, method, response.status_code))
    assert refused == []


@pytest.mark.parametrize("who", ["administrator", "coordinator", "nobody"])
def test_whoever_is_not_of_the_institution_learns_nothing(world: World, who: str) -> None:
    user = world.nobody if who == "nobody" else getattr(world.theirs, who)
    leaks = []
    for address in our_addresses():
        for method, response in asked(user, address, address.url(world.ours)):
            told = SECRET in body(response)
            known = address.kind == "object" and response.status_code != 404
            odd = response.status_code not in {200, 302, 404, 405} or (
                response.status_code == 302 and not is_sent_home(response)
            )
            if told or known or odd:
                leaks.append((address.name, method, response.status_code))
    assert leaks == []


def test_anonymous_visitors_are_asked_to_log_in(world: World) -> None:
    open_doors = []
    for address in our_addresses():
        for method, response in asked(None, address, address.url(world.ours)):
            if response.status_code != 302 or "/login/" not in response["Location"]:
                open_doors.append((address.name, method, response.status_code))
    assert open_doors == []


def test_coordinators_leave_the_institution_its_staff_and_its_certificate_alone(world: World) -> None:
    reserved = {"edit", "staff", "staff_role", "staff_link", "staff_remove", "certificate", "delete"}
    allowed = []
    for address in our_addresses():
        if address.is_own_page or address.model.__name__ != "Institution" or address.short not in reserved:
            continue
        for method, response in asked(
            world.ours.coordinator, address, address.url(world.ours), ("get", "post")
        ):
            if not is_sent_home(response) and response.status_code not in {403, 405}:
                allowed.append((address.name, method, response.status_code))
    assert allowed == []


@pytest.mark.parametrize("who", ["administrator", "superuser"])
def test_with_the_flag_off_every_url_is_gone(world: World, who: str) -> None:
    user = world.superuser if who == "superuser" else world.ours.administrator
    there = []
    with override_flag(FEATURE, active=False):
        for address in our_addresses():
            for method, response in asked(user, address, address.url(world.ours), ("get", "post")):
                if response.status_code != 404:
                    there.append((address.name, method, response.status_code))
    assert there == []


def test_an_institution_that_closed_cohorts_has_no_object_pages(world: World) -> None:
    world.ours.institution.closed_flags = [FEATURE]
    world.ours.institution.save()
    for address in our_addresses():
        if address.kind == "object":
            for _method, response in asked(world.superuser, address, address.url(world.ours), ("get",)):
                assert response.status_code == 404, address.name


def test_superusers_reach_every_page(world: World) -> None:
    for address in our_addresses():
        for _method, response in asked(world.superuser, address, address.url(world.ours), ("get",)):
            assert response.status_code in {200, 302, 405} or address.short == "create", address.name
