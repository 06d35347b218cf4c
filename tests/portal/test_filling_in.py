"""What a student gives, page by page: details, answers, a signature and files."""

from __future__ import annotations

import re

import pytest

from tests import factories as make
from tests.portal.journey import DETAILS, Visitor, reloaded
from wagtail_cohorts.signing.models import Mark
from wagtail_cohorts.templatetags.cohorts_portal import on_pages

pytestmark = pytest.mark.django_db


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


def test_the_page_image_shows_what_is_typed(visitor: Visitor) -> None:
    agreement = visitor.enrollment.agreements.get()
    before = visitor.get("page", agreement=agreement.uuid, page=1, width=1200).content
    visitor.post("agreement", {"f-street": "14 Umgeni Street"}, agreement=agreement.uuid)
    after = visitor.get("page", agreement=agreement.uuid, page=1, width=1200).content
    assert before != after and after[:4] == b"RIFF"


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
