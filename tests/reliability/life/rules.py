"""What may happen at any time: any call, right or wrong, and now and then a few that take the cohort on."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.reliability.life.coverage import Coverage
from tests.reliability.life.machine import PARTIES, PLACES, Machine
from tests.reliability.life.shapes import CHOICES
from tests.reliability.life.things import Batch, Link, Student
from tests.reliability.life.world import CONTACTS, World
from tests.reliability.life.wrong import any_call
from wagtail_cohorts.links.models import PersonalLink

MOST_STUDENTS = 3
EMAILS = ("a@example.com", "b@example.com", "c@example.com", "")
WHOM = st.integers(0, MOST_STUDENTS - 1)
REASONS = st.sampled_from(["Because", "Because", "Because", " "])
MOSTLY = st.sampled_from([True, True, True, False])
has_students = precondition(lambda self: bool(self.model.students))
has_uploads = precondition(lambda self: any(student.uploads for student in self.model.students))
has_batches = precondition(lambda self: bool(self.model.batches))


def machine_for(world: World, coverage: Coverage) -> type[Life]:
    """The machine in a world, counting into ``coverage``."""
    return type("LifeHere", (Life,), {"world": world, "coverage": coverage})


class Life(Machine):
    @rule(moves=st.lists(PLACES, min_size=1, max_size=6))
    def go_forward(self, moves: list[int]) -> None:
        self.forward(moves)

    @rule(choices=st.lists(PLACES, min_size=1, max_size=4))
    def somebody_does_anything(self, choices: list[int]) -> None:
        """Right or wrong, and mostly no help."""
        for choice in choices:
            calls = any_call(self.model)
            self.call(*calls[choice % len(calls)])

    @rule(choices=st.lists(PLACES, min_size=3, max_size=8))
    def somebody_does_what_is_not_possible_now(self, choices: list[int]) -> None:
        for choice in choices:
            self.try_wrong_call(choice)

    @rule(moves=st.lists(PLACES, min_size=1, max_size=4))
    def go_forward_too(self, moves: list[int]) -> None:
        """Twice, so that a life gets on between the wrong calls."""
        self.forward(moves)

    # The cohort

    @rule(
        operation=st.sampled_from(
            ["open_cohort", "go_on", "sign", "sign_unseen", "answer", "finalize", "finalize_off"]
        )
    )
    def staff_take_it_on(self, operation: str) -> None:
        if operation == "answer":
            for key in list(self.model.specimens)[:1]:
                self.call("answer_as_institution", key)
        elif operation.startswith("sign"):
            self.call("sign_as_institution", operation == "sign")
        elif operation.startswith("finalize"):
            self.call("start_finalizing", operation == "finalize")
        else:
            self.call(operation)

    @rule(
        chosen=st.sampled_from([*CHOICES, (), (0, 3)]),
        parties=st.sampled_from([*PARTIES, {}]),
        is_late=st.booleans(),
        what=st.sampled_from(["agreements", "parties", "deadline", "template"]),
        template=st.integers(0, 3),
    )
    def staff_edit(
        self, chosen: tuple[int, ...], parties: dict[str, int], is_late: bool, what: str, template: int
    ) -> None:
        if what == "agreements":
            self.call("choose_agreements", chosen)
        elif what == "deadline":
            self.call("set_deadline", is_late)
        elif what == "template":
            self.call("publish", template)
        elif parties or self.model.state == "draft":
            self.call("name_parties", dict(parties))

    @rule(reason=REASONS, is_end=st.sampled_from([False] * 6 + [True]))
    def staff_take_it_back(self, reason: str, is_end: bool) -> None:
        self.call("cancel_cohort" if is_end else "step_back", reason.strip())

    @precondition(lambda self: self.model.state == "draft")
    @rule(what=st.sampled_from(["no agreement", "unpublished", "nobody named", "late"]))
    def staff_open_it_too_early(self, what: str) -> None:
        if what == "late":
            self.call("set_deadline", True)
        elif what == "nobody named":
            self.call("name_parties", {})
        else:
            self.call("choose_agreements", () if what == "no agreement" else (0, 3))
        self.call("open_cohort")

    # Students

    @rule(name=st.sampled_from(["A", "B", "C", ""]), email=st.sampled_from(EMAILS), is_minor=st.booleans())
    def staff_add_a_student(self, name: str, email: str, is_minor: bool) -> None:
        known = any(student.email == email for student in self.model.students)
        is_refused = not name or (known and email) or self.model.state in ("completed", "cancelled")
        if len(self.model.students) < MOST_STUDENTS or is_refused:
            self.call("add_student", name, email, is_minor)

    @has_students
    @rule(
        whom=WHOM,
        name=st.sampled_from(["A", "B", "C", ""]),
        email=st.sampled_from([*EMAILS, "g@example.com"]),
        is_minor=st.sampled_from([None, True, False]),
    )
    def staff_change_a_student(self, whom: int, name: str, email: str, is_minor: bool | None) -> None:
        self.call("change_student", self.number(whom), name, email, is_minor)

    @has_students
    @rule(
        whom=WHOM,
        by_staff=st.booleans(),
        name=st.sampled_from(["Nomsa", "Nomsa", "Zodwa", ""]),
        email=st.sampled_from(["g@example.com", "h@example.com", "a@example.com", ""]),
    )
    def somebody_names_a_guardian(self, whom: int, by_staff: bool, name: str, email: str) -> None:
        self.call("name_guardian", self.number(whom), by_staff, name, email)

    @precondition(lambda self: any(student.guardian for student in self.model.students))
    @rule(
        whom=WHOM,
        operation=st.sampled_from(
            ["sign", "sign_unseen", "refuse", "ask_guardian_again", "revoke_guardian_link"]
        ),
        reason=REASONS,
    )
    def a_guardian_acts_or_is_asked(self, whom: int, operation: str, reason: str) -> None:
        named = [number for number, student in enumerate(self.model.students) if student.guardian]
        number = named[whom % len(named)]
        if operation == "refuse":
            self.call("refuse_as_guardian", number, reason.strip())
        elif operation.startswith("sign"):
            self.call("sign_as_guardian", number, operation == "sign")
        else:
            self.call(operation, number)

    @has_students
    @rule(
        whom=WHOM,
        operation=st.sampled_from(["invite_student", "invite_student", "print_link", "rotate_student_link"]),
    )
    def staff_send_a_link(self, whom: int, operation: str) -> None:
        self.call(operation, self.number(whom))

    @has_students
    @rule(whom=WHOM, operation=st.sampled_from(["withdraw", "decline", "readmit", "readmit"]), reason=REASONS)
    def a_student_leaves_or_returns(self, whom: int, operation: str, reason: str) -> None:
        self.call(operation, self.number(whom), reason.strip())

    @has_students
    @rule(whom=WHOM, reason=REASONS, keeps_documents=st.booleans())
    def staff_let_a_student_start_again(self, whom: int, reason: str, keeps_documents: bool) -> None:
        self.call("reset_student", self.number(whom), reason.strip(), keeps_documents)

    @has_students
    @rule(whom=WHOM, place=PLACES)
    def a_student_fills_in(self, whom: int, place: int) -> None:
        number = self.number(whom)
        keys = list(self.model.students[number].agreements)
        if place % 2 and keys:
            self.call("save_answers", number, keys[place % len(keys)])
        else:
            self.call("confirm_details", number)

    @has_students
    @rule(whom=WHOM, has_mark=MOSTLY, is_shown=MOSTLY)
    def a_student_submits(self, whom: int, has_mark: bool, is_shown: bool) -> None:
        self.call("submit", self.number(whom), has_mark, is_shown)

    # Documents

    @has_students
    @rule(whom=WHOM, document=st.integers(0, 1), is_file=MOSTLY)
    def a_student_uploads(self, whom: int, document: int, is_file: bool) -> None:
        if self.model.documents:
            self.call("add_upload", self.number(whom), document % len(self.model.documents), is_file)

    @has_uploads
    @rule(
        whom=WHOM,
        place=PLACES,
        operation=st.sampled_from(["remove_upload", "approve_upload", "reject_upload", "undo_decision"]),
        reason=REASONS,
    )
    def somebody_decides_about_a_file(self, whom: int, place: int, operation: str, reason: str) -> None:
        number = self._with_uploads(whom)
        more = [reason.strip()] if operation == "reject_upload" else []
        self.call(operation, number, place % len(self.model.students[number].uploads), *more)

    def _with_uploads(self, whom: int) -> int:
        students: list[Student] = self.model.students
        numbers = [number for number, student in enumerate(students) if student.uploads]
        return numbers[whom % len(numbers)]

    # The sponsor's side and the workers

    @rule(
        contact=st.integers(0, CONTACTS - 1),
        students=st.sets(st.integers(0, MOST_STUDENTS - 1), min_size=1),
        is_on=MOSTLY,
        is_shown=MOSTLY,
        has_answers=MOSTLY,
    )
    def a_contact_signs(
        self, contact: int, students: set[int], is_on: bool, is_shown: bool, has_answers: bool
    ) -> None:
        """One, some or all."""
        known = tuple(number for number in sorted(students) if number < len(self.model.students))
        self.call("start_bulk_signing", contact, known, is_on, is_shown, has_answers)

    @precondition(lambda self: bool(self.model.invitations))
    @rule(
        contact=st.integers(0, CONTACTS - 1),
        operation=st.sampled_from(["note_sponsor_opened", "invite_sponsor_again", "rotate_contact_link"]),
    )
    def a_contact_opens_or_is_asked_again(self, contact: int, operation: str) -> None:
        invited = list(self.model.invitations)
        self.call(operation, invited[contact % len(invited)])

    @has_batches
    @rule(
        place=PLACES,
        operation=st.sampled_from(["prepare", "prepare", "commit", "retry_batch", "cancel_batch"]),
    )
    def a_job_goes_on(self, place: int, operation: str) -> None:
        batches: list[Batch] = self.model.batches
        self.call(operation, len(batches) - 1 - place % min(2, len(batches)))

    @rule(limit=st.integers(1, 2))
    def letters_go_out(self, limit: int) -> None:
        """They may make a student's link; that is all they change here."""
        self.model.expect("deliver", limit)
        self.real.deliver(limit)
        keys = {row.stream_key: number for number, row in enumerate(self.real.students)}
        for key in PersonalLink.objects.filter(subject_key__in=list(keys)).values_list(
            "subject_key", flat=True
        ):
            student = self.model.students[keys[key]]
            student.link = student.link or Link()
        self.checks.after_call()
