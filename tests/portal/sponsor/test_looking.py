"""What a sponsor sees before signing: progress before the gate, then names and documents, and nothing else."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.portal.sponsor.conftest import Visitor, visit
from tests.sponsor_cohort import (
    a_contact,
    an_institution,
    opened_cohort,
    ready_cohort,
    small_agreement,
    student_done,
)
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.cohorts.models import SponsorInvitation
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.operations import add_student
from wagtail_cohorts.evidence.models import Event

pytestmark = pytest.mark.django_db


def test_with_one_cohort_the_link_leads_straight_to_it(visitor: Visitor) -> None:
    answer = visitor.client.get(reverse("wagtail_cohorts:sponsor_home", kwargs={"link": visitor.link.uuid}))
    assert (answer.status_code, answer["Location"]) == (303, visitor.url())


def test_with_several_cohorts_the_link_lists_them_all() -> None:
    institution = an_institution()
    contact = a_contact(institution)
    ready, _contact = ready_cohort(students=1, institution=institution, contact=contact, name="Ready cohort")
    opened_cohort(institution, contact, sources=[small_agreement()], name="Early cohort")
    visitor = visit(ready, contact)
    page = visitor.client.get(reverse("wagtail_cohorts:sponsor_home", kwargs={"link": visitor.link.uuid}))
    text = page.content.decode()
    assert "Ready cohort" in text and "Early cohort" in text
    assert "1 cohort waits for your signature" in text
    assert text.index("Ready cohort") < text.index("Early cohort"), "what waits comes first"


def test_before_the_gate_only_numbers_are_shown() -> None:
    institution = an_institution()
    contact = a_contact(institution)
    cohort = opened_cohort(institution, contact, sources=[small_agreement()])
    add_student(cohort, {"first_name": "Zanele", "last_name": "Khumalo"}, actor=SYSTEM_ACTOR)
    student_done(cohort, 1)
    visitor = visit(cohort, contact)
    text = visitor.get().content.decode()
    assert "1 of 2 students are ready" in text
    assert "Zanele" not in text and "Bongani" not in text


@pytest.mark.parametrize("name", ["sponsor_sign", "sponsor_progress"])
def test_before_the_gate_there_is_nothing_to_sign(name: str) -> None:
    institution = an_institution()
    contact = a_contact(institution)
    visitor = visit(opened_cohort(institution, contact, sources=[small_agreement()]), contact)
    assert visitor.get(name).status_code == 404


def test_the_overview_says_how_many_students_and_documents_by_kind(visitor: Visitor) -> None:
    page = visitor.get()
    text = page.content.decode()
    assert "3 students are ready for your signature" in text
    assert page.context["totals"].by_title == [("Learnership agreement", 3), ("Workplace plan", 3)]
    assert page.context["totals"].to_sign_documents == 6


def test_the_first_look_begins_the_review_and_says_so_once(visitor: Visitor) -> None:
    visitor.get()
    visitor.get()
    visitor.cohort.refresh_from_db()
    assert visitor.cohort.state == CohortState.SPONSOR_REVIEW
    assert SponsorInvitation.objects.get(cohort=visitor.cohort).opened_at is not None
    assert Event.objects.filter(name="sponsor.opened").count() == 1


def test_a_prefetch_and_a_head_request_begin_nothing(visitor: Visitor) -> None:
    visitor.client.head(visitor.url())
    visitor.client.get(visitor.url(), headers={"Sec-Purpose": "prefetch;prerender"})
    visitor.cohort.refresh_from_db()
    assert visitor.cohort.state == CohortState.READY_FOR_SPONSOR


def test_a_name_is_found_without_script(visitor: Visitor) -> None:
    name = visitor.students()[0].last_name
    rows = visitor.client.get(visitor.url(), {"q": name.upper()}).context["rows"]
    assert [row.enrollment.last_name for row in rows] == [name]


def test_a_search_without_result_says_so_and_offers_all(visitor: Visitor) -> None:
    text = visitor.client.get(visitor.url(), {"q": "nobody-at-all"}).content.decode()
    assert "No student matches." in text


def test_any_filter_gives_a_page(visitor: Visitor) -> None:
    for show in ("to_sign", "signed", "later", "', 1=1", "\x00"):
        assert visitor.client.get(visitor.url(), {"show": show, "q": "\x00%' OR"}).status_code == 200, show


def test_a_student_is_shown_with_documents_and_no_other_personal_data(visitor: Visitor) -> None:
    student = visitor.students()[0]
    Enrollment.objects.filter(pk=student.pk).update(race="african", disability="yes", phone="+27 82 555 0188")
    text = visitor.get("sponsor_student", enrollment=student.uuid).content.decode()
    assert student.full_name in text and "Workplace plan" in text
    for hidden in ("african", "African", "+27 82 555 0188", student.email):
        assert hidden not in text


def test_the_page_image_is_a_picture_in_a_few_widths_only(visitor: Visitor) -> None:
    agreement = Agreement.objects.filter(enrollment=visitor.students()[0]).first()
    assert agreement is not None and agreement.enrollment is not None
    of_page = {"enrollment": agreement.enrollment.uuid, "agreement": agreement.uuid}
    good = visitor.get("sponsor_page", **of_page, page=1, width=160)
    assert good["Content-Type"] == "image/webp"
    assert good.content[:4] == b"RIFF"
    assert "no-store" in good["Cache-Control"]
    for page, width in ((1, 161), (0, 160), (99, 160), (1, 10**9)):
        assert visitor.get("sponsor_page", **of_page, page=page, width=width).status_code == 404


def test_a_document_is_served_as_a_file_with_a_safe_name(visitor: Visitor) -> None:
    student = visitor.students()[0]
    agreement = student.agreements.get(position=0)
    answer = visitor.get("sponsor_document", enrollment=student.uuid, agreement=agreement.uuid)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert answer["Content-Disposition"].startswith("attachment;")


def test_any_page_number_gives_a_page(visitor: Visitor) -> None:
    url = visitor.url("sponsor_student", enrollment=visitor.students()[0].uuid)
    for page in ("", "0", "-1", "99999", "x", "²", "9" * 400):
        assert visitor.client.get(url, {"page": page}).status_code == 200, page


def test_another_contacts_cohort_is_not_there(visitor: Visitor) -> None:
    other, other_contact = ready_cohort(students=1, name="Other cohort", institution=visitor.cohort.institution,
                                        contact=a_contact(visitor.cohort.institution, "Pieter Botha"))  # fmt: skip
    stranger = Visitor(visitor.client, other, other_contact, visitor.link)
    student = stranger.students()[0]
    agreement = student.agreements.get(position=0)
    for name, more in urls_of(student, agreement):
        assert stranger.client.get(stranger.url(name, **more)).status_code in (404, 405), name
        assert stranger.client.post(stranger.url(name, **more)).status_code in (404, 405), name


def urls_of(student: Enrollment, agreement: Agreement) -> list[tuple[str, dict[str, Any]]]:
    of_student = {"enrollment": student.uuid}
    of_agreement = {**of_student, "agreement": agreement.uuid}
    return [
        ("sponsor_cohort", {}), ("sponsor_student", of_student), ("sponsor_agreement", of_agreement),
        ("sponsor_page", {**of_agreement, "page": 1, "width": 160}), ("sponsor_document", of_agreement),
        ("sponsor_sign", {}), ("sponsor_preview", {}), ("sponsor_progress", {}), ("sponsor_retry", {}),
        ("sponsor_receipt", {"batch": uuid.uuid4()}), ("sponsor_make_copies", {}), ("sponsor_copies", {}),
    ]  # fmt: skip


def test_a_student_of_another_cohort_is_not_there(visitor: Visitor) -> None:
    other, _contact = ready_cohort(students=1, name="Other", institution=visitor.cohort.institution,
                                   contact=a_contact(visitor.cohort.institution, "Pieter Botha"))  # fmt: skip
    student = other.enrollments.get()
    agreement = student.agreements.get()
    assert visitor.get("sponsor_student", enrollment=student.uuid).status_code == 404
    of_page = {"enrollment": student.uuid, "agreement": agreement.uuid, "page": 1, "width": 160}
    assert visitor.get("sponsor_page", **of_page).status_code == 404


def test_without_the_cookie_no_page_opens(visitor: Visitor) -> None:
    stranger = Visitor(Client(), visitor.cohort, visitor.contact, visitor.link)
    student = visitor.students()[0]
    for name, more in urls_of(student, student.agreements.get(position=0)):
        assert stranger.client.get(stranger.url(name, **more)).status_code in (404, 405), name


def test_a_withdrawn_student_is_gone_from_the_list_and_from_the_pages(visitor: Visitor) -> None:
    student = visitor.students()[0]
    withdraw(student, reason="Found work", actor=SYSTEM_ACTOR)
    assert student.full_name not in visitor.get().content.decode()
    assert visitor.get("sponsor_student", enrollment=student.uuid).status_code == 404


def test_with_the_sponsors_flag_off_every_page_is_gone(visitor: Visitor) -> None:
    institution = visitor.cohort.institution
    institution.closed_flags = ["cohorts_sponsor_pages"]
    institution.save()
    student = visitor.students()[0]
    for name, more in urls_of(student, student.agreements.get(position=0)):
        assert visitor.client.get(visitor.url(name, **more)).status_code in (404, 405), name


def test_the_list_costs_the_same_queries_for_many_students(django_assert_max_num_queries: Any) -> None:
    counts = []
    for students in (2, 6):
        visitor = visit(*ready_cohort(students=students, name=f"Cohort of {students}"))
        visitor.get()
        with django_assert_max_num_queries(30) as captured:
            visitor.get()
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_every_answer_forbids_frames_and_storing(visitor: Visitor) -> None:
    page = visitor.get()
    assert page["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"]


def test_an_institution_that_does_not_sign_stands_nowhere_as_having_signed() -> None:
    title, data, fields = small_agreement()
    without = [one for one in fields if one["role"] != "institution"]
    ours, contact = ready_cohort(students=1)
    assert f"{ours.institution.name} signed" in visit(ours, contact).get().content.decode()
    theirs, contact = ready_cohort(students=1, sources=[(title, data, without)])
    assert f"{theirs.institution.name} signed" not in visit(theirs, contact).get().content.decode()
