"""The list of students and one student's page with its actions."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from tests import factories
from tests.admin.staff_client import client_of, page, queries_of, student_page, words
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.links.models import PersonalLink

pytestmark = pytest.mark.django_db
OPEN = reverse("wagtail_cohorts:open_link", args=["-"]).removesuffix("-/")
LISTING = "cohorts_enrollments:index"


def bulk(action: str, **query: object) -> str:
    base = reverse("wagtail_bulk_action", args=["wagtail_cohorts", "enrollment", action])
    return f"{base}?{urlencode(query, doseq=True)}"


def test_the_list_is_filtered_and_leads_to_the_student() -> None:
    cohort = factories.enrolling()
    mine, other = factories.enrollment(cohort), factories.enrollment(factories.enrolling(cohort.institution))
    response = client_of(cohort.institution).get(f"{reverse(LISTING)}?cohort={cohort.pk}")
    assert list(response.context["object_list"]) == [mine]
    assert student_page(mine) in response.content.decode()
    assert student_page(other) not in response.content.decode()


def test_the_list_takes_the_same_queries_at_ten_and_a_thousand_rows() -> None:
    cohort = factories.enrolling()
    client = client_of(cohort.institution)

    def add(start: int, count: int) -> None:
        Enrollment.objects.bulk_create(
            Enrollment(institution=cohort.institution, cohort=cohort, first_name="S", last_name=f"{number}")
            for number in range(start, start + count)
        )

    add(0, 10)
    few = queries_of(client, reverse(LISTING))
    add(10, 1000)
    assert queries_of(client, reverse(LISTING)) == few + 0


def test_students_are_not_changed_by_a_model_form() -> None:
    names = {pattern.name for pattern in _viewset().get_urlpatterns()}
    assert names == {"index", "index_results", "inspect", "history", "history_results"}


def _viewset() -> object:
    from wagtail_cohorts.admin.menu import viewset_of

    return viewset_of(Enrollment)


def test_the_students_page_shows_documents_agreements_and_history() -> None:
    cohort = factories.enrolling()
    student = factories.submitted(cohort)
    text = client_of(cohort.institution).get(student_page(student)).content.decode()
    upload, agreement = student.uploads.get(), student.agreements.get()
    for expected in (
        "Document 1",
        page("verify", uuid=upload.uuid),
        page("document_file", uuid=upload.uuid),
        agreement.title,
        page("agreement_file", uuid=agreement.uuid),
        "Next to sign: Sponsor.",
        f"{student.full_name} sent all papers",
    ):
        assert expected in text


def test_files_and_page_images_are_served_safely() -> None:
    cohort = factories.enrolling()
    student = factories.submitted(cohort)
    upload, agreement = student.uploads.get(), student.agreements.get()
    client = client_of(cohort.institution)
    clean = client.get(page("document_file", uuid=upload.uuid))
    assert b"".join(clean.streaming_content).startswith(b"%PDF-")
    assert clean["X-Content-Type-Options"] == "nosniff" and "sandbox" in clean["Content-Security-Policy"]
    original = client.get(page("document_original", uuid=upload.uuid))
    assert original["Content-Disposition"].startswith("attachment")
    for name, key in (("document_page", upload.uuid), ("agreement_page", agreement.uuid)):
        image = client.get(page(name, uuid=key, page=1) + "?w=480")
        assert (image["Content-Type"], image.content[:4]) == ("image/webp", b"RIFF")
        assert client.get(page(name, uuid=key, page=99)).status_code == 404
    assert b"".join(client.get(page("agreement_file", uuid=agreement.uuid)).streaming_content).startswith(
        b"%PDF-"
    )


def test_an_unsigned_agreement_can_be_looked_at_too() -> None:
    cohort = factories.enrolling()
    agreement = factories.enrollment(cohort).agreements.get()
    response = client_of(cohort.institution).get(page("agreement_file", uuid=agreement.uuid))
    assert response.content.startswith(b"%PDF-")


def test_a_new_link_closes_the_old_one() -> None:
    student = factories.invited(factories.enrolling())
    client = client_of(student.institution)
    before = client.post(page("student_link", pk=student.pk)).context["url"]
    response = client.post(page("invite_student", pk=student.pk))
    assert student.email in words(response)
    after = client.post(page("student_link", pk=student.pk)).context["url"]
    assert OPEN in before and before != after


def test_the_link_is_not_shown_before_the_institution_signed() -> None:
    cohort = factories.cohort(factories.institution())
    student = factories.enrollment(cohort)
    response = client_of(cohort.institution).post(page("student_link", pk=student.pk))
    assert "after the institution has signed" in words(response)
    assert not PersonalLink.objects.exists()


def test_details_are_changed_and_a_mistake_is_told_beside_the_field() -> None:
    student = factories.enrollment(factories.enrolling(), first_name="Naledi")
    client = client_of(student.institution)
    facts = {"first_name": "Lerato", "last_name": "Mokoena", "email": "nowhere"}
    response = client.post(page("change_student", pk=student.pk), facts)
    assert "“nowhere” is not an e-mail address." in response.content.decode()
    assert 'value="Lerato"' in response.content.decode()
    client.post(page("change_student", pk=student.pk), {**facts, "email": "lerato@example.com"})
    student.refresh_from_db()
    assert (student.first_name, student.email) == ("Lerato", "lerato@example.com")


def test_a_student_is_withdrawn_and_taken_back_with_a_reason() -> None:
    student = factories.invited(factories.enrolling())
    client = client_of(student.institution)
    assert client.get(page("withdraw", pk=student.pk)).status_code == 200
    assert client.post(page("withdraw", pk=student.pk)).status_code == 200
    client.post(page("withdraw", pk=student.pk), {"reason": "Found a job"})
    student.refresh_from_db()
    assert student.state == EnrollmentState.WITHDRAWN
    assert "Found a job" in client.get(student_page(student)).content.decode()
    client.post(page("readmit", pk=student.pk), {"reason": "Came back"})
    student.refresh_from_db()
    assert student.state == EnrollmentState.IN_PROGRESS


def test_inviting_all_means_all_that_the_filters_show() -> None:
    cohort = factories.enrolling()
    mine, other = factories.enrollment(cohort), factories.enrollment(factories.enrolling(cohort.institution))
    client = client_of(cohort.institution)
    url = bulk("invite", id="all", cohort=cohort.pk)
    assert client.get(url).context["count"] == 1
    client.post(url)
    run_due_items()
    mine.refresh_from_db()
    other.refresh_from_db()
    assert mine.invited_at and not other.invited_at


def test_withdrawing_many_asks_for_the_number() -> None:
    cohort = factories.enrolling()
    students = [factories.enrollment(cohort) for _ in range(21)]
    client = client_of(cohort.institution)
    url = bulk("withdraw", id=[one.pk for one in students])
    response = client.post(url, {"reason": "The programme ended", "count": "20"})
    assert "Type the number of students: 21." in response.content.decode()
    assert cohort.enrollments.active().count() == 21
    client.post(url, {"reason": "The programme ended", "count": "21"})
    assert cohort.enrollments.active().count() == 0


def test_a_bulk_action_knows_no_student_of_another_institution() -> None:
    stranger = client_of(factories.institution())
    student = factories.enrollment(factories.enrolling())
    assert stranger.post(bulk("withdraw", id=student.pk), {"reason": "x"}).status_code == 404
    student.refresh_from_db()
    assert student.is_active
