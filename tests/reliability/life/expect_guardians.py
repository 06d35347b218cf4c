"""What is expected of the operations on the guardian of a student who is a minor."""

from __future__ import annotations

from tests.reliability.life.expect_students import LEFT, StudentSide
from tests.reliability.life.tables import BEFORE, CLOSED, WORKING
from tests.reliability.life.things import Guardian, Link


class GuardianSide(StudentSide):
    def name_guardian(self, number: int, by_staff: bool, name: str, email: str) -> None:
        """The student may until the guardian was asked; another name is another person."""
        student = self.students[number]
        guardian = student.guardian
        self.refuse(not name and "no name")
        self.refuse(bool(email) and email == student.email and "shared address")
        self.refuse(student.state in LEFT and student.state, self.state in CLOSED and self.state)
        if not by_staff:
            self.refuse_in(*BEFORE)
            self.refuse(
                student.state == "complete" and student.state,
                guardian is not None and guardian.was_asked and "asked already",
            )
        if guardian is None:
            student.guardian = Guardian(name, email)
            self.tell_of(student, "guardian.named")
        elif (guardian.name, guardian.email) != (name, email):
            self._correct(guardian, name, email)
            self.tell_of(student, "guardian.changed")

    def _correct(self, guardian: Guardian, name: str, email: str) -> None:
        if name != guardian.name:
            guardian.person, guardian.link = guardian.person + 1, None
            guardian.was_asked, guardian.asked_for = False, set()
        elif guardian.link is not None:
            guardian.link.rotate()
        guardian.name, guardian.email = name, email

    def sign_as_guardian(self, number: int, is_shown: bool) -> None:
        """All that waits for the guardian; nothing waits once the student left, and a second press changes nothing."""
        student = self.students[number]
        turns = student.guardian_turns() if student.is_active else []
        if not turns:
            return
        self.refuse(not is_shown and "shown otherwise")
        self.refuse_but(*WORKING)
        assert student.guardian is not None
        for agreement in turns:
            agreement.act("guardian", "guardian")
            self.tell_of(student, "agreement.signed")
        self.note_wait(student)
        self.tell_of(student, "guardian.signed")

    def refuse_as_guardian(self, number: int, reason: str) -> None:
        """The student leaves, as after the student's own no."""
        student = self.students[number]
        self.refuse_but(*WORKING)
        self.refuse(not student.guardian_turns() and "nothing waits")
        self.refuse(student.state in LEFT and student.state)
        self.refuse(not reason and "no reason")
        assert student.guardian is not None
        student.guardian.asked_for = set()
        self.tell_of(student, "guardian.declined")
        self.shift(student, "refuse", "declined", "enrollment.declined")

    def ask_guardian_again(self, number: int) -> None:
        """With a new link; after the end for the copies."""
        student = self.students[number]
        guardian = student.guardian
        assert guardian is not None
        waits = student.state == "complete" and student.waits_for_guardian
        self.refuse(
            student.state in LEFT and student.state,
            not (waits or guardian.was_asked) and "not asked yet",
            self.state not in (*WORKING, "completed") and self.state,
        )
        self.refuse(not guardian.email and "no address")
        if guardian.link is not None:
            guardian.link.rotate()
        guardian.link = guardian.link or Link()
        guardian.was_asked = True
        guardian.asked_for |= {(one.key, one.revision) for one in student.guardian_turns()}
        self.tell_of(student, "guardian.asked")

    def revoke_guardian_link(self, number: int) -> None:
        student = self.students[number]
        assert student.guardian is not None
        student.guardian.link = student.guardian.link or Link()
        student.guardian.link.revoke()
        self.tell_of(student, "guardian.link_revoked")
