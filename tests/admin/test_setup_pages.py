"""Programmes, sponsors, the menu, the home page and the log: what hangs around cohorts."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from waffle.testutils import override_flag
from wagtail.admin.menu import admin_menu
from wagtail.test.utils.form_data import nested_form_data

from tests import factories as make
from wagtail_cohorts.flags import FEATURE
from wagtail_cohorts.institutions.operations import staff_group
from wagtail_cohorts.models import CohortLogEntry, Institution, Programme, Sponsor

pytestmark = pytest.mark.django_db
S = "wagtailsnippets_wagtail_cohorts_"


@pytest.fixture
def institution() -> Institution:
    return make.institution("Mopane Ridge")


@pytest.fixture
def browser(institution: Institution) -> Client:
    client = Client()
    client.force_login(make.staff(institution))
    return client


def programme_form(*rows: tuple[str, str, str], **more: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"name": "IT support", "kind": "learnership", "documents-shown": "1"}
    for place, column in enumerate(("name", "help", "required")):
        data[f"documents-{column}"] = [row[place] for row in rows]
    return {**data, **more}


def test_a_programme_keeps_its_documents_in_order_and_language(
    browser: Client, institution: Institution
) -> None:
    institution.language = "af"
    institution.save()
    rows = [("Jou ID", "’n Foto", "yes"), ("", "", "yes"), ("Kwalifikasie", "", "no")]
    assert browser.post(reverse(f"{S}programme:add"), programme_form(*rows)).status_code == 302
    assert Programme.objects.get().required_documents == [
        {"name": {"af": "Jou ID"}, "help": {"af": "’n Foto"}, "is_required": True},
        {"name": {"af": "Kwalifikasie"}, "help": {"af": ""}, "is_required": False},
    ]


def test_other_languages_of_a_document_survive_an_edit(browser: Client, institution: Institution) -> None:
    documents = [
        {"name": {"en": "ID", "af": "Identiteit"}, "help": {"en": "", "af": "Foto"}, "is_required": True}
    ]
    programme = make.programme(institution, required_documents=documents)
    url = reverse(f"{S}programme:edit", args=[programme.pk])
    assert 'value="ID"' in browser.get(url).content.decode()
    browser.post(url, programme_form(("ID", "A photo", "yes")))
    programme.refresh_from_db()
    assert programme.required_documents[0]["name"] == {"en": "ID", "af": "Identiteit"}
    assert programme.required_documents[0]["help"] == {"en": "A photo", "af": "Foto"}


def test_a_document_needs_a_name(browser: Client) -> None:
    response = browser.post(reverse(f"{S}programme:add"), programme_form(("", "A photo", "yes")))
    assert response.status_code == 200 and "Each document needs a name." in str(
        response.context["form"].errors
    )
    assert "A photo" in response.content.decode()


def test_rows_work_without_script(browser: Client) -> None:
    page = browser.get(reverse(f"{S}programme:add")).content.decode()
    assert page[page.index("<noscript>") :].count('name="documents-name"') >= 2


def contacts(*rows: dict[str, Any]) -> dict[str, Any]:
    management = {"TOTAL_FORMS": len(rows), "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    fields = {f"contacts-{name}": value for name, value in management.items()}
    for place, row in enumerate(rows):
        fields.update({f"contacts-{place}-{name}": value for name, value in {**row, "ORDER": place}.items()})
    return nested_form_data({"name": "Karoo Networks", **fields})


def test_a_sponsor_is_added_with_its_contacts(browser: Client, institution: Institution) -> None:
    rows = [{"name": "Thembi", "email": "thembi@example.com"}, {"name": "Piet", "email": "piet@example.com"}]
    assert browser.post(reverse(f"{S}sponsor:add"), contacts(*rows)).status_code == 302
    sponsor = Sponsor.objects.get()
    assert sponsor.institution == institution and [one.name for one in sponsor.contacts.all()] == [
        "Thembi",
        "Piet",
    ]


def test_a_contact_needs_an_address(browser: Client) -> None:
    response = browser.post(reverse(f"{S}sponsor:add"), contacts({"name": "Thembi", "email": "nowhere"}))
    assert response.status_code == 200 and not Sponsor.objects.exists()


@pytest.mark.parametrize("name", ["programme", "sponsor"])
def test_what_a_cohort_uses_is_not_deleted(browser: Client, institution: Institution, name: str) -> None:
    used = getattr(make.cohort(institution), name)
    url = reverse(f"{S}{name}:delete", args=[used.pk])
    assert browser.get(url).status_code == 200
    assert browser.post(url).status_code < 500
    assert type(used).objects.filter(pk=used.pk).exists()


def menu_of(user: Any) -> dict[str, Any]:
    request = RequestFactory().get(reverse("wagtailadmin_home"))
    request.user = user
    request.COOKIES = {}
    return {item.name: item for item in admin_menu.render_component(request)}


def test_the_menu_has_one_group_for_staff(institution: Institution) -> None:
    group = menu_of(make.staff(institution))["cohorts"]
    labels = [str(item.label) for item in group.menu_items]
    assert labels == [
        "Today",
        "Cohorts",
        "Students",
        "Verification",
        "Templates",
        "Programmes",
        "Sponsors",
        "Institutions",
    ]


def test_the_menu_is_not_there_without_an_institution_or_with_the_flag_off(institution: Institution) -> None:
    nobody = make.user()
    nobody.groups.add(staff_group())
    assert "cohorts" not in menu_of(nobody)
    with override_flag(FEATURE, active=False):
        assert "cohorts" not in menu_of(make.staff(institution))
        assert "cohorts" not in menu_of(make.user(is_superuser=True))


def test_the_home_page_leads_a_superuser_to_the_first_institution() -> None:
    client = Client()
    client.force_login(make.user(is_superuser=True, is_staff=True))
    add_url = reverse(f"{S}institution:add")
    assert "Start with cohorts" in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(add_url).status_code == 200
    make.institution()
    assert "Start with cohorts" not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_events_are_mirrored_into_the_log_without_names(institution: Institution) -> None:
    cohort = make.enrolling(institution)
    student = make.submitted(cohort, first_name="Naledi", last_name="Mokoena")
    entries = CohortLogEntry.objects.filter(institution=institution)
    actions = set(entries.values_list("action", flat=True))
    assert actions >= {
        "cohorts.cohort.opened",
        "cohorts.cohort.institution_signed",
        "cohorts.enrollment.submitted",
    }
    labels = set(
        entries.filter(object_id=str(student.pk), action__startswith="cohorts.enrollment").values_list(
            "label", flat=True
        )
    )
    assert labels == {f"student {student.pk}"}


def test_an_operation_on_many_writes_its_log_in_one_insert(
    institution: Institution, django_assert_max_num_queries: Any
) -> None:
    from wagtail_cohorts.actors import SYSTEM_ACTOR
    from wagtail_cohorts.admin.log_mirror import mirror
    from wagtail_cohorts.evidence.models import Event

    cohort = make.enrolling(institution)
    for _number in range(5):
        make.enrollment(cohort)
    events = list(Event.objects.filter(name="enrollment.added").select_related("stream"))
    with django_assert_max_num_queries(2):
        mirror(events, SYSTEM_ACTOR)


def test_the_history_of_a_cohort_tells_its_events(browser: Client, institution: Institution) -> None:
    cohort = make.enrolling(institution)
    page = browser.get(reverse(f"{S}cohort:history", args=[cohort.pk])).content.decode()
    assert "opened the cohort" in page and "The institution signed" in page


@pytest.mark.parametrize("name", ["programme", "sponsor"])
def test_lists_have_a_fixed_number_of_queries(browser: Client, institution: Institution, name: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for more in (3, 30):
        for number in range(more):
            make.programme(institution)
            make.sponsor(institution, f"Company {more} {number}")
        browser.get(reverse(f"{S}{name}:list"))
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse(f"{S}{name}:list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["sponsor", "programme", "agreementtemplate"])
def test_only_who_sees_several_institutions_has_a_column_for_them(
    browser: Client, institution: Institution, name: str
) -> None:
    make.institution("Blue Crane")
    address = reverse(f"{S}{name}:list")

    def columns(client: Client) -> list[str]:
        return [column.name for column in client.get(address).context["table"].columns.values()]

    assert "institution" not in columns(browser)
    everything = Client()
    everything.force_login(make.user(is_superuser=True))
    assert "institution" in columns(everything)
