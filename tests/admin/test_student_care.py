"""Staff pages: withdrawing with its consequence, back to the start, and reminding of one thing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from tests import factories as make
from tests.admin.staff_client import client_of, page, student_page, words
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.notifications.reminders import missing_items
from wagtail_cohorts.uploads.models import UploadState

pytestmark = pytest.mark.django_db


def shown(student: Enrollment, name: str, query: str = "") -> str:
    return client_of(student.institution).get(page(name, pk=student.pk) + query).content.decode()


def test_withdrawing_says_what_follows_before_and_after_signing() -> None:
    cohort = make.enrolling()
    unsigned, signed = make.invited(cohort), make.submitted(cohort)
    assert "Nothing is signed yet." in shown(unsigned, "withdraw")
    assert "The student has signed 1 agreement." in shown(signed, "withdraw")


def test_withdrawing_after_the_sponsor_names_whose_signatures_go_unused() -> None:
    cohort = make.sponsor_signed(students=2)
    student = cohort.enrollments.first()
    assert student is not None
    text = shown(student, "withdraw")
    assert f"Signed already by {student.full_name}, {make.contact_of(cohort).name}." in text


def test_withdrawing_the_last_open_student_says_that_the_sponsor_is_invited() -> None:
    cohort = make.enrolling()
    make.verified(cohort)
    last = make.invited(cohort)
    assert "the sponsor is invited as soon as you do this" in shown(last, "withdraw")
    make.invited(cohort)
    assert "the sponsor is invited" not in shown(last, "withdraw")


def test_withdrawing_the_only_student_says_so() -> None:
    assert "No student is left" in shown(make.invited(make.enrolling()), "withdraw")


def test_withdrawing_many_counts_who_has_signed() -> None:
    cohort = make.enrolling()
    chosen = [make.invited(cohort), make.submitted(cohort)]
    url = reverse("wagtail_bulk_action", args=["wagtail_cohorts", "enrollment", "withdraw"])
    query = "?" + "&".join(f"id={one.pk}" for one in chosen)
    assert "1 of them has signed already" in client_of(cohort.institution).get(url + query).content.decode()


def test_back_to_the_start_tells_what_no_longer_counts_and_asks_about_the_documents() -> None:
    cohort = make.ready(students=1)
    run_due_items(batch_id=make.start_signing(cohort).pk)
    student = cohort.enrollments.get()
    text = shown(student, "reset")
    assert f"2 signatures no longer count, of: {student.full_name}, {make.contact_of(cohort).name}." in text
    assert "The answers in 1 agreement are cleared." in text and 'value="keep" checked' in text


def test_a_student_is_taken_back_to_the_start_with_a_reason() -> None:
    student = make.submitted(make.enrolling())
    client = client_of(student.institution)
    url = page("reset", pk=student.pk)
    assert url in client.get(student_page(student)).content.decode()
    assert client.post(url, {"documents": "again"}).status_code == 200  # no reason
    assert Enrollment.objects.get(pk=student.pk).state == "complete"
    response = client.post(url, {"documents": "again", "reason": "Wrong person"})
    assert "starts again and gets a mail" in words(response)
    assert Enrollment.objects.get(pk=student.pk).state == "waiting"
    assert student.uploads.get().state == UploadState.REPLACED
    text = client.get(student_page(student)).content.decode()
    assert "back to the start: Wrong person" in text and url not in text


def test_documents_stay_when_nothing_else_was_chosen() -> None:
    student = make.submitted(make.enrolling())
    client_of(student.institution).post(
        page("reset", pk=student.pk), {"documents": "keep", "reason": "Wrong person"}
    )
    assert student.uploads.get().state == UploadState.PENDING


def test_who_has_not_started_has_nothing_to_reset() -> None:
    student = make.invited(make.enrolling())
    assert "This is not possible yet" in shown(student, "reset")


def test_one_missing_thing_is_reminded_of_and_the_page_says_when_and_by_whom() -> None:
    student = make.invited(make.enrolling(documents=2))
    client = client_of(student.institution, first_name="Lerato", last_name="Nkosi")
    item = next(one for one in missing_items(student) if one.label == "Document 2")
    text = client.get(student_page(student)).content.decode()
    assert f"?item={item.name}".replace(":", "%3A") in text
    response = client.get(page("remind_student", pk=student.pk), {"item": item.name})
    assert response.context["chosen"] == item.name
    response = client.post(page("remind_student", pk=student.pk), {"item": item.name})
    assert f"The reminder goes to {student.email}." in words(response)
    text = client.get(student_page(student)).content.decode()
    assert "by Lerato Nkosi" in text and f"?item={item.name}".replace(":", "%3A") not in text
    assert "of what is missing: Document 2" in text


def test_a_second_reminder_on_the_same_day_is_not_offered_and_not_sent() -> None:
    student = make.invited(make.enrolling())
    client, url = client_of(student.institution), page("remind_student", pk=student.pk)
    client.post(url, {"item": "details"})
    response = client.get(url, {"item": "details"})
    assert "The next one can go from" in response.content.decode()
    assert response.context["chosen"] != "details"
    client.post(url, {"item": "details"})
    assert Event.objects.filter(name="enrollment.reminded").count() == 1


def test_after_three_the_page_asks_to_say_so() -> None:
    student = make.invited(make.enrolling())
    client, url = client_of(student.institution), page("remind_student", pk=student.pk)
    for _number in range(3):
        client.post(url, {"item": "details"})
        for event in Event.objects.filter(name="enrollment.reminded"):
            Event.objects.filter(pk=event.pk).update(recorded_at=event.recorded_at - timedelta(days=2))
    assert "A telephone call may help more" in client.get(url).content.decode()
    client.post(url, {"item": "details"})
    assert Event.objects.filter(name="enrollment.reminded").count() == 3
    client.post(url, {"item": "details", "insists": "1"})
    assert Event.objects.filter(name="enrollment.reminded").count() == 4


def test_whoever_cannot_be_reached_is_told_before() -> None:
    student = make.enrollment(make.enrolling())
    text = shown(student, "remind_student")
    assert "Send the link first" in text and 'name="item"' not in text
