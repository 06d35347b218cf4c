"""Calls that may be wrong now: every operation on every subject, with good arguments and with bad ones."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from tests.reliability.life.model import Model
from tests.reliability.life.things import Student

Call = tuple[Any, ...]
REASONS = ("", "Because")


def is_refused(model: Model, call: Call) -> bool:
    """Whether the model says no; asked of a copy."""
    return bool(copy.deepcopy(model).expect(*call))


def any_call(model: Model) -> list[Call]:
    found = [*_staff(model), *_sponsor(model)]
    for number, student in enumerate(model.students):
        found += [
            *_student(model, number, student),
            *_guardian(number, student),
            *_documents(model, number, student),
        ]
    for place in range(len(model.batches)):
        found += [("retry_batch", place), ("cancel_batch", place)]
    return found


def _staff(model: Model) -> Iterator[Call]:
    yield from (("open_cohort",), ("choose_agreements", (0,)), ("go_on",), ("publish", 3))
    if model.state == "draft":
        yield from (("choose_agreements", ()), ("choose_agreements", (0, 3)), ("set_deadline", True))
        yield "name_parties", {}
    yield from (("sign_as_institution", True), ("sign_as_institution", False))
    yield from (("start_finalizing", True), ("start_finalizing", False))
    yield from (("answer_as_institution", key) for key in model.specimens)
    for reason in REASONS:
        yield from (("cancel_cohort", reason), ("step_back", reason))
    known = [student.email for student in model.students if student.email][:1]
    yield from (("add_student", "A", email, False) for email in [*known, "new@example.com"])
    yield from (("add_student", "A", "", False), ("add_student", "", "", False))


def _sponsor(model: Model) -> Iterator[Call]:
    everybody = tuple(range(len(model.students)))
    yield from (("invite_sponsor_again", contact) for contact in model.invitations)
    for contact in (0, 1):
        yield "start_bulk_signing", contact, everybody, True, True, True
        yield "start_bulk_signing", contact, everybody, False, True, True
        yield "start_bulk_signing", contact, everybody, True, False, True
        yield "start_bulk_signing", contact, everybody, True, True, False


def _student(model: Model, number: int, student: Student) -> Iterator[Call]:
    known = [other.email for other in model.students if other is not student and other.email][:1]
    theirs = [student.guardian.email] if student.guardian else []
    yield from (
        ("invite_student", number),
        ("confirm_details", number),
        ("change_student", number, "", "", None),
    )
    yield from (("change_student", number, "A", email, None) for email in [*known, *theirs, student.email])
    yield from (("save_answers", number, key) for key in student.agreements)
    yield from (("submit", number, *rest) for rest in ((True, True), (False, True), (True, False)))
    for reason in REASONS:
        yield from ((operation, number, reason) for operation in ("withdraw", "decline", "readmit"))
        yield "reset_student", number, reason, False


def _guardian(number: int, student: Student) -> Iterator[Call]:
    yield from (("name_guardian", number, by_staff, "Nomsa", "g@example.com") for by_staff in (True, False))
    yield from (
        ("name_guardian", number, True, "Nomsa", student.email),
        ("name_guardian", number, True, "Nomsa", ""),
        ("name_guardian", number, True, "", ""),
    )
    if student.guardian is not None:
        yield from (("sign_as_guardian", number, True), ("sign_as_guardian", number, False))
        yield from (("refuse_as_guardian", number, reason) for reason in REASONS)
        yield "ask_guardian_again", number


def _documents(model: Model, number: int, student: Student) -> Iterator[Call]:
    for document in range(len(model.documents)):
        yield from (("add_upload", number, document, True), ("add_upload", number, document, False))
    for place in range(len(student.uploads)):
        operations = ("remove_upload", "approve_upload", "undo_decision")
        yield from ((operation, number, place) for operation in operations)
        yield from (("reject_upload", number, place, reason) for reason in REASONS)
