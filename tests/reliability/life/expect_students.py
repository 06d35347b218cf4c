"""What is expected of the operations on students, their documents and their signatures."""

from __future__ import annotations

from tests.reliability.life.expect_cohort import CohortSide
from tests.reliability.life.tables import AT_WORK, BEFORE, CLOSED, WORKING, move
from tests.reliability.life.things import CURRENT, Key, Link, Student, Upload

LEFT = ("withdrawn", "declined")


class StudentSide(CohortSide):
    def tell_of(self, student: Student, name: str) -> None:
        self.tell(f"student {self.students.index(student)}", name)

    def shift(self, student: Student, name: str, target: str, event: str) -> None:
        self.moved.append(move(name, student.state, target))
        student.state = target
        self.tell_of(student, event)

    def start(self, student: Student) -> None:
        if student.state == "waiting":
            self.shift(student, "start", "in_progress", "enrollment.started")

    def is_known(self, email: str, *, but: Student | None = None) -> bool:
        return bool(email) and any(one.email == email for one in self.students if one is not but)

    def add_student(self, name: str, email: str, is_minor: bool) -> None:
        self.refuse(not name and "no name")
        self.refuse_in(*CLOSED)
        self.refuse(self.is_known(email) and "known address")
        student = Student(email, is_minor)
        self.students.append(student)
        self.make_agreements(student)
        self.tell_of(student, "enrollment.added")

    def invite_student(self, number: int) -> None:
        """Again with a new link; after the end only those who were invited get their copies."""
        student = self.students[number]
        wants_copies = self.state == "completed" and student.is_invited
        self.refuse(self.state not in WORKING and not wants_copies and self.state)
        self.refuse(not student.is_active and student.state)
        self.refuse(not student.email and "no address")
        if student.link is None:
            student.link = Link()
        elif student.is_invited or student.link.is_revoked:
            student.link.rotate()
        student.is_invited = True
        self.tell_of(student, "enrollment.invited")

    def print_link(self, number: int) -> None:
        student = self.students[number]
        student.link = student.link or Link()

    def rotate_student_link(self, number: int) -> None:
        self.print_link(number)
        link = self.students[number].link
        assert link is not None
        link.rotate()

    def change_student(self, number: int, name: str, email: str, is_minor: bool | None) -> None:
        """``name`` empty is refused; a new address kills the old link of whoever was invited; another date of birth
        decides again whether a guardian signs."""
        student = self.students[number]
        self.refuse(not name and "no name")
        self.refuse(not student.is_active and student.state)
        guardian = student.guardian
        self.refuse(bool(email and guardian and guardian.email == email) and "guardian's address")
        self.refuse(self.is_known(email, but=student) and "known address")
        if email != student.email and student.is_invited:
            assert student.link is not None
            student.link.rotate()
        student.email = email
        if is_minor is None:
            self.tell_of(student, "enrollment.changed")
            return
        student.is_minor = is_minor
        self.tell_of(student, "enrollment.changed")
        for agreement in student.agreements.values():
            agreement.decide_again()
        if student.state == "complete" and self.note_wait(student):
            self.tell_of(student, "guardian.decided")
            self.ask_guardian(student)

    def note_wait(self, student: Student) -> bool:
        """Whether a guardian still signs something; returns whether that is new."""
        before, student.waits_for_guardian = student.waits_for_guardian, bool(student.guardian_turns())
        return before != student.waits_for_guardian

    def ask_guardian(self, student: Student) -> None:
        """By the system, once for each revision of an agreement."""
        guardian, wanted = student.guardian, {(one.key, one.revision) for one in student.guardian_turns()}
        if guardian is None or wanted <= guardian.asked_for:
            return
        guardian.link = guardian.link or Link()
        guardian.was_asked, guardian.asked_for = True, guardian.asked_for | wanted
        self.tell_of(student, "guardian.asked")

    def refuse_at_rest(self, student: Student) -> None:
        self.refuse_in(*BEFORE, *CLOSED)
        self.refuse(student.state in AT_WORK and student.state)

    def confirm_details(self, number: int) -> None:
        student = self.students[number]
        self.refuse_at_rest(student)
        self.refuse(student.has_signed and "signed")
        self.start(student)
        student.has_details = True
        self.tell_of(student, "enrollment.details_given")

    def save_answers(self, number: int, key: Key) -> None:
        student = self.students[number]
        agreement = student.agreements[key]
        self.refuse_at_rest(student)
        self.refuse("student" in agreement.acts and "signed")
        self.start(student)
        agreement.answers.add("student")

    def add_upload(self, number: int, document: int, is_file: bool) -> None:
        student = self.students[number]
        own = [one for one in student.uploads if one.document == document]
        self.refuse(not is_file and "no file")
        self.refuse_at_rest(student)
        self.refuse(any(one.state == "approved" for one in own) and "approved")
        self.start(student)
        for one in own:
            if one.state == "rejected":
                one.state = "replaced"
        student.uploads.append(Upload(document))
        self.tell_of(student, "upload.added")

    def remove_upload(self, number: int, place: int) -> None:
        student = self.students[number]
        upload = student.uploads[place]
        self.refuse_at_rest(student)
        self.refuse(upload.state not in ("pending", "rejected") and upload.state)
        upload.state = "removed"
        self.tell_of(student, "upload.removed")

    def _refuse_decision(self, student: Student, upload: Upload, *, expected: str) -> None:
        self.refuse(
            self.state in CLOSED and self.state,
            student.state in LEFT and student.state,
            upload.state != expected and upload.state,
        )

    def approve_upload(self, number: int, place: int) -> None:
        student = self.students[number]
        self._refuse_decision(student, student.uploads[place], expected="pending")
        student.uploads[place].state = "approved"
        self.tell_of(student, "upload.approved")
        self.verify(student)

    def reject_upload(self, number: int, place: int, reason: str) -> None:
        student = self.students[number]
        self.refuse(not reason and "no reason")
        self._refuse_decision(student, student.uploads[place], expected="pending")
        student.uploads[place].state = "rejected"
        self.tell_of(student, "upload.rejected")
        self.set_verification(student, "rejected")
        if student.state == "complete":
            self.shift(student, "send_back", "in_progress", "enrollment.sent_back")

    def undo_decision(self, number: int, place: int) -> None:
        student = self.students[number]
        self._refuse_decision(student, student.uploads[place], expected="approved")
        student.uploads[place].state = "pending"
        self.tell_of(student, "upload.decision_undone")
        self.verify(student)

    def verify(self, student: Student) -> None:
        states = [one.state for one in student.uploads if one.state in CURRENT]
        is_whole = student.state == "complete" and not student.missing(self.documents)
        if "rejected" in states:
            self.set_verification(student, "rejected")
        elif "pending" in states or not is_whole:
            self.set_verification(student, "pending")
        else:
            self.set_verification(student, "verified")

    def set_verification(self, student: Student, verification: str) -> None:
        if student.verification == verification:
            return
        student.verification = verification
        is_verified = verification == "verified"
        self.tell_of(student, "enrollment.verified" if is_verified else "enrollment.unverified")

    def submit(self, number: int, has_mark: bool, is_shown: bool) -> None:
        """A second press changes nothing. What is missing is said before anything else."""
        student = self.students[number]
        if student.state == "complete":
            return
        to_sign = student.to_sign()
        self.refuse(
            not student.has_details and "details missing",
            student.guardian is None and student.asks_guardian and "guardian missing",
            bool(student.missing(self.documents)) and "document missing",
            any(one.lacks_answer("student") for one in to_sign) and "answer missing",
        )
        self.refuse(bool(to_sign) and not has_mark and "signature missing")
        self.refuse(bool(to_sign) and not is_shown and "shown otherwise")
        self.refuse(student.state in LEFT and student.state)
        self.refuse_but(*WORKING)
        for agreement in to_sign:
            agreement.act("student", "student")
            self.tell_of(student, "agreement.signed")
        self.note_wait(student)
        self.shift(student, "submit", "complete", "enrollment.submitted")
        self.ask_guardian(student)
        self.verify(student)

    def withdraw(self, number: int, reason: str) -> None:
        student = self.students[number]
        self._refuse_leaving(student, *LEFT, reason=reason)
        if student.link is not None:
            student.link.revoke()
        self.shift(student, "withdraw", "withdrawn", "enrollment.withdrawn")

    def decline(self, number: int, reason: str) -> None:
        student = self.students[number]
        self._refuse_leaving(student, "complete", *LEFT, reason=reason)
        self.shift(student, "decline", "declined", "enrollment.declined")

    def _refuse_leaving(self, student: Student, *states: str, reason: str) -> None:
        self.refuse_in("completed")
        self.refuse(student.state in states and student.state)
        self.refuse(not reason and "no reason")

    def readmit(self, number: int, reason: str) -> None:
        """Back in progress with what was done; whoever was verified is verified again after sending."""
        student = self.students[number]
        self.refuse_in(*CLOSED)
        self.refuse(student.is_active and student.state)
        self.refuse(not reason and "no reason")
        self.make_agreements(student)
        self.shift(student, "readmit", "in_progress", "enrollment.readmitted")
        if student.verification == "verified":
            self.set_verification(student, "pending")

    def reset_student(self, number: int, reason: str, keeps_documents: bool) -> None:
        """To the start again: what was signed counts no longer, by a new revision of each signed agreement."""
        student = self.students[number]
        self.refuse_but(*WORKING)
        self.refuse(student.state not in ("in_progress", "complete") and student.state)
        self.refuse(not reason and "no reason")
        for agreement in student.agreements.values():
            agreement.reset()
        for upload in student.uploads:
            if upload.state in CURRENT and not keeps_documents:
                upload.state = "replaced"
        student.has_details = False
        self.note_wait(student)
        self.shift(student, "reset", "waiting", "enrollment.reset")
        self.verify(student)
