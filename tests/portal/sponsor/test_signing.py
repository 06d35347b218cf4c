"""Signing as a sponsor: bound to the list that was shown, done once, seen through to the receipt."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from tests.portal.sponsor.conftest import Visitor, visit
from tests.sponsor_cohort import alter, ready_cohort, small_agreement
from wagtail_cohorts import clock
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.signing.models import Act

pytestmark = pytest.mark.django_db
PNG = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def sponsor_acts() -> int:
    return Act.objects.filter(role_key="sponsor").count()


def batch() -> Batch:
    return Batch.objects.filter(kind="sign").latest("pk")


def test_the_sign_page_says_what_for_whom_and_how_many(visitor: Visitor) -> None:
    page = visitor.get("sponsor_sign")
    text = page.content.decode()
    assert "Sign 6 documents for 3 students" in text
    assert 'value="Thembeka Nkosi"' in text and 'value="Head of People"' in text
    for student in visitor.students():
        assert student.full_name in text


def test_signing_goes_from_the_form_to_the_receipt(visitor: Visitor) -> None:
    answer = visitor.sign()
    assert (answer.status_code, answer["Location"]) == (303, visitor.url("sponsor_progress"))
    assert sponsor_acts() == 0
    run_due_items()
    receipt = visitor.client.get(visitor.url("sponsor_progress"), follow=True)
    text = receipt.content.decode()
    assert "Signed: 6 documents for 3 students" in text
    assert "You have nothing more to do." in text
    assert sponsor_acts() == 6
    visitor.cohort.refresh_from_db()
    assert visitor.cohort.state == CohortState.INSTITUTION_REVIEW


def test_the_receipt_names_the_signer_the_list_and_every_fingerprint(visitor: Visitor) -> None:
    visitor.sign(name="Nomsa Dlamini", typed_name="N. Dlamini")
    run_due_items()
    receipt = visitor.get("sponsor_receipt", batch=batch().uuid)
    text = "".join(receipt.content.decode().split())
    assert "NomsaDlamini,HeadofPeople" in text
    assert batch().params["list"] in text
    for act in Act.objects.filter(role_key="sponsor"):
        assert act.result_sha256 in text


def test_only_the_chosen_students_are_signed(visitor: Visitor) -> None:
    chosen = str(visitor.students()[1].uuid)
    page = visitor.client.post(visitor.url("sponsor_sign"), {"step": "choose", "student": [chosen]})
    assert "Sign 2 documents for 1 student" in page.content.decode()
    visitor.sign(student=[chosen], seen=page.context["seen"])
    run_due_items()
    signed = Act.objects.filter(role_key="sponsor").values_list("agreement__enrollment__uuid", flat=True)
    assert {str(one) for one in signed} == {chosen}
    assert "2 students are ready for your signature" in visitor.get().content.decode()


def test_choosing_nobody_is_answered_in_words(visitor: Visitor) -> None:
    answer = visitor.client.post(visitor.url("sponsor_sign"), {"step": "choose"})
    assert answer.status_code == 409
    assert "Choose at least one student" in answer.content.decode()


def test_a_second_press_shows_the_same_batch(visitor: Visitor) -> None:
    form = visitor.sign_form()
    for _press in range(2):
        answer = visitor.client.post(visitor.url("sponsor_sign"), form)
        assert answer["Location"] == visitor.url("sponsor_progress")
    assert Batch.objects.filter(kind="sign").count() == 1
    run_due_items()
    late = visitor.client.post(visitor.url("sponsor_sign"), form)
    assert late["Location"] == visitor.url("sponsor_progress")
    assert Batch.objects.filter(kind="sign").count() == 1
    assert sponsor_acts() == 6


def test_a_list_that_changed_is_refused_with_the_new_list(visitor: Visitor) -> None:
    form = visitor.sign_form()
    alter(visitor.students()[0], "Newname")
    answer = visitor.client.post(visitor.url("sponsor_sign"), form)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "The list has changed since you saw it. Nothing was signed." in text
    assert not Batch.objects.filter(kind="sign").exists()
    again = visitor.client.post(visitor.url("sponsor_sign"), {**form, "seen": answer.context["seen"]})
    assert again.status_code == 303


def test_a_list_code_of_other_students_does_not_fit(visitor: Visitor) -> None:
    form = visitor.sign_form()
    answer = visitor.client.post(visitor.url("sponsor_sign"), {**form, "student": form["student"][:1]})
    assert answer.status_code == 409
    assert not Batch.objects.filter(kind="sign").exists()


def test_a_forged_list_code_signs_nothing(visitor: Visitor) -> None:
    form = visitor.sign_form()
    for seen in ("", "nonsense", "eyJhIjoxfQ:1abc:zzz", "\x00"):
        answer = visitor.client.post(visitor.url("sponsor_sign"), {**form, "seen": seen})
        assert answer.status_code == 409, seen
    assert not Batch.objects.filter(kind="sign").exists()


def test_a_page_from_yesterday_is_shown_again_with_todays_date(visitor: Visitor, monkeypatch: Any) -> None:
    form = visitor.sign_form()
    today = clock.today()
    monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=1))
    answer = visitor.client.post(visitor.url("sponsor_sign"), form)
    assert answer.status_code == 409
    assert "The date has changed" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", " ", "Type your full name."),
        ("position", "", "Type your position"),
        ("department", "x" * 200, "longer than 120"),
        ("typed_name", "", "Type your name as your signature."),
        ("consent", "", "Tick this box if you agree."),
        ("method", "draw", "Draw your signature"),
    ],
)
def test_what_is_missing_is_said_beside_it_and_nothing_typed_is_lost(
    visitor: Visitor, field: str, value: str, sentence: str
) -> None:
    answer = visitor.sign(**{"department": "Finance & people", field: value})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert field == "department" or "Finance &amp; people" in text
    assert not Batch.objects.filter(kind="sign").exists()


def test_a_blank_drawing_is_refused_in_words(visitor: Visitor) -> None:
    answer = visitor.sign(method="draw", drawn_signature=PNG)
    assert answer.status_code == 422
    assert answer.context["form"].errors["signature"]


def test_the_preview_is_a_picture_of_the_page_with_the_signature_and_signs_nothing(visitor: Visitor) -> None:
    page = visitor.client.post(visitor.url("sponsor_sign"), visitor.sign_form(step="preview"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "data:image/webp;base64," in text and "Not signed yet." in text
    assert not Batch.objects.filter(kind="sign").exists()
    fragment = visitor.client.post(visitor.url("sponsor_preview"), visitor.sign_form())
    assert "data:image/webp;base64," in fragment.content.decode()
    assert "<html" not in fragment.content.decode()


def test_progress_is_numbers_and_signing_is_a_separate_step(visitor: Visitor) -> None:
    visitor.sign()
    run_due_items(limit=1)
    url = visitor.url("sponsor_progress")
    now = json.loads(visitor.client.get(url, headers={"Accept": "application/json"}).content)
    assert (now["total"], now["prepared"], now["failed"], now["is_running"]) == (6, 2, 0, True)
    text = visitor.get("sponsor_progress").content.decode()
    assert "Until then nothing is signed" in text
    assert re.search(r'<noscript>\s*<meta http-equiv="refresh"', text)


def test_a_student_who_changed_meanwhile_is_listed_with_the_cause(visitor: Visitor) -> None:
    visitor.sign()
    changed = visitor.students()[0]
    alter(changed, "Newname")
    run_due_items()
    text = visitor.get("sponsor_receipt", batch=batch().uuid).content.decode()
    assert "Signed: 4 documents for 2 students" in text
    assert "1 student needs attention" in text and changed.full_name in text
    assert "Look at the new version" in text
    assert visitor.url("sponsor_retry") not in text
    visitor.sign()
    run_due_items()
    assert sponsor_acts() == 6


def test_what_failed_for_another_reason_can_be_tried_again(visitor: Visitor) -> None:
    visitor.sign()
    item = BatchItem.objects.filter(batch=batch()).order_by("pk").first()
    assert item is not None
    BatchItem.objects.filter(pk=item.pk).update(state=BatchItem.FAILED, error="This one could not be made.")
    run_due_items()
    assert sponsor_acts() == 4
    text = visitor.get("sponsor_receipt", batch=batch().uuid).content.decode()
    assert "This one could not be made." in text and visitor.url("sponsor_retry") in text
    answer = visitor.client.post(visitor.url("sponsor_retry"))
    assert answer["Location"] == visitor.url("sponsor_progress")
    run_due_items()
    assert sponsor_acts() == 6
    assert "Signed: 6 documents" in visitor.get("sponsor_receipt", batch=batch().uuid).content.decode()


def test_when_nothing_could_be_signed_the_page_says_so(visitor: Visitor) -> None:
    visitor.sign()
    BatchItem.objects.update(state=BatchItem.FAILED, error="This one could not be made.")
    run_due_items()
    text = visitor.get("sponsor_progress").content.decode()
    assert "Nothing was signed" in text and visitor.url("sponsor_retry") in text


def test_with_bulk_signing_off_the_form_is_refused_and_a_running_one_says_that_it_waits(
    visitor: Visitor,
) -> None:
    form = visitor.sign_form()
    visitor.client.post(visitor.url("sponsor_sign"), form)
    institution = visitor.cohort.institution
    institution.closed_flags = ["cohorts_bulk_signing"]
    institution.save()
    assert visitor.get("sponsor_sign").status_code == 403
    assert visitor.client.post(visitor.url("sponsor_sign"), form).status_code == 403
    assert "switched off at the moment" in visitor.get("sponsor_progress").content.decode()
    assert run_due_items() == 0


def test_the_zip_holds_every_signed_document_and_nothing_else(visitor: Visitor) -> None:
    visitor.sign()
    run_due_items()
    made = visitor.client.post(visitor.url("sponsor_make_copies"), follow=True)
    assert "being made" in made.content.decode()
    run_due_items()
    answer = visitor.get("sponsor_copies")
    packed = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    names = packed.namelist()
    assert len(names) == 6 and all(name.endswith(".pdf") for name in names)
    assert "Thembeka Nkosi" in PdfReader(io.BytesIO(packed.read(names[0]))).pages[1].extract_text()


def test_there_is_no_zip_and_no_receipt_before_anything_was_signed(visitor: Visitor) -> None:
    visitor.sign()
    assert visitor.get("sponsor_copies").status_code == 404
    assert visitor.get("sponsor_receipt", batch=batch().uuid).status_code == 404
    assert visitor.client.post(visitor.url("sponsor_make_copies")).status_code == 409


def test_what_the_documents_ask_of_the_sponsor_is_asked_once(db: None) -> None:
    title, paper, fields = small_agreement()
    question = {**fields[-1], "key": "supervisor", "uuid": "00000000-0000-4000-8000-00000000abcd", "source": "",
                "read_only": False, "required": True, "y": 600_000, "label": {"en": "Supervisor"}}  # fmt: skip
    visitor = visit(*ready_cohort(students=2, sources=[(title, paper, [*fields, question])]))
    page = visitor.get("sponsor_sign")
    (asked,) = page.context["questions"]
    assert "“Supervisor” is missing." in visitor.sign().content.decode()
    visitor.sign(**{asked.name: "Sipho Khumalo"})
    run_due_items()
    for agreement in Agreement.objects.filter(cohort=visitor.cohort, enrollment__isnull=False):
        assert agreement.values["sponsor"] == {"supervisor": "Sipho Khumalo"}


def test_nothing_that_is_sent_breaks_a_page(visitor: Visitor) -> None:
    chance = random.Random(5)
    junk = ["", "\x00", "é" * 500, "data:image/png;base64,AAAA", "A" * 3000, "[]", "{}", "-1",
            "<script>", "../../etc", "\U0001f600", "yes", "draw", "preview", "sign", "choose"]  # fmt: skip
    names = ("name", "position", "department", "method", "typed_name", "drawn_signature", "drawn_initials",
             "consent", "step", "seen", "student", "answer-1-x")  # fmt: skip
    urls = [
        visitor.url(name)
        for name in ("sponsor_sign", "sponsor_preview", "sponsor_retry", "sponsor_make_copies")
    ]
    for _round in range(60):
        form = {name: chance.choice(junk) for name in chance.sample(names, chance.randrange(len(names)))}
        answer = visitor.client.post(chance.choice(urls), form)
        assert answer.status_code < 500
    assert visitor.client.post(urls[0], b"\xff\xfe{", content_type="application/json").status_code < 500
    assert sponsor_acts() == 0
