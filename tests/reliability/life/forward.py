"""What takes a cohort on: the calls that the people and workers of an ordinary life would make next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.reliability.life.model import Model
from tests.reliability.life.tables import WORKING
from tests.reliability.life.things import Student

Call = tuple[Any, ...]


def next_calls(model: Model) -> list[Call]:
    """Name and arguments of each call that would help now."""
    found = [*_staff(model)]
    if model.state in WORKING:
        for number, student in enumerate(model.students):
            if student.is_active:
                found += _student(model, number, student)
    return [*found, *_sponsor(model), *_worker(model)]


def _staff(model: Model) -> Iterator[Call]:
    if model.state in ("draft", "enrolling") and not model.active:
        yield "add_student", "A", f"s{len(model.students)}@example.com", len(model.students) % 2 == 0
    if model.state == "draft":
        yield _draft(model)
    if model.state == "institution_signing":
        waiting = [key for key, one in model.specimens.items() if one.lacks_answer("institution")]
        yield from (("answer_as_institution", key) for key in waiting)
        if not waiting:
            yield "sign_as_institution", True
    if model.state == "enrolling" and model.active and all(student.is_ready for student in model.active):
        yield ("go_on",)
    if model.state == "institution_review" and not model.running("finalize"):
        yield "start_finalizing", True


def _draft(model: Model) -> Call:
    """Whatever keeps it from being opened is put right first."""
    if model.is_late:
        return "set_deadline", False
    if not model.chosen or any(template not in model.latest for template in model.chosen):
        return "choose_agreements", (0,)
    if not model.parties:
        return "name_parties", {"sponsor": 0, "lead": 0, "host": 1}
    return ("open_cohort",)


def _student(model: Model, number: int, student: Student) -> Iterator[Call]:
    if not student.is_invited and student.email:
        yield "invite_student", number
    if student.state in ("waiting", "in_progress"):
        missing = student.missing(model.documents)
        unanswered = [one.key for one in student.to_sign() if one.lacks_answer("student")]
        yield from (("add_upload", number, document, True) for document in missing)
        yield from (("save_answers", number, key) for key in unanswered)
        if not student.has_details:
            yield "confirm_details", number
        elif student.guardian is None and student.asks_guardian:
            yield "name_guardian", number, False, "Nomsa", "g@example.com"
        elif not missing and not unanswered:
            yield "submit", number, True, True
    if student.state == "complete":
        pending = [place for place, one in enumerate(student.uploads) if one.state == "pending"]
        yield from (("approve_upload", number, place) for place in pending)
        if student.guardian_turns():
            yield ("sign_as_guardian", number, True) if student.guardian else (
                "name_guardian", number, True, "Nomsa", "g@example.com"
            )  # fmt: skip


def _sponsor(model: Model) -> Iterator[Call]:
    if model.state == "ready_for_sponsor":
        yield from (("note_sponsor_opened", contact) for contact in model.invitations)
    if model.state in ("ready_for_sponsor", "sponsor_review"):
        for contact in sorted(set(model.parties.values())):
            if model.signable(contact) and not model.running("sign", contact):
                everybody = tuple(range(len(model.students)))
                yield "start_bulk_signing", contact, everybody, True, True, True


def _worker(model: Model) -> Iterator[Call]:
    for place, batch in enumerate(model.batches):
        if batch.is_open:
            yield ("prepare" if batch.pending() else "commit"), place
