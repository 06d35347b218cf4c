from __future__ import annotations

import hashlib
import json

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.agreements.definitions import definition_of, definition_problems, publish_problems
from wagtail_cohorts.agreements.models import TemplateVersion
from wagtail_cohorts.agreements.operations import freeze, take_source
from wagtail_cohorts.exceptions import BadInput

pytestmark = pytest.mark.django_db


def test_publishing_freezes_bytes_fields_and_roles_with_their_hashes() -> None:
    template = make.template(make.institution())
    template.save_revision().publish()
    version = TemplateVersion.objects.get(template=template)
    assert version.number == 1 and version.pdf_sha256 == hashlib.sha256(version.pdf.read()).hexdigest()
    assert version.definition_sha256 == hashlib.sha256(version.definition.encode()).hexdigest()
    assert len(json.loads(version.definition)["fields"]) == len(make.small_fields())


def test_publishing_again_without_a_change_makes_no_new_version() -> None:
    template = make.template(make.institution())
    template.save_revision().publish()
    template.refresh_from_db()
    template.save_revision().publish()
    assert template.versions.count() == 1


def test_a_changed_draft_makes_version_2_and_leaves_version_1() -> None:
    template = make.template(make.institution())
    first = freeze(template, actor=SYSTEM_ACTOR)
    before = first.definition
    template.fields = template.fields[:-1]
    template.save()
    second = freeze(template, actor=SYSTEM_ACTOR)
    first.refresh_from_db()
    assert (second.number, first.definition) == (2, before) and second.definition != before


def test_a_draft_that_cannot_be_used_is_not_published() -> None:
    template = make.template(make.institution(), fields=[])
    with pytest.raises(ValidationError) as caught:
        template.save_revision().publish()
    assert "signature field" in str(caught.value) and not TemplateVersion.objects.exists()


def test_a_stranger_may_not_publish() -> None:
    from wagtail.actions.publish_revision import PublishPermissionError

    template = make.template(make.institution())
    with pytest.raises(PublishPermissionError):
        template.save_revision().publish(user=make.staff(make.institution()))


def test_staff_of_the_institution_may_publish() -> None:
    institution = make.institution()
    template = make.template(institution)
    template.save_revision().publish(user=make.staff(institution))
    template.refresh_from_db()
    assert template.live and template.versions.count() == 1


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"role": "nobody"}, "nobody"),
        ({"page": 9}, "page"),
        ({"x": 990_000}, "Student name"),
        ({"type": "hologram"}, "hologram"),
        ({"key": "street"}, "street"),
    ],
)
def test_a_wrong_field_is_named_in_the_editors_words(change: dict[str, object], part: str) -> None:
    fields = make.small_fields()
    fields[0] = {**fields[0], **change}
    problems = definition_problems(make.template(make.institution(), fields=fields))
    assert problems and part in " ".join(problems)


def test_roles_need_different_keys_and_known_kinds() -> None:
    template = make.template(make.institution())
    template.roles = [*template.roles, template.roles[0]]
    assert any("Two roles" in text for text in definition_problems(template))
    template.roles = [{"key": "x", "kind": "wizard", "name": "X"}]
    assert definition_problems(template)
    template.roles = "nonsense"
    assert definition_problems(template)


def test_a_role_that_has_nothing_to_do_is_skipped() -> None:
    fields = [row for row in make.small_fields() if row["role"] != "sponsor"]
    version = make.published(make.institution(), fields=fields)
    assert [role.key for role in definition_of(version).acting_roles()] == ["institution", "student"]


def test_a_draft_without_pdf_cannot_be_published() -> None:
    template = make.template(make.institution())
    template.source = None
    assert any("PDF" in text for text in publish_problems(template))


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\n%%EOF", make.small_pdf()[:300]])
def test_a_source_that_is_no_whole_pdf_is_refused(data: bytes) -> None:
    template = make.template(make.institution())
    before = template.source
    with pytest.raises(BadInput):
        take_source(template, data, name="x.pdf")
    assert template.source == before


def test_an_agreement_has_one_guardian() -> None:
    roles = [*make.GUARDIAN_ROLES, {"key": "father", "kind": "guardian", "name": "Father"}]
    made = make.template(make.institution(), roles=roles, fields=make.guardian_fields())
    assert publish_problems(made) == ["There can be one guardian: a student names one."]
