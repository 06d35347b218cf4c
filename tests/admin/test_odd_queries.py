"""Whatever stands in a query string of a staff list, the answer is a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from wagtail_cohorts.flags import create_flags

pytestmark = pytest.mark.django_db

LISTS = [
    "wagtail_cohorts_admin:dashboard", "wagtail_cohorts_admin:verification",
    "wagtailsnippets_wagtail_cohorts_cohort:list", "wagtailsnippets_wagtail_cohorts_cohort:list_results",
    "wagtailsnippets_wagtail_cohorts_agreementtemplate:list", "wagtailsnippets_wagtail_cohorts_sponsor:list",
    "wagtailsnippets_wagtail_cohorts_programme:list", "wagtailsnippets_wagtail_cohorts_institution:list",
    "cohorts_enrollments:index", "cohorts_enrollments:index_results",
]  # fmt: skip
ODD = ["%00", "%FF%FE", "9" * 40, "-1", "'%20OR%201=1--", "%F0%9F%90%98", "x" * 5000, "..%2F..", "%25s", "[]"]
NAMES = ["q", "p", "state", "show", "cohort", "ordering", "programme", "deadline_from", "export", "w"]


@pytest.fixture
def client() -> Client:
    create_flags()
    cohort = make.enrolling()
    make.submitted(cohort)
    made = Client(raise_request_exception=False)
    made.force_login(make.staff(cohort.institution))
    return made


@pytest.mark.parametrize("name", LISTS)
def test_odd_query_strings_do_no_harm(client: Any, name: str) -> None:
    queries = [f"{key}=%00" for key in NAMES] + ["&".join(f"{key}={value}" for key in NAMES) for value in ODD]
    answers = {query: client.get(f"{reverse(name)}?{query}").status_code for query in queries}
    assert {query: code for query, code in answers.items() if code >= 500} == {}


def test_odd_query_strings_do_no_harm_to_a_cohorts_page(client: Any) -> None:
    from wagtail_cohorts.cohorts.models import Cohort

    url = reverse("wagtailsnippets_wagtail_cohorts_cohort:inspect", args=[Cohort.objects.get().pk])
    codes = {client.get(f"{url}?{key}={value}").status_code for key in ("q", "p", "show") for value in ODD}
    assert codes <= {200, 404}
