"""The record in Wagtail's history: of a cohort, a student and an agreement; searched, filtered, paged, taken as a file,
and verified where it is read."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from waffle.testutils import override_flag

from tests import factories as make
from tests.admin.staff_client import client_of, cohort_page, page, queries_of, student_page
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.evidence.models import Event, EventDetail, Stream
from wagtail_cohorts.flags import EXPORTS
from wagtail_cohorts.signing.resetting import reset_student

pytestmark = pytest.mark.django_db


def cohort_history(cohort: Cohort) -> str:
    return reverse("wagtailsnippets_wagtail_cohorts_cohort:history", args=[cohort.pk])


def student_history(student: Any) -> str:
    return reverse("cohorts_enrollments:history", args=[student.pk])


def told(client: Client, url: str, **query: Any) -> list[str]:
    return [event.told.text for event in client.get(url, query).context["object_list"]]


def rows_of(response: Any) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_each_page_leads_to_its_whole_history() -> None:
    cohort = make.enrolling()
    student = make.submitted(cohort)
    client = client_of(cohort.institution)
    assert cohort_history(cohort) in client.get(cohort_page(cohort)).content.decode()
    text = client.get(student_page(student)).content.decode()
    agreement = page("agreement_history", uuid=student.agreements.get().uuid)
    assert student_history(student) in text and agreement in text


def test_a_cohorts_history_holds_its_students_and_a_students_only_that_student() -> None:
    cohort = make.enrolling()
    first, second = make.submitted(cohort), make.invited(cohort)
    client = client_of(cohort.institution)
    whole = told(client, cohort_history(cohort))
    assert f"{first.full_name} sent all papers" in whole and f"{second.full_name} was invited" in whole
    assert any(line.startswith("The institution signed") for line in whole)
    own = told(client, student_history(second))
    assert f"{second.full_name} was invited" in own and not any(first.full_name in line for line in own)


def test_an_agreements_history_tells_who_signed_it_the_institution_included() -> None:
    cohort = make.sponsor_signed(students=2)
    student = cohort.enrollments.order_by("pk").first()
    assert student is not None
    agreement = student.agreements.get()
    client = client_of(cohort.institution)
    lines = told(client, page("agreement_history", uuid=agreement.uuid))
    contact = make.contact_of(cohort)
    for name in ("Lindiwe Mahlangu", student.full_name, contact.name):
        assert f"{name} signed an agreement" in lines, lines
    assert len(lines) == 3
    reset_student(student, reason="x", actor=make.actor_of(cohort.institution))
    assert any(
        "back to the start" in line for line in told(client, page("agreement_history", uuid=agreement.uuid))
    )
    specimen = cohort.agreements.get(enrollment=None)
    assert told(client, page("agreement_history", uuid=specimen.uuid)) == [
        "Lindiwe Mahlangu signed an agreement"
    ]


def test_words_find_what_happened_names_reasons_and_fingerprints() -> None:
    cohort = make.enrolling()
    first, second = make.invited(cohort, first_name="Thandiwe"), make.invited(cohort, first_name="Sipho")
    withdraw(second, reason="Found a job in Polokwane", actor=make.actor_of(cohort.institution))
    client, url = client_of(cohort.institution), cohort_history(cohort)
    assert told(client, url, q="polokwane") == [f"{second.full_name} was withdrawn"]
    assert set(told(client, url, q="thandiwe invited")) == {f"{first.full_name} was invited"}
    event = Event.objects.get(name="enrollment.withdrawn")
    assert told(client, url, q=event.hash[:16]) == [f"{second.full_name} was withdrawn"]
    assert told(client, url, q="nowhere to be found") == []


def test_filters_narrow_by_kind_by_whom_and_by_day() -> None:
    cohort = make.enrolling()
    make.submitted(cohort)
    client, url = client_of(cohort.institution), cohort_history(cohort)
    names = {event.name for event in client.get(url, {"kind": ["agreement"]}).context["object_list"]}
    assert names == {"agreement.signed"}
    kinds = {
        event.told.payload["actor"]
        for event in client.get(url, {"actor": ["student"]}).context["object_list"]
    }
    assert kinds == {"student"}
    assert told(client, url, recorded_at_from="2001-01-01", recorded_at_to="2001-01-02") == []
    assert "No event matches." in client.get(url, {"recorded_at_to": "2001-01-02"}).content.decode()


def test_long_histories_come_in_pages_of_fifty_with_a_fixed_number_of_queries() -> None:
    cohort = make.enrolling()
    client, url = client_of(cohort.institution), cohort_history(cohort)
    few = queries_of(client, url)
    for _number in range(60):
        make.enrollment(cohort)
    assert len(client.get(url).context["object_list"]) == 50
    assert client.get(url, {"p": 2}).context["object_list"]
    assert queries_of(client, url) <= few + 2


def test_the_line_says_what_was_verified_and_the_last_fingerprint() -> None:
    cohort = make.enrolling()
    student = make.submitted(cohort)
    client = client_of(cohort.institution)
    response = client.get(cohort_history(cohort))
    verified = response.context["verified"]
    assert (
        len(verified.reports) == 2
        and verified.events
        == Event.objects.filter(stream__key__in=[cohort.stream_key, student.stream_key]).count()
    )
    assert verified.head == Stream.objects.get(key=cohort.stream_key).head_hash
    text = response.content.decode()
    assert "Verified" in text and verified.head in text and "in 2 chains" in text


def test_a_changed_event_is_named_where_it_is_read() -> None:
    student = make.submitted(make.enrolling())
    event = Event.objects.filter(stream__key=student.stream_key, name="upload.added").get()
    Event.objects.filter(pk=event.pk).update(payload=event.payload.replace('"pages":1', '"pages":2'))
    text = client_of(student.institution).get(student_history(student)).content.decode()
    assert "This record does not verify." in text and f"event {event.seq}" in text
    assert "the event was changed" in text


def test_erased_details_are_shown_as_erased_and_the_chain_still_verifies() -> None:
    student = make.invited(make.enrolling())
    withdraw(student, reason="Private", actor=make.actor_of(student.institution))
    EventDetail.objects.filter(event__stream__key=student.stream_key).delete()
    response = client_of(student.institution).get(student_history(student))
    text = response.content.decode()
    assert "details erased" in text and "Private" not in text
    assert response.context["verified"].erased > 0 and response.context["verified"].problems == []


def test_a_very_long_record_is_verified_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    cohort = make.enrolling()
    monkeypatch.setattr("wagtail_cohorts.admin.history.views.AT_ONCE", 1)
    client, url = client_of(cohort.institution), cohort_history(cohort)
    response = client.get(url)
    assert response.context["verified"] is None and "Verify them now" in response.content.decode()
    assert client.get(url, {"verify": 1}).context["verified"].problems == []


def test_the_file_holds_every_event_with_its_place_in_the_chain() -> None:
    cohort = make.enrolling()
    student = make.submitted(cohort)
    client = client_of(cohort.institution)
    before = Event.objects.filter(stream__key=student.stream_key).count()
    response = client.get(student_history(student), {"export": "csv"})
    assert response["Content-Type"].startswith("text/csv") and "attachment" in response["Content-Disposition"]
    rows = rows_of(response)
    assert len(rows) == before + 1  # that it was taken is the newest of them
    assert rows[0]["Event"] == "history.exported" and rows[-1]["Event"] == "enrollment.added"
    assert rows[-1]["Place"] == "1" and rows[-2]["SHA-256 of the event before"] == rows[-1]["SHA-256"]


def test_no_cell_of_the_file_is_a_formula_and_filters_hold_there_too() -> None:
    cohort = make.enrolling()
    student = make.invited(cohort, first_name="=HYPERLINK(1)", last_name="@x")
    withdraw(student, reason="-1+1", actor=make.actor_of(cohort.institution))
    client = client_of(cohort.institution)
    rows = rows_of(client.get(cohort_history(cohort), {"export": "csv", "q": "withdrawn"}))
    assert [row["Event"] for row in rows] == ["enrollment.withdrawn"]
    assert rows[0]["Student"].startswith("'=") and rows[0]["Reason"] == "'-1+1"
    assert client.get(cohort_history(cohort), {"export": "csv", "kind": "nonsense"}).status_code == 404


def test_without_the_flag_there_is_no_file() -> None:
    cohort = make.enrolling()
    client = client_of(cohort.institution)
    with override_flag(EXPORTS, active=False):
        assert client.get(cohort_history(cohort), {"export": "csv"}).status_code == 404
        assert "export=csv" not in client.get(cohort_history(cohort)).content.decode()


@pytest.mark.parametrize(
    "query", ["?p=999", "?p=x", "?q=%00", "?q=%25", "?recorded_at_from=x", "?kind=x", "?actor=%27"]
)
def test_odd_questions_are_answered(query: str) -> None:
    cohort = make.enrolling()
    assert client_of(cohort.institution).get(cohort_history(cohort) + query).status_code == 200


def test_strangers_find_no_history_not_even_as_a_file() -> None:
    student = make.submitted(make.enrolling())
    stranger = client_of(make.institution())
    urls = [
        cohort_history(student.cohort), student_history(student),
        page("agreement_history", uuid=student.agreements.get().uuid),
        page("agreement_history_results", uuid=student.agreements.get().uuid),
    ]  # fmt: skip
    for url in urls:
        for query in ("", "?export=csv", "?verify=1"):
            assert stranger.get(url + query).status_code == 404
