"""What waits, is late or is stuck."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.admin.staff_client import client_of, page, queries_of
from wagtail_cohorts.admin.dashboard.queries import dashboard_of
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.cohorts.models import Cohort, SponsorInvitation
from wagtail_cohorts.cohorts.operations import open_cohort

pytestmark = pytest.mark.django_db
WAGTAILS_FRAME = 13  # session, user, rights, menu, flags and memberships, which every admin page asks for


def board_of(house: Any) -> Any:
    return dashboard_of(factories.staff(house))


def test_documents_and_signatures_that_wait_come_first() -> None:
    cohort = factories.enrolling()
    factories.submitted(cohort)
    unsigned = factories.cohort(cohort.institution)
    open_cohort(unsigned, actor=factories.actor_of(cohort.institution))
    assert [(one.count, one.url) for one in board_of(cohort.institution).waiting] == [
        (1, page("verification")),
        (1, page("sign", pk=unsigned.pk)),
    ]


def test_a_near_deadline_is_late() -> None:
    cohort = factories.enrolling(deadline=date.today() + timedelta(days=2))
    factories.enrollment(cohort)
    late = board_of(cohort.institution).late
    assert [(one.count, one.why) for one in late] == [(1, f"{cohort.name}, 2 days left")]


def test_a_sponsor_who_has_not_opened_the_link_is_late() -> None:
    cohort = factories.ready(students=1)
    assert board_of(cohort.institution).late == []
    SponsorInvitation.objects.update(invited_at=timezone.now() - timedelta(days=4))
    assert [one.url for one in board_of(cohort.institution).late] == [page("resend_sponsor", pk=cohort.pk)]


def test_work_that_failed_is_stuck() -> None:
    cohort = factories.enrolling()
    batch = Batch.objects.create(
        institution=cohort.institution,
        kind="pack",
        subject_key=cohort.stream_key,
        state=Batch.FAILED,
        error="Disk full",
    )
    assert [(one.why, one.url) for one in board_of(cohort.institution).stuck] == [
        ("Disk full", page("batch", uuid=batch.uuid))
    ]


def test_nothing_of_another_institution_is_shown() -> None:
    cohort = factories.ready(students=1, name="Zebrawood")
    SponsorInvitation.objects.update(invited_at=timezone.now() - timedelta(days=4))
    response = client_of(factories.institution()).get(page("dashboard"))
    assert cohort.name not in response.content.decode()
    board = response.context["board"]
    assert (board.waiting, board.late, board.stuck, board.cohorts, board.feed) == ([], [], [], [], [])


def test_the_home_page_shows_it_to_staff_only() -> None:
    cohort = factories.enrolling(name="Zebrawood")
    assert "Zebrawood" in client_of(cohort.institution).get(reverse("wagtailadmin_home")).content.decode()
    root = factories.superuser()
    nobody = client_of(factories.institution())
    assert "Zebrawood" not in nobody.get(reverse("wagtailadmin_home")).content.decode()
    nobody.force_login(root)
    assert "Zebrawood" in nobody.get(reverse("wagtailadmin_home")).content.decode()


def test_it_takes_at_most_twelve_queries_whatever_the_size() -> None:
    cohort = factories.ready(students=1, deadline=date.today() + timedelta(days=1))
    SponsorInvitation.objects.update(invited_at=timezone.now() - timedelta(days=4))
    factories.submitted(factories.enrolling(cohort.institution))
    user = factories.staff(cohort.institution)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            dashboard_of(user)
        return len(captured)

    few = count()
    Cohort.objects.bulk_create(
        Cohort(
            institution=cohort.institution, name=f"Cohort {number}", programme=cohort.programme, sponsor=cohort.sponsor,
            state=("enrolling", "institution_signing", "institution_review")[number % 3], deadline=date.today(),
        )
        for number in range(1000)
    )  # fmt: skip
    assert count() == few <= 12
    client = client_of(cohort.institution)
    assert queries_of(client, page("dashboard")) <= few + WAGTAILS_FRAME
