"""The list of cohorts and a cohort's own page."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests import factories
from tests.admin.staff_client import client_of, cohort_page, queries_of
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import cancel_cohort
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.evidence.models import Event, Stream

pytestmark = pytest.mark.django_db
LISTING = "wagtailsnippets_wagtail_cohorts_cohort:list"


def many_students(cohort: Cohort, count: int) -> None:
    """Rows as they stand after real work, made set-based for counting queries."""
    rows = Enrollment.objects.bulk_create(
        [
            Enrollment(
                institution_id=cohort.institution_id,
                cohort=cohort,
                first_name=f"S{number}",
                last_name="Student",
                email=f"s{number}@example.com",
                email_key=f"s{number}@example.com",
                state=("waiting", "in_progress", "complete")[number % 3],
            )
            for number in range(count)
        ]
    )
    version = cohort.cohort_templates.first().version
    Agreement.objects.bulk_create(
        [
            Agreement(
                institution_id=cohort.institution_id,
                cohort=cohort,
                enrollment=row,
                subject_key=str(row.uuid),
                version=version,
            )
            for row in rows
        ]
    )
    streams = Stream.objects.bulk_create(
        [Stream(key=row.stream_key, institution_id=row.institution_id) for row in rows]
    )
    Event.objects.bulk_create(
        [
            Event(
                stream=stream,
                seq=1,
                name="enrollment.added",
                hash="0" * 64,
                recorded_at=cohort.created_at,
                payload=f'{{"actor":"system","actor_key":"system","data":{{"enrollment":"{row.uuid}"}}}}',
            )
            for row, stream in zip(rows, streams, strict=True)
        ]
    )


def test_the_list_shows_state_progress_and_days_left() -> None:
    cohort = factories.enrolling(deadline=date.today() + timedelta(days=2), name="Systems Support 2027")
    factories.verified(cohort)
    factories.enrollment(cohort)
    text = client_of(cohort.institution).get(reverse(LISTING)).content.decode()
    assert "Systems Support 2027" in text
    assert "1 of 2" in text
    assert "2 days left" in text
    assert "1 complete, 0 to verify, 0 sent back, 0 in progress, 1 not started" in text
    assert cohort_page(cohort) in text


def test_the_list_filters_and_searches() -> None:
    house = factories.institution()
    draft, opened = (
        factories.cohort(house, name="Alpha", seta="MICT"),
        factories.enrolling(house, name="Beta"),
    )
    client = client_of(house)

    def names(query: str) -> list[str]:
        response = client.get(f"{reverse(LISTING)}?{query}")
        return [str(row) for row in response.context["object_list"]]

    assert names("state=draft") == ["Alpha"]
    assert names("seta=MICT") == ["Alpha"]
    assert names(f"sponsor={opened.sponsor_id}") == ["Beta"]
    assert names("q=bet") == ["Beta"]
    assert names(f"deadline_from={date.today() + timedelta(days=400)}") == []
    assert set(names("")) == {str(draft), str(opened)}


def test_closed_cohorts_come_last() -> None:
    house = factories.institution()
    over = factories.cohort(house, deadline=date.today())
    later = factories.cohort(house, deadline=date.today() + timedelta(days=9))
    cancel_cohort(over, reason="no money", actor=factories.actor_of(house))
    response = client_of(house).get(reverse(LISTING))
    assert list(response.context["object_list"]) == [later, over]


def test_the_export_cannot_become_a_formula() -> None:
    house = factories.institution()
    factories.cohort(house, name="=cmd|' /C calc'!A0")
    client = client_of(house)
    sheet = load_workbook(
        io.BytesIO(b"".join(client.get(f"{reverse(LISTING)}?export=xlsx").streaming_content))
    ).active
    assert sheet["A2"].data_type == "s"
    text = b"".join(client.get(f"{reverse(LISTING)}?export=csv").streaming_content).decode()
    assert list(csv.reader(io.StringIO(text)))[1][0].startswith("'=")


def test_the_list_takes_the_same_queries_at_ten_and_a_thousand_students() -> None:
    house = factories.institution()
    cohorts = [factories.enrolling(house) for _ in range(2)]
    client = client_of(house)
    many_students(cohorts[0], 10)
    few = queries_of(client, reverse(LISTING))
    many_students(cohorts[1], 1000)
    assert queries_of(client, reverse(LISTING)) == few


def test_the_cohort_page_takes_the_same_queries_at_ten_and_a_thousand_students() -> None:
    small, large = factories.enrolling(), factories.enrolling()
    many_students(small, 10)
    many_students(large, 1000)
    few = queries_of(client_of(small.institution), cohort_page(small))
    assert queries_of(client_of(large.institution), cohort_page(large)) == few


@pytest.mark.parametrize(
    ("make", "headline", "button"),
    [
        (lambda: factories.cohort(factories.institution()), "Everything is there", "Open the cohort"),
        (lambda: factories.enrolling(), "No students yet", "Add students"),
        (lambda: factories.ready(students=1), "Waiting for", "Send the invitation again"),
        (lambda: factories.sponsor_signed(students=1), "Look once more", "Finalize 1 student"),
    ],
)
def test_each_state_has_one_next_step(make: Any, headline: str, button: str) -> None:
    cohort = make()
    response = client_of(cohort.institution).get(cohort_page(cohort))
    assert headline in response.context["next"].headline
    assert response.context["next"].main.label == button


def test_an_enrolling_cohort_asks_to_verify_first() -> None:
    cohort = factories.enrolling()
    factories.submitted(cohort)
    factories.enrollment(cohort)
    shown = client_of(cohort.institution).get(cohort_page(cohort)).context["next"]
    assert shown.main.label == "Verify 1 student"
    assert [deed.label for deed in shown.others] == ["Invite 1 student"]


def test_numbers_filter_the_students() -> None:
    cohort = factories.enrolling()
    waiting, sent = factories.enrollment(cohort), factories.submitted(cohort)
    client = client_of(cohort.institution)

    def shown(query: str) -> list[Enrollment]:
        return [row.enrollment for row in client.get(f"{cohort_page(cohort)}?{query}").context["rows"]]

    assert shown("") == [sent, waiting]
    assert shown("show=to_verify") == [sent]
    assert shown("show=not_started") == [waiting]
    assert shown(f"q={waiting.first_name}") == [waiting]
    assert shown("show=%00&p=999999999999") == [sent, waiting]


def test_each_item_of_a_student_has_a_mark_in_words() -> None:
    cohort = factories.enrolling()
    factories.submitted(cohort)
    row = client_of(cohort.institution).get(cohort_page(cohort)).context["rows"][0]
    assert [mark.tone for mark in row.marks] == ["ok", "wait", "ok"]
    assert row.marks[1].words == "Document 1: waits for you"


def test_the_feed_tells_who_did_what() -> None:
    cohort = factories.enrolling()
    student = factories.submitted(cohort)
    texts = [line.text for line in client_of(cohort.institution).get(cohort_page(cohort)).context["feed"]]
    assert f"{student.full_name} sent all papers" in texts
    assert f"{student.full_name} signed an agreement" in texts
