"""The field editor of a template in Chromium: what is pressed and typed there is in the saved draft."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests import factories as make
from tests.browser import Person
from wagtail_cohorts.agreements.models import AgreementTemplate
from wagtail_cohorts.flags import create_flags

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def template(settings: Any) -> AgreementTemplate:
    settings.WAGTAIL_ENABLE_UPDATE_CHECK = False
    settings.WAGTAIL_GRAVATAR_PROVIDER_URL = None
    create_flags()
    institution = make.institution("Mopane Ridge")
    make.staff(institution, username="lindiwe")
    return make.published(institution, title="Learnership agreement").template


def rows(page: Any) -> list[str]:
    return list(page.locator(".wc-fieldform__name").all_inner_texts())


# Wagtail's controller takes its picture of the unchanged form two seconds after it opened; no change before counts.
WATCHED = """() => window.wagtail.app.getControllerForElementAndIdentifier(
    document.querySelector("form[data-controller~='w-unsaved']"), "w-unsaved")?.initialFormData"""


def drafted(page: Any, template: AgreementTemplate, label: str, x: int) -> dict[str, Any]:
    """The field of this label and place in the draft, which Wagtail keeps by itself some time after the last change."""
    for _ in range(40):
        template.refresh_from_db()
        for field in template.get_latest_revision_as_object().fields:
            if (field["label"], field["x"]) == ({"en": label}, x):
                return dict(field)
        page.wait_for_timeout(500)
    raise AssertionError(f"no draft has the field {label} at {x}")


@pytest.mark.parametrize("width", [360, 1280])
def test_fields_are_added_changed_moved_and_removed(
    browser: Any, live_server: Any, template: AgreementTemplate, width: int
) -> None:
    editor = Person(browser, live_server.url, width=width)
    page = editor.page
    editor.log_in("lindiwe")
    editor.open(reverse("wagtailsnippets_wagtail_cohorts_agreementtemplate:edit", args=[template.pk]))
    page.wait_for_function(WATCHED)
    page.get_by_role("tab", name="Fields").click()
    before = rows(page)
    page.locator(".wc-fieldform__row").last.click()
    editor.press("Add a field")
    page.fill('[data-set="label"]', "Shoe size")
    page.select_option('[data-set="type"]', "radio")
    editor.press("Add an answer")
    page.locator('[data-option="label"]').last.fill("Large")
    page.fill('[data-set="x"]', "21")
    assert rows(page) == [*before, "Shoe size"]
    assert page.locator(".wc-fieldform__mark.is-chosen").inner_text().endswith("Shoe size")
    editor.press("Move up in the list")
    assert rows(page) == [*before[:-1], "Shoe size", before[-1]]
    page.locator('[data-action="wc-field-form#duplicate"]').click()
    page.locator('[data-action="wc-field-form#remove"]').click()
    assert "Removed: Shoe size (copy)" in page.locator(".wc-fieldform [role=status]").inner_text()
    editor.look()
    field = drafted(page, template, "Shoe size", x=100_046)  # 21 mm of 595 points
    assert [one["label"]["en"] for one in field["options"]] == ["Option 1", "Large"]
    assert field["key"] == "shoe_size"
    of_wagtail = "w-minimap__toggle"  # its toggle is too small for a finger at 360 px
    assert [one for one in editor.problems if of_wagtail not in one] == []
