"""A student's whole way through the pages, as plain forms."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests import factories as make
from tests.portal.journey import Visitor
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.states import EnrollmentState, Verification
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.signing.models import Act, Mark
from wagtail_cohorts.templatetags.cohorts_portal import on_pages
from wagtail_cohorts.uploads.operations import approve_upload, reject_upload

pytestmark = pytest.mark.django_db

DETAILS = {
    "first_name": "Naledi Grace", "last_name": "Mokoena", "phone": "060 555 0117", "birth_date": "2004-02-29",
    "city": "Midrand", "gender": "female", "race": "african", "disability": "no",
}  # fmt: skip


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(make.invited(make.enrolling()))


def seen_value(html: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', html)
    assert found
    return found[1]


def fill_everything(visitor: Visitor) -> None:
    visitor.post("details", DETAILS)
    for document in visitor.enrollment.cohort.required_documents.all():
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("id.jpg", make.photo(visitor.enrollment.pk), content_type="image/jpeg")
        visitor.post("add_files", {"file": file}, document=document.uuid)
    for agreement in visitor.enrollment.agreements.all():
        visitor.post("agreement", {"f-street": "14 Umgeni Street"}, agreement=agreement.uuid)
    visitor.post("signature", {"method": "type", "typed_name": "Naledi Mokoena"})


def send(visitor: Visitor) -> Any:
    page = visitor.get("review")
    return visitor.post("review", {"seen": seen_value(page.content.decode()), "consent": "yes"})


def reloaded(visitor: Visitor) -> Enrollment:
    return Enrollment.objects.get(pk=visitor.enrollment.pk)


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
    page = visitor.get("review").content.decode()
    answer = visitor.post("review", {"seen": seen_value(page)})
    assert answer.status_code == 200 and "Tick this box" in answer.content.decode()
    assert reloaded(visitor).state == EnrollmentState.IN_PROGRESS


def test_a_second_press_answers_like_the_first_and_signs_once(visitor: Visitor) -> None:
    fill_everything(visitor)
    seen = seen_value(visitor.get("review").content.decode())
    answers = [visitor.post("review", {"seen": seen, "consent": "yes"}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert Act.objects.filter(agreement__enrollment=visitor.enrollment).count() == 1
    assert Event.objects.filter(name="enrollment.submitted").count() == 1


def test_what_changed_after_the_review_was_shown_is_not_signed(visitor: Visitor) -> None:
    fill_everything(visitor)
    seen = seen_value(visitor.get("review").content.decode())
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
    review = visitor.get("review").content.decode()
    assert "Send again" in review and 'name="consent"' not in review
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


def test_details_show_each_error_beside_what_was_typed(visitor: Visitor) -> None:
    typed = {**DETAILS, "last_name": "", "birth_date": "29 Feb", "gender": "robot"}
    answer = visitor.post("details", typed)
    page = answer.content.decode()
    assert answer.status_code == 200 and page.count('aria-invalid="true"') == 3
    assert "29 Feb" in page and "Naledi Grace" in page and "3 answers need another look" in page
    assert reloaded(visitor).details_confirmed_at is None


def test_an_answer_that_cannot_be_kept_is_shown_again_and_the_good_ones_stay() -> None:
    fields = [*make.small_fields(), make.field("cell", "student", "phone", y=250_000)]
    institution = make.institution()
    visitor = Visitor(
        make.invited(make.enrolling(institution, versions=[make.published(institution, fields=fields)]))
    )
    agreement = visitor.enrollment.agreements.get()
    answer = visitor.post("agreement", {"f-street": "14 Umgeni", "f-cell": "12"}, agreement=agreement.uuid)
    page = answer.content.decode()
    assert answer.status_code == 200 and 'value="12"' in page and 'value="14 Umgeni"' in page
    agreement.refresh_from_db()
    assert agreement.values == {"student": {"street": "14 Umgeni"}}


def test_an_answer_is_kept_while_typing_and_the_time_is_told(visitor: Visitor) -> None:
    agreement = visitor.enrollment.agreements.get()
    url = visitor.url("save", agreement=agreement.uuid)
    body = '{"values": {"street": "14 Umgeni Street", "sponsor_signature": "x", "unknown": 3}}'
    answer = visitor.client.post(url, body, content_type="application/json")
    assert answer.status_code == 200
    told = answer.json()
    assert re.fullmatch(r"Saved at \d\d:\d\d", told["saved"]) and told["answered"] == "1 of 1 answer"
    agreement.refresh_from_db()
    assert agreement.values == {"student": {"street": "14 Umgeni Street"}}


def test_a_drawn_signature_is_taken_and_its_initials_are_made(visitor: Visitor) -> None:
    visitor.post("details", DETAILS)
    answer = visitor.post("signature", {"method": "draw", "drawn_signature": drawn(), "typed_name": ""})
    assert answer.url == visitor.url("review")
    mark = Mark.objects.get(owner_key=visitor.enrollment.stream_key)
    assert mark.method == "drawn" and mark.initials is not None
    assert visitor.get("mark", part="signature")["Content-Type"] == "image/png"
    assert visitor.get("mark", part="institution").status_code == 404


@pytest.mark.parametrize(
    "sent", ["", "data:image/png;base64,####", "data:text/html,x", "data:image/png;base64,AAAA"]
)
def test_a_signature_that_is_no_picture_is_refused_in_words(visitor: Visitor, sent: str) -> None:
    answer = visitor.post("signature", {"method": "draw", "drawn_signature": sent, "typed_name": "x"})
    assert answer.status_code == 200 and 'role="alert"' in answer.content.decode()
    assert not Mark.objects.filter(owner_key=visitor.enrollment.stream_key).exists()


def drawn() -> str:
    import base64
    import io

    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (400, 160), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(20, 120), (90, 30), (160, 120), (300, 60)], fill=(29, 58, 143, 255), width=6)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def test_declining_needs_a_reason_and_closes_the_pages(visitor: Visitor) -> None:
    assert visitor.post("decline", {"reason": "  "}).status_code == 200
    assert reloaded(visitor).state != EnrollmentState.DECLINED
    assert visitor.post("decline", {"reason": "I found work."}).status_code == 303
    assert reloaded(visitor).state == EnrollmentState.DECLINED
    for name in ("welcome", "details", "review"):
        assert "You do not take part" in visitor.get(name).content.decode()


def test_a_file_is_looked_at_and_taken_back(visitor: Visitor) -> None:
    upload = make.upload(visitor.enrollment)
    assert visitor.get("file", upload=upload.uuid).status_code == 200
    image = visitor.get("file_image", upload=upload.uuid, page=1, width=160)
    assert image["Content-Type"] == "image/webp" and image.content[:4] == b"RIFF"
    assert visitor.get("file_image", upload=upload.uuid, page=1, width=161).status_code == 404
    assert visitor.get("file_image", upload=upload.uuid, page=9, width=160).status_code == 404
    answer = visitor.post("remove_file", upload=upload.uuid, headers={"accept": "application/json"})
    assert answer.status_code == 200 and "Missing" in answer.json()["card"]
    assert not visitor.enrollment.uploads.current().exists()


def test_a_signed_copy_is_downloaded_as_an_attachment(visitor: Visitor) -> None:
    fill_everything(visitor)
    agreement = visitor.enrollment.agreements.get()
    assert visitor.get("copy", agreement=agreement.uuid).status_code == 404
    send(visitor)
    answer = visitor.get("copy", agreement=agreement.uuid)
    assert answer["Content-Disposition"].startswith("attachment") and b"".join(answer).startswith(b"%PDF-")
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_page_image_shows_what_is_typed(visitor: Visitor) -> None:
    agreement = visitor.enrollment.agreements.get()
    before = visitor.get("page", agreement=agreement.uuid, page=1, width=1200).content
    visitor.post("agreement", {"f-street": "14 Umgeni Street"}, agreement=agreement.uuid)
    after = visitor.get("page", agreement=agreement.uuid, page=1, width=1200).content
    assert before != after and after[:4] == b"RIFF"


def test_the_first_page_is_light(visitor: Visitor) -> None:
    from django.contrib.staticfiles import finders

    style = finders.find("wagtail_cohorts/css/public.css")
    assert isinstance(style, str)
    with open(style, "rb") as handle:
        weight = len(handle.read()) + len(visitor.get("welcome").content)
    assert weight < 60_000


def test_a_name_corrected_later_is_corrected_on_the_agreement_too() -> None:
    fields = [
        *make.small_fields(),
        make.field("own_name", "student", "text", y=250_000, source="student.full_name"),
    ]
    institution = make.institution()
    visitor = Visitor(
        make.invited(make.enrolling(institution, versions=[make.published(institution, fields=fields)]))
    )
    visitor.post("details", DETAILS)
    agreement = visitor.enrollment.agreements.get()
    answers = {"f-street": "14 Umgeni", "f-own_name": "Naledi Grace Mokoena"}
    visitor.post("agreement", answers, agreement=agreement.uuid)
    visitor.post("details", {**DETAILS, "last_name": "Dlamini"})
    page = visitor.get("agreement", agreement=agreement.uuid).content.decode()
    assert "Naledi Grace Dlamini" in page and "answer from your details" in page


def test_pages_are_named_in_words() -> None:
    assert on_pages([12]) == "on page 12"
    assert on_pages([1, 2]) == "on pages 1, 2"
    assert on_pages([1, 3, 4, 5, 9]) == "on pages 1, 3 to 5, 9"
