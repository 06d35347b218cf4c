"""In which language a page is, and that it says so truly."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories as make
from tests.portal.journey import Visitor
from wagtail_cohorts.portal import base
from wagtail_cohorts.signing.models import ConsentText

pytestmark = pytest.mark.django_db


@pytest.fixture
def afrikaans(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the pages were translated."""
    monkeypatch.setattr(base, "_translated", lambda: frozenset({"en", "af"}))


def test_an_untranslated_institution_gets_english_that_is_called_english(settings: Any) -> None:
    visitor = Visitor(make.invited(make.enrolling(make.institution(language="af"))))
    page = visitor.get("welcome").content.decode()
    assert f'<html lang="{settings.LANGUAGE_CODE}"' in page and "Choose a language" not in page


def test_the_consent_is_kept_under_the_language_it_was_shown_in(settings: Any) -> None:
    enrollment = make.submitted(make.enrolling(make.institution(language="af")))
    assert enrollment.agreements.get().acts.get().consent.language == settings.LANGUAGE_CODE
    assert ConsentText.objects.count() == 1


@pytest.mark.usefixtures("afrikaans")
def test_the_institutions_language_comes_first_and_the_visitor_may_choose(settings: Any) -> None:
    english = settings.LANGUAGE_CODE
    visitor = Visitor(make.invited(make.enrolling(make.institution(language="af"))))
    page = visitor.get("welcome").content.decode()
    assert '<html lang="af"' in page and f'href="?language={english}"' in page
    answer = visitor.client.get(visitor.url("welcome") + f"?language={english}")
    assert answer.status_code == 303 and answer.url == visitor.url("welcome")
    assert f'<html lang="{english}"' in visitor.get("welcome").content.decode()


@pytest.mark.usefixtures("afrikaans")
def test_a_right_to_left_page_says_so(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(base, "_translated", lambda: frozenset({"en", "ar"}))
    visitor = Visitor(make.invited(make.enrolling(make.institution(language="ar"))))
    assert 'lang="ar" dir="rtl"' in visitor.get("welcome").content.decode()
