"""The spine: one cohort from draft to the sponsor's signatures, through operations alone."""

from __future__ import annotations

import pytest

from tests import factories as make
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.evidence.models import Event, Stream
from wagtail_cohorts.evidence.verification import verify_streams
from wagtail_cohorts.signing.models import Act

pytestmark = pytest.mark.django_db


def test_a_cohort_goes_from_draft_to_institution_review() -> None:
    cohort = make.sponsor_signed(students=3)
    assert cohort.state == CohortState.INSTITUTION_REVIEW
    agreements = Agreement.objects.filter(cohort=cohort, enrollment__isnull=False)
    assert {one.state for one in agreements} == {"signed"}
    assert Act.objects.filter(agreement__in=agreements, role_key="sponsor").count() == 3


def test_every_chain_of_the_life_verifies() -> None:
    make.sponsor_signed(students=2)
    reports = verify_streams(Stream.objects.all())
    assert len(reports) > 4
    assert [report.problem for report in reports if report.problem] == []


def test_the_sponsor_is_invited_exactly_once() -> None:
    cohort = make.ready(students=3)
    assert cohort.state == CohortState.READY_FOR_SPONSOR
    assert cohort.sponsor_invitations.count() == 1
    assert Event.objects.filter(name="sponsor.invited").count() == 1
