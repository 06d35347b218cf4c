"""A student's whole way through the pages, as plain forms: from the link to sent, and what comes after."""

from __future__ import annotations

import pytest

from tests import factories as make
from tests.portal.journey import DETAILS, Visitor, fill_everything, reloaded, seen_value, send
from wagtail_cohorts.enrollments.states import EnrollmentState, Verification
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.uploads.operations import approve_upload, reject_upload

pytestmark = pytest.mark.django_db


def test_a_student_goes_from_the_link_to_sent_with_plain_forms(visitor: Visitor) -> None:
    assert visitor.get("welcome").status_code == 200
    for name in ("details", "documents", "signature", "review"):
        assert visitor.get(name).status_code == 200, name
    fill_everything(visitor)
    answer = send(visitor)
    assert answer.status_code == 303 and answer.url == visitor.url("status")
    enrollment = reloaded(visitor)
    assert enrollment.state == EnrollmentState.COMPLETE and enrollment.first_name == "Naledi Grace"
    act = Act.objects.get(agreement__enrollment=enrollment)
    assert act.role_key == "student" and act.ip == "127.0.0.1" and act.consent is not None
    page = visitor.get("status").content.decode()
    assert "Your part is done" in page and "Being checked" in page


def test_each_step_leads_to_what_is_missing_next(visitor: Visitor) -> None:
    assert visitor.url("details") in visitor.get("welcome").content.decode()
    assert visitor.post("details", DETAILS).url.startswith(visitor.url("documents"))
    agreement = visitor.enrollment.agreements.get()
    assert visitor.post("documents").url.startswith(visitor.url("agreement", agreement=agreement.uuid))
    assert visitor.post("agreement", {"f-street": ""}, agreement=agreement.uuid).url == visitor.url(
        "signature"
    )


def test_sending_too_early_changes_nothing_and_lists_what_is_missing(visitor: Visitor) -> None:
    visitor.post("details", DETAILS)
    answer = send(visitor)
    page = answer.content.decode()
    assert answer.status_code == 409 and "things are still missing" in page
    assert f"{visitor.url('documents')}#doc-" in page and "#f-street" in page
    assert reloaded(visitor).state == EnrollmentState.IN_PROGRESS and not Act.objects.filter(
        agreement__enrollment=visitor.enrollment
    )


def test_sending_without_consent_signs_nothing_and_says_so(visitor: Visitor) -> None:
    fill_everything(visitor)
    answer = visitor.post("review", {"seen": seen_value(visitor.get("review"))})
    assert answer.status_code == 200 and "Tick this box" in answer.content.decode()
    assert reloaded(visitor).state == EnrollmentState.IN_PROGRESS


def test_a_second_press_answers_like_the_first_and_signs_once(visitor: Visitor) -> None:
    fill_everything(visitor)
    seen = seen_value(visitor.get("review"))
    answers = [visitor.post("review", {"seen": seen, "consent": "yes"}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert Act.objects.filter(agreement__enrollment=visitor.enrollment).count() == 1
    assert Event.objects.filter(name="enrollment.submitted").count() == 1


def test_what_changed_after_the_review_was_shown_is_not_signed(visitor: Visitor) -> None:
    fill_everything(visitor)
    seen = seen_value(visitor.get("review"))
    agreement = visitor.enrollment.agreements.get()
    visitor.post("agreement", {"f-street": "1 Other Street"}, agreement=agreement.uuid)
    answer = visitor.post("review", {"seen": seen, "consent": "yes"})
    assert answer.status_code == 409 and "has changed since you saw it" in answer.content.decode()
    assert reloaded(visitor).state == EnrollmentState.IN_PROGRESS


def test_a_made_up_day_or_fingerprint_is_refused(visitor: Visitor) -> None:
    fill_everything(visitor)
    for seen in ("", "rubbish", "a:b:c", "\x00"):
        assert visitor.post("review", {"seen": seen, "consent": "yes"}).status_code == 409
    assert reloaded(visitor).state == EnrollmentState.IN_PROGRESS


def test_one_document_is_sent_back_corrected_and_sent_again(visitor: Visitor) -> None:
    fill_everything(visitor)
    send(visitor)
    enrollment = reloaded(visitor)
    upload = enrollment.uploads.current().get()
    reject_upload(upload, reason="The stamp is too old.", actor=make.actor_of(enrollment.institution))
    assert visitor.get("welcome").url.startswith(visitor.url("documents"))
    page = visitor.get("documents").content.decode()
    assert "The stamp is too old." in page and "Sent back" in page
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("new.jpg", make.photo(99), content_type="image/jpeg")
    visitor.post("add_files", {"file": file}, document=upload.required_document.uuid)
    assert visitor.get("details").url == visitor.url("review")
    assert visitor.post("details", {**DETAILS, "last_name": "Dlamini"}).status_code == 409
    assert reloaded(visitor).last_name == "Mokoena"
    review = visitor.get("review")
    page = review.content.decode()
    assert "Send again" in page and 'name="consent"' not in page
    assert visitor.post("review", {"seen": seen_value(review)}).url == visitor.url("status")
    enrollment = reloaded(visitor)
    assert enrollment.state == EnrollmentState.COMPLETE
    assert Act.objects.filter(agreement__enrollment=enrollment).count() == 1
    approve_upload(enrollment.uploads.current().get(), actor=make.actor_of(enrollment.institution))
    assert reloaded(visitor).verification == Verification.VERIFIED
    assert "Accepted" in visitor.get("status").content.decode()


def test_after_sending_every_page_of_filling_in_leads_to_the_status(visitor: Visitor) -> None:
    fill_everything(visitor)
    send(visitor)
    for name in ("welcome", "details", "documents", "signature", "review", "decline"):
        assert visitor.get(name).url == visitor.url("status"), name
    before = reloaded(visitor).city
    assert visitor.post("details", {**DETAILS, "city": "Elsewhere"}).url == visitor.url("status")
    assert reloaded(visitor).city == before


def test_the_privacy_notice_can_be_read_before_and_after_sending(visitor: Visitor) -> None:
    fill_everything(visitor)
    notice = visitor.url("welcome") + "?privacy"
    assert "<title>Your privacy" in visitor.client.get(notice).content.decode()
    send(visitor)
    assert visitor.get("welcome").url == visitor.url("status")
    assert "<title>Your privacy" in visitor.client.get(notice).content.decode()


def test_declining_needs_a_reason_and_closes_the_pages(visitor: Visitor) -> None:
    assert visitor.post("decline", {"reason": "  "}).status_code == 200
    assert reloaded(visitor).state != EnrollmentState.DECLINED
    assert visitor.post("decline", {"reason": "I found work."}).status_code == 303
    assert reloaded(visitor).state == EnrollmentState.DECLINED
    for name in ("welcome", "details", "review"):
        assert "You do not take part" in visitor.get(name).content.decode()


def test_a_signed_copy_is_downloaded_as_an_attachment(visitor: Visitor) -> None:
    fill_everything(visitor)
    agreement = visitor.enrollment.agreements.get()
    assert visitor.get("copy", agreement=agreement.uuid).status_code == 404
    send(visitor)
    answer = visitor.get("copy", agreement=agreement.uuid)
    assert answer["Content-Disposition"].startswith("attachment") and b"".join(answer).startswith(b"%PDF-")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_first_page_is_light(visitor: Visitor) -> None:
    from django.contrib.staticfiles import finders

    style = finders.find("wagtail_cohorts/css/public.css")
    assert isinstance(style, str)
    with open(style, "rb") as handle:
        weight = len(handle.read()) + len(visitor.get("welcome").content)
    assert weight < 60_000
