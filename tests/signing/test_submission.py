from __future__ import annotations

import hashlib
from typing import Any

import pytest

from tests import factories as make
from wagtail_cohorts import pdf
from wagtail_cohorts.enrollments.operations import change_student
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import Changed, Incomplete, WrongState
from wagtail_cohorts.signing.answers import missing_answers, save_answers
from wagtail_cohorts.signing.models import Act, ConsentText
from wagtail_cohorts.signing.rendering import read_copy
from wagtail_cohorts.signing.submission import agreements_to_sign, submission_problems, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def student() -> Any:
    return make.filled(make.invited(make.enrolling()))


def press(student: Any, **more: Any) -> Any:
    facts = {
        "mark": make.mark(student.institution, student.stream_key, student.full_name), "day": make.DAY,
        "shown": make.shown_to_student(student), "actor": make.student_actor(student), **more,
    }  # fmt: skip
    return submit(student, **facts)


def test_signing_keeps_exactly_what_was_shown_and_what_came_of_it(student: Any) -> None:
    shown = make.shown_to_student(student)
    press(student)
    act = Act.objects.get(agreement__enrollment=student)
    assert act.seen_sha256 == shown[str(act.agreement.uuid)]
    assert act.result_sha256 == hashlib.sha256(act.result.read()).hexdigest() == act.result.sha256
    assert act.seen_sha256 != act.result_sha256 and act.engine == pdf.engine_version()
    assert act.signer_name == student.full_name and act.ip == "127.0.0.1"


def test_the_consent_is_kept_word_for_word(student: Any) -> None:
    press(student)
    consent = Act.objects.get(agreement__enrollment=student).consent
    assert consent == ConsentText.objects.get(pk=consent.pk) and "electronically" in consent.text


def test_the_signed_pdf_carries_the_answer_and_the_institutions_part(student: Any) -> None:
    press(student)
    agreement = student.agreements.get()
    from io import BytesIO

    from pypdf import PdfReader

    text = PdfReader(BytesIO(agreement.current.read())).pages[0].extract_text()
    assert "14 Umgeni Street" in text and student.full_name in text and "24 November 2026" in text


def test_pressing_twice_signs_once(student: Any) -> None:
    shown = make.shown_to_student(student)
    press(student, shown=shown)
    press(student, shown=shown)
    assert Act.objects.filter(agreement__enrollment=student).count() == 1
    assert Event.objects.filter(name="enrollment.submitted").count() == 1


def test_another_document_than_the_shown_one_is_not_signed(student: Any) -> None:
    shown = make.shown_to_student(student)
    agreement, role = agreements_to_sign(student)[0]
    save_answers(agreement, role, {"street": "99 Other Road"}, actor=make.student_actor(student))
    with pytest.raises(Changed):
        press(student, shown=shown)
    student.refresh_from_db()
    assert student.state == "in_progress" and not Act.objects.filter(agreement__enrollment=student).exists()


def test_a_changed_name_changes_what_is_shown(student: Any) -> None:
    shown = make.shown_to_student(student)
    change_student(student, {"last_name": "Changed"}, actor=make.actor_of(student.institution))
    with pytest.raises(Changed):
        press(student, shown=shown)


def test_nothing_is_signed_without_having_been_shown(student: Any) -> None:
    with pytest.raises(Changed):
        press(student, shown={})


def test_a_missing_answer_names_the_field(student: Any) -> None:
    agreement, role = agreements_to_sign(student)[0]
    save_answers(agreement, role, {"street": ""}, actor=make.student_actor(student))
    agreement.refresh_from_db()
    assert [one.key for one, _text in missing_answers(agreement, role)] == ["street"]
    with pytest.raises(Incomplete) as caught:
        press(student)
    assert [kind for kind, _key, _text in caught.value.problems] == ["agreement"]


def test_everything_missing_is_named_at_once() -> None:
    student = make.invited(make.enrolling())
    kinds = [kind for kind, _key, _text in submission_problems(student)]
    assert kinds == ["details", "document", "agreement"]


def test_a_signature_is_needed(student: Any) -> None:
    with pytest.raises(Incomplete) as caught:
        press(student, mark=None)
    assert caught.value.problems[0][0] == "signature"


def test_after_sending_answers_no_longer_change(student: Any) -> None:
    agreement, role = agreements_to_sign(student)[0]
    press(student)
    with pytest.raises(WrongState):
        save_answers(agreement, role, {"street": "x"}, actor=make.student_actor(student))


def test_a_withdrawn_student_signs_nothing(student: Any) -> None:
    from wagtail_cohorts.enrollments.leaving import withdraw

    shown = make.shown_to_student(student)
    withdraw(student, reason="x", actor=make.actor_of(student.institution))
    with pytest.raises(WrongState):
        press(student, shown=shown)


def test_a_wrong_answer_is_told_and_the_good_ones_are_kept(student: Any) -> None:
    agreement, role = agreements_to_sign(student)[0]
    raw = {"street": "x" * 5000, "nonsense": "ignored"}
    errors = save_answers(agreement, role, raw, actor=make.student_actor(student))
    agreement.refresh_from_db()
    assert agreement.values["student"].get("street") in ("14 Umgeni Street", "x" * 5000)
    assert "nonsense" not in agreement.values["student"] and set(errors) <= {"street"}


def test_the_fingerprint_changes_with_values_and_acts(student: Any) -> None:
    agreement = student.agreements.get()
    before = read_copy(agreement).fingerprint
    save_answers(agreement, "student", {"street": "Other"}, actor=make.student_actor(student))
    agreement.refresh_from_db()
    after = read_copy(agreement).fingerprint
    press(student)
    agreement.refresh_from_db()
    assert len({before, after, read_copy(agreement).fingerprint}) == 3


def test_an_act_event_holds_hashes_and_no_name(student: Any) -> None:
    press(student)
    event = Event.objects.filter(name="agreement.signed", stream__key=student.stream_key).get()
    data = event.data["data"]
    assert data["role"] == "student" and len(data["seen"]) == 64 and student.last_name not in event.payload


def test_what_was_signed_no_longer_follows_a_changed_name(student: Any) -> None:
    signed = press(student).agreements.get()
    change_student(student, {"last_name": "Changed"}, actor=make.actor_of(student.institution))
    student.cohort.institution.name = "Renamed"
    student.cohort.institution.save()
    copy = read_copy(type(signed).objects.get(pk=signed.pk))
    assert copy.values["student_name"] == student.full_name and "Changed" not in str(copy.values)
