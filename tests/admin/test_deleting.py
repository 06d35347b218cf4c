"""Deleting what others refer to is refused on a page; nothing is lost and nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from wagtail_cohorts.cohorts.models import Cohort, CohortTemplate
from wagtail_cohorts.cohorts.operations import open_cohort, step_back

pytestmark = pytest.mark.django_db


def delete(row: Any, *, superuser: bool = False) -> Any:
    client = Client(raise_request_exception=False)
    client.force_login(make.user(is_superuser=True) if superuser else make.staff(row.institution))
    name = f"wagtailsnippets_wagtail_cohorts_{row._meta.model_name}:delete"
    client.get(reverse(name, args=[row.pk]))
    return client.post(reverse(name, args=[row.pk]))


def used_template() -> Any:
    cohort = make.cohort(make.institution())
    template = make.template(cohort.institution)
    CohortTemplate.objects.create(cohort=cohort, template=template, position=5)
    return template


def stepped_back() -> Cohort:
    cohort = make.cohort(make.institution())
    actor = make.actor_of(cohort.institution)
    open_cohort(cohort, actor=actor)
    return step_back(cohort, reason="Wrong template", actor=actor)


def with_student() -> Cohort:
    cohort = make.cohort(make.institution())
    make.enrollment(cohort)
    return cohort


IN_USE: dict[str, Callable[[], Any]] = {
    "programme": lambda: make.cohort(make.institution()).programme,
    "sponsor": lambda: make.cohort(make.institution()).sponsor,
    "template": used_template,
    "cohort with a student": with_student,
    "cohort that was open before": stepped_back,
}


@pytest.mark.parametrize("superuser", [False, True])
@pytest.mark.parametrize("what", IN_USE)
def test_what_is_in_use_stays(what: str, superuser: bool) -> None:
    row = IN_USE[what]()
    answer = delete(row, superuser=superuser)
    assert answer.status_code < 500
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_draft_that_nobody_is_in_can_be_deleted() -> None:
    cohort = make.cohort(make.institution())
    assert delete(cohort).status_code == 302
    assert not Cohort.objects.filter(pk=cohort.pk).exists()
