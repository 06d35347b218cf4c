"""The template editor: taking a PDF, fields and roles, drafts, previews, and publishing that freezes a version."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from tests import factories as make
from wagtail_cohorts.models import AgreementTemplate, CohortLogEntry, Institution, Membership

pytestmark = pytest.mark.django_db
S = "wagtailsnippets_wagtail_cohorts_agreementtemplate:"


@pytest.fixture
def institution() -> Institution:
    return make.institution("Mopane Ridge")


@pytest.fixture
def browser(institution: Institution) -> Client:
    client = Client()
    client.force_login(make.staff(institution, role=Membership.COORDINATOR))
    return client


def form(template: AgreementTemplate | None = None, **more: Any) -> dict[str, Any]:
    """What the browser sends: roles as rows, fields as JSON."""
    roles = (
        template.roles
        if template
        else [
            {"key": "student", "kind": "student", "name": "Student"},
            {"key": "sponsor", "kind": "sponsor", "name": "Host"},
        ]
    )
    data: dict[str, Any] = {
        "title": template.title if template else "Learnership",
        "fields": json.dumps(template.fields if template else []),
        "roles-shown": "1",
    }
    for column in ("key", "kind", "name"):
        data[f"roles-{column}"] = [row[column] for row in roles]
    return {**data, **more}


def upload(data: bytes, name: str = "agreement.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def edit_url(template: AgreementTemplate) -> str:
    return reverse(f"{S}edit", args=[template.pk])


def errors_of(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


def draft_of(template: AgreementTemplate) -> AgreementTemplate:
    template.refresh_from_db()
    return template.get_latest_revision_as_object()


def with_program(data: bytes) -> bytes:
    """A PDF that would run a program when opened."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def encrypted(data: bytes) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt("secret", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_new_template_takes_its_pdf_and_knows_its_pages(browser: Client, institution: Institution) -> None:
    response = browser.post(reverse(f"{S}add"), form(pdf=upload(make.small_pdf(3), "learnership.pdf")))
    assert response.status_code == 302
    draft = draft_of(AgreementTemplate.objects.get())
    assert draft.institution == institution and not draft.live
    assert draft.source_name == "learnership.pdf" and [page["number"] for page in draft.pages] == [1, 2, 3]
    assert [role["name"] for role in draft.roles] == ["Student", "Host"]


def test_a_template_needs_a_title_even_as_a_draft(browser: Client) -> None:
    response = browser.post(reverse(f"{S}add"), form(title=""))
    assert response.status_code == 200 and "title" in errors_of(response)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (encrypted(make.small_pdf()), "password"),
        (make.small_pdf()[:300], ""),
        (make.photo(), "PDF"),
        (b"", ""),
    ],
    ids=["encrypted", "cut short", "a photo with another name", "empty"],
)
def test_a_file_that_cannot_be_used_is_refused_in_the_field(browser: Client, data: bytes, word: str) -> None:
    response = browser.post(reverse(f"{S}add"), form(pdf=upload(data)))
    assert response.status_code == 200
    assert word.lower() in " ".join(errors_of(response)["pdf"]).lower()
    assert not AgreementTemplate.objects.exists()


def test_a_huge_pdf_is_refused_by_its_size(browser: Client, settings: Any) -> None:
    settings.WAGTAIL_COHORTS_MAX_UPLOAD_BYTES = 500
    response = browser.post(reverse(f"{S}add"), form(pdf=upload(make.small_pdf())))
    assert "larger than" in errors_of(response)["pdf"][0]


def test_what_was_taken_out_of_a_pdf_is_named(browser: Client) -> None:
    response = browser.post(reverse(f"{S}add"), form(pdf=upload(with_program(make.small_pdf()))), follow=True)
    assert "JavaScript" in " ".join(str(message) for message in response.context["messages"])
    assert b"JavaScript" not in draft_of(AgreementTemplate.objects.get()).source.read()


def test_publishing_freezes_a_version_with_the_same_bytes(browser: Client, institution: Institution) -> None:
    template = make.template(institution)
    response = browser.post(edit_url(template), form(template, **{"action-publish": "1"}))
    assert response.status_code == 302
    version = template.versions.get()
    template.refresh_from_db()
    assert template.live and version.number == 1 and version.pdf_sha256 == template.source.sha256
    assert "Version 1 (PDF)" in browser.get(edit_url(template)).content.decode()


def test_publishing_the_same_twice_makes_one_version(browser: Client, institution: Institution) -> None:
    template = make.template(institution)
    for _time in range(2):
        browser.post(edit_url(template), form(template, **{"action-publish": "1"}))
    assert template.versions.count() == 1


def test_a_changed_field_makes_the_next_version(browser: Client, institution: Institution) -> None:
    template = make.template(institution)
    browser.post(edit_url(template), form(template, **{"action-publish": "1"}))
    template.fields[0]["x"] += 5000
    browser.post(edit_url(template), form(template, **{"action-publish": "1"}))
    assert [version.number for version in template.versions.order_by("number")] == [1, 2]


def test_what_is_missing_stands_in_the_form_instead_of_a_failure(
    browser: Client, institution: Institution
) -> None:
    response = browser.post(reverse(f"{S}add"), form(**{"action-publish": "1"}))
    assert response.status_code == 200 and "pdf" in errors_of(response)
    template = make.template(institution, fields=[make.field("name", "student", "text", y=100_000)])
    response = browser.post(edit_url(template), form(template, **{"action-publish": "1"}))
    assert "Nobody signs" in errors_of(response)["fields"][0]
    assert not template.versions.exists()


def test_a_fault_in_a_field_is_told_with_its_name(browser: Client, institution: Institution) -> None:
    template = make.template(institution)
    template.fields[1]["x"] = 900_000
    template.fields[2]["role"] = "driver"
    response = browser.post(edit_url(template), form(template))
    assert "Ward" in errors_of(response)["fields"][0] and "edge" in errors_of(response)["fields"][0]
    template.fields[1]["x"] = 100_000
    assert "driver" in errors_of(browser.post(edit_url(template), form(template)))["fields"][0]


@pytest.mark.parametrize("fields", ["{", "7", '{"a": 1}', "[1, null]", '[{"key": "x"}]', '"text"', "null"])
def test_fields_that_are_no_list_never_break_the_page(
    browser: Client, institution: Institution, fields: str
) -> None:
    template = make.template(institution)
    response = browser.post(edit_url(template), form(template, fields=fields))
    assert response.status_code in {200, 302}
    assert isinstance(draft_of(template).fields, list)


def test_roles_are_reordered_removed_and_named(browser: Client, institution: Institution) -> None:
    template = make.template(institution, fields=[])
    rows = {"roles-key": ["host", "", ""], "roles-kind": ["sponsor", "student", "student"],
            "roles-name": ["Host", "Learner", ""]}  # fmt: skip
    assert browser.post(edit_url(template), form(template, **rows)).status_code == 302
    roles = draft_of(template).roles
    assert roles == [
        {"name": "Host", "kind": "sponsor", "key": "host"},
        {"name": "Learner", "kind": "student", "key": "student"},
    ]


def test_two_roles_with_one_key_are_refused(browser: Client, institution: Institution) -> None:
    template = make.template(institution, fields=[])
    rows = {"roles-key": ["a", "a"], "roles-kind": ["student", "sponsor"], "roles-name": ["A", "B"]}
    response = browser.post(edit_url(template), form(template, **rows))
    assert response.status_code == 200 and "Two roles" in str(response.context["form"].errors)


def test_autosave_keeps_a_draft(browser: Client, institution: Institution) -> None:
    template = make.template(institution)
    data = form(template, title="Saved by itself")
    response = browser.post(edit_url(template), data, headers={"accept": "application/json"})
    if response.status_code == 302:
        pytest.skip("This Wagtail has no autosave for snippets.")
    assert response.json()["success"]
    assert draft_of(template).title == "Saved by itself"


def test_the_preview_shows_pages_with_sample_answers(browser: Client, institution: Institution) -> None:
    template = make.template(institution)
    url = reverse(f"{S}preview_on_edit", args=[template.pk])
    assert browser.post(url, form(template)).json()["is_valid"]
    page = browser.get(url).content.decode()
    assert page.count("data:image/webp") == 2 and "Page 1 with sample answers" in page


def test_the_preview_without_a_pdf_says_so(browser: Client) -> None:
    url = reverse(f"{S}preview_on_add")
    browser.post(url, form())
    assert "no PDF yet" in browser.get(url).content.decode()


def test_a_locked_template_cannot_be_published_by_others(browser: Client, institution: Institution) -> None:
    template = make.template(institution)
    other = Client()
    other.force_login(make.staff(institution))
    other.post(reverse(f"{S}lock", args=[template.pk]))
    template.refresh_from_db()
    assert template.locked
    page = browser.get(edit_url(template)).content.decode()
    assert 'name="action-publish"' not in page
    browser.post(edit_url(template), form(template, **{"action-publish": "1"}))
    assert not template.versions.exists()


def test_page_pictures_are_private_and_bounded(browser: Client, institution: Institution) -> None:
    template = make.template(institution)
    url = reverse(f"{S}page_image", args=[template.pk, 1])
    response = browser.get(url + "?width=99999999")
    assert response["Content-Type"] == "image/webp" and "private" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    for page in (0, 3, 999):
        assert browser.get(reverse(f"{S}page_image", args=[template.pk, page])).status_code == 404


def test_a_published_version_can_be_read_as_pdf(browser: Client, institution: Institution) -> None:
    version = make.published(institution)
    response = browser.get(reverse(f"{S}version_pdf", args=[version.template_id, 1]))
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert browser.get(reverse(f"{S}version_pdf", args=[version.template_id, 2])).status_code == 404


def test_a_template_with_a_version_is_not_deleted_not_even_by_superusers(institution: Institution) -> None:
    version = make.published(institution)
    root = Client()
    root.force_login(make.user(is_superuser=True, is_staff=True))
    url = reverse(f"{S}delete", args=[version.template_id])
    assert (
        root.post(url).status_code == 302
        and AgreementTemplate.objects.filter(pk=version.template_id).exists()
    )
    draft = make.template(institution)
    root.post(reverse(f"{S}delete", args=[draft.pk]))
    assert not AgreementTemplate.objects.filter(pk=draft.pk).exists()


def test_the_history_tells_of_the_version(browser: Client, institution: Institution) -> None:
    template = make.template(institution)
    browser.post(edit_url(template), form(template, **{"action-publish": "1"}))
    assert CohortLogEntry.objects.filter(action="cohorts.template.published").exists()
    assert "Version published" in browser.get(reverse(f"{S}history", args=[template.pk])).content.decode()


def test_the_list_has_a_fixed_number_of_queries(
    browser: Client, institution: Institution, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for more in (2, 12):
        for _number in range(more):
            make.published(institution)
        browser.get(reverse(f"{S}list"))
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse(f"{S}list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
