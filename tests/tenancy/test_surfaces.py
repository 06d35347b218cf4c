"""What a URL walk cannot see: posted keys, exports, searches, reports, bulk actions, and Wagtail's own pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import nested_form_data

from tests import factories as make
from tests.tenancy.walk import our_addresses
from tests.tenancy.world import SECRET, World, body, client
from wagtail_cohorts.institutions.operations import add_member, staff_group
from wagtail_cohorts.models import AgreementTemplate, Cohort, Institution, Membership, Programme, Sponsor

S = "wagtailsnippets_wagtail_cohorts_"

HOME = reverse("wagtailadmin_home")


@pytest.fixture
def stranger(world: World) -> Client:
    return client(world.theirs.administrator)


@pytest.fixture
def editor(world: World) -> Client:
    """A stranger who also edits the host's pages, and so may open Wagtail's reports."""
    group = staff_group()
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    for codename in ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"):
        permission = Permission.objects.get(codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    return client(world.theirs.administrator)


def bulk(model: str, action: str, query: str) -> str:
    return reverse("wagtail_bulk_action", args=["wagtail_cohorts", model, action]) + query


@pytest.mark.parametrize(
    "query", [f"?q={SECRET}", "?q=a", "?export=csv", "?export=xlsx", "?ordering=-pk", "?p=2"]
)
def test_lists_searches_and_exports_keep_to_the_institution(
    world: World, stranger: Client, query: str
) -> None:
    for address in our_addresses():
        if address.kind == "rows":
            response = stranger.get(address.url(world.ours) + query)
            assert response.status_code in {200, 404}, address.name
            assert f"{SECRET} " not in body(response).replace("son", " "), address.name


def test_filtering_by_a_foreign_row_finds_and_names_nothing(world: World, stranger: Client) -> None:
    keys = {"institution": world.ours.institution.pk, "sponsor": world.ours.sponsor.pk, "cohort": world.ours.draft.pk,
            "programme": world.ours.programme.pk}  # fmt: skip
    for address in our_addresses():
        if address.kind == "rows":
            response = stranger.get(address.url(world.ours), keys)
            assert SECRET not in body(response), address.name


def test_a_new_row_lands_in_the_own_institution_whatever_was_posted(world: World, stranger: Client) -> None:
    data = {"institution": world.ours.institution.pk, "name": "made", "kind": "learnership"}
    stranger.post(reverse(f"{S}programme:add"), data)
    assert Programme.objects.get(name="made").institution == world.theirs.institution
    stranger.post(
        reverse(f"{S}agreementtemplate:add"), {"institution": world.ours.institution.pk, "title": "made"}
    )
    assert AgreementTemplate.objects.get(title="made").institution == world.theirs.institution


def test_whoever_has_two_institutions_cannot_choose_a_third(world: World) -> None:
    user, third = world.theirs.administrator, make.institution("Third")
    add_member(third, user, role=Membership.COORDINATOR, actor=make.actor_of(third))
    both = client(type(user).objects.get(pk=user.pk))
    data = {"institution": world.ours.institution.pk, "name": "made", "kind": "learnership"}
    response = both.post(reverse(f"{S}programme:add"), data)
    assert response.status_code == 200 and SECRET not in body(response)
    assert not Programme.objects.filter(name="made").exists()
    both.post(reverse(f"{S}programme:add"), {**data, "institution": third.pk})
    assert Programme.objects.get(name="made").institution == third


def test_a_row_never_moves_to_another_institution(world: World) -> None:
    user = world.theirs.administrator
    add_member(
        world.ours.institution, user, role=Membership.COORDINATOR, actor=make.actor_of(world.ours.institution)
    )
    programme = world.theirs.programme
    data = {"institution": world.ours.institution.pk, "name": "moved", "kind": "learnership"}
    url = reverse(f"{S}programme:edit", args=[programme.pk])
    client(type(user).objects.get(pk=user.pk)).post(url, data)
    programme.refresh_from_db()
    assert programme.name == "moved" and programme.institution == world.theirs.institution


def cohort_data(world: World, **more: Any) -> dict[str, Any]:
    """A cohort form of the stranger's own institution."""
    rows = {"cohort_templates": [], "required_documents": [], "parties": []}
    sets = {
        f"{name}-{key}": value
        for name in rows
        for key, value in {
            "TOTAL_FORMS": 0,
            "INITIAL_FORMS": 0,
            "MIN_NUM_FORMS": 0,
            "MAX_NUM_FORMS": 1000,
        }.items()
    }
    own = {"programme": world.theirs.programme.pk, "sponsor": world.theirs.sponsor.pk, "expected_students": 1}
    return nested_form_data({"name": "made", **own, **sets, **more})


@pytest.mark.parametrize("field", ["programme", "sponsor"])
def test_a_foreign_key_is_neither_accepted_nor_redrawn_with_its_title(
    world: World, stranger: Client, field: str
) -> None:
    data = cohort_data(world, **{field: getattr(world.ours, field).pk})
    response = stranger.post(reverse(f"{S}cohort:add"), data)
    assert response.status_code == 200
    assert SECRET not in body(response)
    assert not Cohort.objects.filter(name="made").exists()


def test_rows_inside_a_form_are_limited_too(world: World, stranger: Client) -> None:
    template = {"cohort_templates-TOTAL_FORMS": 1, "cohort_templates-0-template": world.ours.template.pk,
                "cohort_templates-0-ORDER": 1}  # fmt: skip
    response = stranger.post(reverse(f"{S}cohort:add"), cohort_data(world, **template))
    assert response.status_code == 200 and SECRET not in body(response)
    contact = world.ours.sponsor.contacts.get()
    party = {"parties-TOTAL_FORMS": 1, "parties-0-role_key": "sponsor", "parties-0-contact": contact.pk}
    response = stranger.post(reverse(f"{S}cohort:add"), cohort_data(world, **party))
    assert response.status_code == 200 and SECRET not in body(response)
    assert not Cohort.objects.filter(name="made").exists()


def test_autosave_and_publish_of_a_foreign_template_do_not_exist(world: World, stranger: Client) -> None:
    url = reverse(f"{S}agreementtemplate:edit", args=[world.ours.template.pk])
    for more in ({}, {"action-publish": "1"}):
        response = stranger.post(url, {"title": "hacked", **more}, headers={"accept": "application/json"})
        assert response.status_code == 404
    assert not world.ours.template.revisions.filter(content__title="hacked").exists()


def test_choosers_offer_and_find_own_rows_only(world: World, stranger: Client) -> None:
    for name in ("cohort", "agreementtemplate", "programme", "sponsor", "institution"):
        chooser = f"wagtailsnippetchoosers_wagtail_cohorts_{name}:"
        for query in ("", "?q=Zebra", "?q=Quagga"):
            assert SECRET not in body(stranger.get(reverse(f"{chooser}choose_results") + query)), name
        if name != "programme":  # the factory names those by number
            assert "Quagga" in body(stranger.get(reverse(f"{chooser}choose_results"))), name


def test_bulk_delete_knows_own_rows_only(world: World, stranger: Client) -> None:
    foreign, own = world.ours.programme.pk, world.theirs.programme.pk
    for name in ("agreementtemplate", "programme", "sponsor"):
        assert SECRET not in body(stranger.get(bulk(name, "delete", "?id=all")))
    assert stranger.get(bulk("programme", "delete", f"?id={foreign}")).status_code == 404
    page = stranger.get(bulk("programme", "delete", f"?id={foreign}&id={own}"))
    assert [row["item"].pk for row in page.context["items"]] == [own]
    stranger.post(bulk("programme", "delete", f"?id={foreign}"))
    assert Programme.objects.filter(pk=foreign).exists()


@pytest.mark.parametrize("key", ["abc", "99999999999999999999999", "_3C"])
def test_bulk_keys_that_are_none_are_not_found(world: World, stranger: Client, key: str) -> None:
    assert stranger.get(bulk("programme", "delete", f"?id={key}")).status_code == 404


@pytest.mark.parametrize("name", ["cohort", "institution"])
def test_cohorts_and_institutions_have_no_bulk_delete(world: World, name: str) -> None:
    key = getattr(world.ours, "draft" if name == "cohort" else "institution").pk
    for query in (f"?id={key}", "?id=all"):
        assert client(world.superuser).get(bulk(name, "delete", query)).status_code == 404
        assert client(world.superuser).post(bulk(name, "delete", query)).status_code == 404
    assert Cohort.objects.filter(pk=world.ours.draft.pk).exists()


@pytest.mark.parametrize("action", ["invite", "withdraw"])
def test_bulk_actions_on_students_keep_to_the_institution(
    world: World, stranger: Client, action: str
) -> None:
    assert stranger.get(bulk("enrollment", action, f"?id={world.ours.student.pk}")).status_code == 404
    assert SECRET not in body(stranger.get(bulk("enrollment", action, "?id=all")))
    assert (
        stranger.post(bulk("enrollment", action, f"?id={world.ours.student.pk}"), {"reason": "x"}).status_code
        == 404
    )
    world.ours.student.refresh_from_db()
    assert world.ours.student.is_active


REPORTS = [
    f"wagtailadmin_reports:{name}"
    for name in ("site_history", "site_history_results", "workflow", "workflow_results", "workflow_tasks",
                 "workflow_tasks_results", "locked_pages", "aging_pages")
]  # fmt: skip


@pytest.mark.parametrize("export", ["", "?export=csv", "?export=xlsx"])
@pytest.mark.parametrize("name", REPORTS)
def test_wagtails_reports_name_nothing_of_another_institution(
    world: World, editor: Client, name: str, export: str
) -> None:
    told = body(editor.get(reverse(name) + export))
    assert SECRET not in told and "zebrawood-administrator" not in told


def test_the_site_history_shows_the_own_institution(world: World, editor: Client) -> None:
    """Keeps the test above honest."""
    told = body(editor.get(reverse("wagtailadmin_reports:site_history")))
    assert "Quagga" in told


def test_the_admin_search_home_and_snippets_index_name_nothing(world: World, editor: Client) -> None:
    for url in (reverse("wagtailadmin_pages:search") + f"?q={SECRET}", reverse("wagtailadmin_home")):
        assert f"{SECRET} " not in body(editor.get(url))
    index = client(world.superuser).get(reverse("wagtailsnippets:index"))
    assert index.status_code == 302, "no snippet of ours is counted under Snippets"


def test_the_editing_session_of_a_foreign_object_is_not_told(world: World, stranger: Client) -> None:
    for model, name, pk in (
        (AgreementTemplate, "agreementtemplate", world.ours.template.pk), (Cohort, "cohort", world.ours.draft.pk),
        (Institution, "institution", world.ours.institution.pk), (Sponsor, "sponsor", world.ours.sponsor.pk),
    ):  # fmt: skip
        EditingSession.objects.create(
            user=world.ours.administrator, content_type=ContentType.objects.get_for_model(model), object_id=str(pk),
            last_seen_at=timezone.now(), is_editing=True,
        )  # fmt: skip
        url = reverse("wagtailadmin_editing_sessions:ping", args=["wagtail_cohorts", name, pk, 999999])
        assert stranger.post(url).status_code == 404


def test_a_preview_of_a_new_template_takes_no_foreign_institution(world: World, stranger: Client) -> None:
    url = reverse(f"{S}agreementtemplate:preview_on_add")
    stranger.post(url, {"institution": world.ours.institution.pk, "title": "x"})
    assert SECRET not in body(stranger.get(url))


def test_leaving_takes_effect_at_the_next_request(world: World) -> None:
    user = world.ours.coordinator
    session = client(user)
    url = reverse(f"{S}agreementtemplate:edit", args=[world.ours.template.pk])
    assert session.get(url).status_code == 200
    Membership.objects.filter(user=user).delete()
    assert session.get(url).status_code == 404


def test_an_inactive_user_sees_nothing(world: World) -> None:
    user = world.ours.coordinator
    user.is_active = False
    assert not AgreementTemplate.objects.visible_to(user).exists()


@pytest.mark.parametrize("key", ["abc", "0", "99999999999999999999999", "_3C"])
def test_malformed_keys_are_not_found(world: World, stranger: Client, key: str) -> None:
    paths = (
        f"{HOME}snippets/wagtail_cohorts/agreementtemplate/edit/{key}/",
        f"{HOME}snippets/wagtail_cohorts/agreementtemplate/history/{key}/revisions/compare/live...latest/",
        f"{HOME}snippets/choose/wagtail_cohorts/cohort/chosen/{key}/",
        f"{HOME}snippets/wagtail_cohorts/agreementtemplate/page/{key}/1/",
        f"{HOME}snippets/wagtail_cohorts/institution/staff/{key}/",
    )
    for path in paths:
        assert stranger.get(path).status_code == 404, path
    many = stranger.get(f"{HOME}snippets/choose/wagtail_cohorts/cohort/chosen-multiple/?id={key}")
    assert many.status_code == 404 or '"result": []' in body(many)
