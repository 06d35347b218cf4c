"""Each role against every staff URL; rights come from memberships alone, and end with them at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import ReferenceIndex

from tests import factories as make
from tests.tenancy.test_urls import asked, is_sent_home
from tests.tenancy.walk import Address, our_addresses
from tests.tenancy.world import SECRET, House, World, body, client
from wagtail_cohorts.compat import policy_for, scoped_models
from wagtail_cohorts.institutions.operations import add_member, remove_member
from wagtail_cohorts.models import Cohort, Institution, Membership

ADMINISTRATOR, COORDINATOR = Membership.ADMINISTRATOR, Membership.COORDINATOR
OF_ADMINISTRATORS = {
    "edit", "staff", "staff_role", "staff_link", "staff_remove", "certificate", "usage", "history", "history_results",
}  # fmt: skip
OF_SUPERUSERS = {"add", "create"}
OF_NOBODY = {"delete"}
S = "wagtailsnippets_wagtail_cohorts_"


def who_may(address: Address) -> set[str]:
    """What the pages of an institution's settings, staff and certificate ask for; all others are open to its staff."""
    everybody = {"superuser", ADMINISTRATOR, COORDINATOR}
    if address.short == "delete" and address.model.__name__ == "AgreementTemplate":
        return set()  # the world's is published
    if address.is_own_page or address.model.__name__ != "Institution":
        return everybody
    if address.short in OF_NOBODY:
        return set()
    if address.short in OF_SUPERUSERS:
        return {"superuser"}
    return everybody - {COORDINATOR} if address.short in OF_ADMINISTRATORS else everybody


def is_open(response: Any) -> bool:
    """The view answered: with a page, a redirect of its own, or that it wants another method."""
    return response.status_code in {200, 302, 405} and not is_sent_home(response)


def opened_by(user: Any, house: House) -> set[str]:
    return {
        address.name
        for address in our_addresses()
        for _method, response in asked(user, address, address.url(house), ("get",))
        if is_open(response)
    }


@pytest.mark.parametrize("role", ["superuser", ADMINISTRATOR, COORDINATOR])
def test_each_role_opens_exactly_its_pages(world: World, role: str) -> None:
    user = world.superuser if role == "superuser" else getattr(world.ours, role)
    choosers = {a.name for a in our_addresses() if a.short == "create"}  # choosers make nothing: 404 for all
    expected = {address.name for address in our_addresses() if role in who_may(address)}
    assert opened_by(user, world.ours) ^ expected <= choosers


def test_the_table_knows_what_only_administrators_open(world: World) -> None:
    """Keeps the matrix honest: a new page of an institution has to be put where it belongs."""
    institution = {a.short for a in our_addresses() if not a.is_own_page and a.model is Institution}
    read = {"list", "list_results", "choose", "choose_results", "chosen", "chosen_multiple"}
    known = OF_ADMINISTRATORS | OF_SUPERUSERS | OF_NOBODY | read
    assert institution <= known, institution - known


def test_no_permission_of_a_group_or_a_user_opens_anything(world: World) -> None:
    """With every permission that there is, also those of models that the site's own apps bring."""
    user = world.nobody
    group = Group.objects.create(name="All")
    group.permissions.set(Permission.objects.all())
    user.groups.add(group)
    user.user_permissions.set(Permission.objects.all())
    user = type(user).objects.get(pk=user.pk)
    assert not user.is_superuser and user.has_perm("wagtailadmin.access_admin")
    leaks = []
    for address in our_addresses():
        for method, response in asked(user, address, address.url(world.ours), ("get", "post")):
            if SECRET in body(response) or (is_open(response) and address.kind == "object"):
                leaks.append((address.name, method, response.status_code))
    assert leaks == []
    for model in scoped_models():
        policy = policy_for(model)
        assert not any(
            policy.user_has_permission(user, action) for action in ("view", "add", "change", "delete")
        )


def walked(session: Client, house: House) -> list[tuple[str, int]]:
    """What an open session still gets of a house: pages that open, and anything with the word."""
    found = []
    for address in our_addresses():
        response = session.get(address.url(house))
        if SECRET in body(response) or (address.kind == "object" and is_open(response)):
            found.append((address.name, response.status_code))
    return found


def test_a_removed_person_is_out_at_once_in_open_sessions_too(world: World) -> None:
    user = world.ours.coordinator
    session = client(user)
    cohort = reverse(f"{S}cohort:inspect", args=[world.ours.enrolling.pk])
    assert SECRET in body(session.get(cohort))
    member = Membership.objects.get(user=user, institution=world.ours.institution)
    remove_member(member, actor=make.actor_of(world.ours.institution))
    assert "/login/" in session.get(cohort)["Location"]
    assert [name for name, status in walked(session, world.ours) if status != 302] == []


def test_who_is_removed_from_one_of_two_keeps_only_the_other(world: World) -> None:
    user = world.theirs.coordinator
    actor = make.actor_of(world.ours.institution)
    member = add_member(world.ours.institution, user, role=ADMINISTRATOR, actor=actor)
    session = client(user)
    assert SECRET in body(session.get(reverse(f"{S}cohort:list")))
    remove_member(member, actor=actor)
    assert walked(session, world.ours) == []
    assert "Quagga" in body(session.get(reverse(f"{S}cohort:list")))


def test_a_switched_off_account_is_out_at_once(world: World) -> None:
    user = world.ours.administrator
    session = client(user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert [name for name, status in walked(session, world.ours) if status != 302] == []


@pytest.fixture
def both(world: World) -> Any:
    """Administrator of theirs, coordinator of ours."""
    user = world.theirs.administrator
    add_member(world.ours.institution, user, role=COORDINATOR, actor=make.actor_of(world.ours.institution))
    return type(user).objects.get(pk=user.pk)


def test_an_administrator_there_is_only_a_coordinator_here(world: World, both: Any) -> None:
    here, there = opened_by(both, world.ours), opened_by(both, world.theirs)
    reserved = {a.name for a in our_addresses() if who_may(a) == {"superuser", ADMINISTRATOR}}
    assert len(reserved) == len(OF_ADMINISTRATORS)
    assert here & reserved == set() and there >= reserved
    assert here >= {a.name for a in our_addresses() if COORDINATOR in who_may(a) and a.short != "create"}


def test_posts_of_an_administrator_from_there_change_nothing_here(world: World, both: Any) -> None:
    house, session = world.ours, client(both)
    member = Membership.objects.get(user=both, institution=house.institution)

    def url(name: str, *more: Any) -> str:
        return reverse(f"{S}institution:{name}", args=[house.institution.pk, *more])

    session.post(url("staff_role", member.pk), {"role": ADMINISTRATOR})
    session.post(url("staff"), {"email": "friend@example.com", "role": ADMINISTRATOR})
    session.post(url("edit"), {"name": "Taken over", "language": "en", "colour": "#000000"})
    other = house.institution.memberships.exclude(user=both).first()
    session.post(url("staff_remove", other.pk))
    member.refresh_from_db()
    house.institution.refresh_from_db()
    assert member.role == COORDINATOR and house.institution.name != "Taken over"
    assert house.institution.memberships.count() == 3
    # a member of here named below an institution where one is administrator
    theirs = reverse(f"{S}institution:staff_remove", args=[world.theirs.institution.pk, other.pk])
    assert session.post(theirs).status_code == 404


def test_the_list_of_institutions_offers_editing_where_one_may(world: World, both: Any) -> None:
    text = body(client(both).get(reverse(f"{S}institution:list")))
    mine = reverse(f"{S}institution:edit", args=[world.theirs.institution.pk])
    assert mine in text and reverse(f"{S}institution:edit", args=[world.ours.institution.pk]) not in text


def test_the_policy_counts_the_role_of_the_objects_own_institution(world: World, both: Any) -> None:
    policy = policy_for(Institution)
    assert set(policy.instances_user_has_permission_for(both, "view")) == {
        world.ours.institution, world.theirs.institution,
    }  # fmt: skip
    assert list(policy.instances_user_has_permission_for(both, "change")) == [world.theirs.institution]
    assert not policy.instances_user_has_permission_for(both, "delete")
    assert both not in policy.users_with_permission_for_instance("change", world.ours.institution)
    assert both in policy.users_with_permission_for_instance("change", world.theirs.institution)
    cohorts = policy_for(Cohort)
    named = set(cohorts.users_with_permission_for_instance("change", world.ours.draft))
    assert world.ours.coordinator in named and world.theirs.coordinator not in named


def test_lists_choosers_and_searches_show_the_union_and_nothing_more(world: World, both: Any) -> None:
    third = make.institution("Okapi College")
    make.cohort(third, name="Okapi draft")
    session = client(both)
    chooser = "wagtailsnippetchoosers_wagtail_cohorts_cohort:choose_results"
    for url in (reverse(f"{S}cohort:list"), reverse(chooser), reverse("cohorts_enrollments:index")):
        text = body(session.get(url))
        assert SECRET in text and "Quagga" in text and "Okapi" not in text, url
        assert "Okapi draft" not in body(session.get(url, {"q": "Okapi"})), url


def test_an_objects_usage_names_nothing_of_another_institution(world: World) -> None:
    """Even if a row of another institution came to refer to it."""
    sponsor = world.theirs.sponsor
    Cohort.objects.filter(pk=world.ours.draft.pk).update(sponsor=sponsor)
    ReferenceIndex.create_or_update_for_object(Cohort.objects.get(pk=world.ours.draft.pk))
    url = reverse(f"{S}sponsor:usage", args=[sponsor.pk])
    assert SECRET not in body(client(world.theirs.administrator).get(url))
    assert SECRET in body(client(world.superuser).get(url))


@pytest.mark.parametrize("query", ["?export=csv", "?export=xlsx"])
def test_exports_hold_the_union_of_ones_institutions(world: World, both: Any, query: str) -> None:
    for name in (f"{S}cohort:list", "cohorts_enrollments:index"):
        url = reverse(name) + query
        assert SECRET in body(client(both).get(url)) and "Quagga" in body(client(both).get(url))
        alone = body(client(world.ours.coordinator).get(url))
        assert SECRET in alone and "Quagga" not in alone


def test_every_scoped_model_starts_from_what_the_user_may_see(world: World) -> None:
    models = [model for model in scoped_models() if hasattr(model._default_manager, "visible_to")]
    assert {model.__name__ for model in scoped_models()} - {model.__name__ for model in models} == {"Batch"}
    for model in models:
        mine = model._default_manager.visible_to(world.theirs.administrator)
        institutions = set(mine.values_list(model.institution_path, flat=True))
        assert institutions <= {world.theirs.institution.pk}, model
