"""The calls of students, their guardians, and staff about them, on the real thing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests import factories as make
from tests.reliability.life.things import Key
from tests.reliability.life.world import DAY, World, answer_key, mark_of
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.cohorts import operations as cohorts
from wagtail_cohorts.cohorts.models import Cohort, CohortParty, CohortTemplate, RequiredDocument
from wagtail_cohorts.enrollments import guardians, leaving
from wagtail_cohorts.enrollments import operations as enrollments
from wagtail_cohorts.enrollments.models import Agreement, Enrollment, Guardian
from wagtail_cohorts.evidence.canonical import sha256_hex
from wagtail_cohorts.links.operations import rotate_link
from wagtail_cohorts.signing.acts import shown_bytes
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.cosigning import agreements_for_guardian, guardian_signer, sign_as_guardian
from wagtail_cohorts.signing.resetting import reset_student
from wagtail_cohorts.signing.submission import agreements_to_sign, student_signer, submit
from wagtail_cohorts.uploads import operations as uploads
from wagtail_cohorts.uploads.models import Upload


class RealPeople:
    def __init__(
        self, world: World, *, chosen: tuple[int, ...], documents: list[bool], parties: dict[str, int]
    ) -> None:
        self.world, self.staff = world, world.staff
        self.students: list[Enrollment] = []
        self.uploads: list[list[Upload]] = []
        self.batches: list[Batch] = []
        self.guardians: dict[int, Guardian] = {}
        self.cohort = Cohort(
            institution=world.institution, programme=world.programme, sponsor=world.sponsor, name="Cohort",
            deadline=date.today() + timedelta(days=20),
        )  # fmt: skip
        cohorts.create_cohort(self.cohort, actor=self.staff)
        for place, template in enumerate(chosen):
            CohortTemplate.objects.create(
                cohort=self.cohort, template=world.templates[template], position=place
            )
        self.documents = [
            RequiredDocument.objects.create(
                cohort=self.cohort, name={"en": f"Document {place}"}, is_required=required, position=place
            )
            for place, required in enumerate(documents)
        ]
        for role, contact in parties.items():
            CohortParty.objects.create(cohort=self.cohort, role_key=role, contact=world.contacts[contact])

    # What pages know

    def agreement(self, key: Key, subject: str) -> Agreement:
        template, number = key
        return Agreement.objects.get(
            cohort=self.cohort, subject_key=subject, version__number=number,
            version__template=self.world.templates[template],
        )  # fmt: skip

    def student_actor(self, number: int) -> Actor:
        return Actor("student", self.students[number].stream_key, name="A student", ip="127.0.0.1")

    def guardian_actor(self, number: int) -> Actor:
        return Actor("guardian", self.guardians[number].signer_key, name="A guardian", ip="127.0.0.1")

    def _shown(self, agreement: Agreement, roles: list[str], signer: Any) -> str:
        return sha256_hex(shown_bytes(agreement, roles, day=DAY, signer=signer)[1])

    # Students

    def add_student(self, name: str, email: str, is_minor: bool) -> None:
        number = len(self.students)
        raw = {"first_name": name and f"{number}{name}", "last_name": "Student", "email": email}
        raw["birth_date"] = _birth_date(is_minor)
        self.students.append(enrollments.add_student(self.cohort, raw, actor=self.staff))
        self.uploads.append([])

    def invite_student(self, number: int) -> None:
        enrollments.invite_student(self.students[number], actor=self.staff)

    def print_link(self, number: int) -> None:
        enrollments.link_of(self.students[number])

    def rotate_student_link(self, number: int) -> None:
        rotate_link(enrollments.link_of(self.students[number]))

    def change_student(self, number: int, name: str, email: str, is_minor: bool | None) -> None:
        raw = {"first_name": name and f"{number}{name}", "email": email}
        if is_minor is not None:
            raw["birth_date"] = _birth_date(is_minor)
        enrollments.change_student(self.students[number], raw, actor=self.staff)

    def confirm_details(self, number: int) -> None:
        raw = {"last_name": "Student", "city": "Durban"}
        enrollments.confirm_details(self.students[number], raw, actor=self.student_actor(number))

    def save_answers(self, number: int, key: Key) -> None:
        agreement = self.agreement(key, str(self.students[number].uuid))
        raw = {answer_key("student"): "14 Umgeni Street"}
        save_answers(agreement, "student", raw, actor=self.student_actor(number))

    def submit(self, number: int, has_mark: bool, is_shown: bool) -> None:
        student = Enrollment.objects.get(pk=self.students[number].pk)
        signer = student_signer(student)
        shown = {
            str(one.uuid): self._shown(one, [role], signer)
            for one, role in agreements_to_sign(student)
            if is_shown and student.details_confirmed_at
        }
        mark = mark_of(self.world.institution, student.stream_key) if has_mark else None
        submit(student, mark=mark, day=DAY, shown=shown, actor=self.student_actor(number))

    def withdraw(self, number: int, reason: str) -> None:
        leaving.withdraw(self.students[number], reason=reason, actor=self.staff)

    def decline(self, number: int, reason: str) -> None:
        leaving.decline(self.students[number], reason=reason, actor=self.student_actor(number))

    def readmit(self, number: int, reason: str) -> None:
        leaving.readmit(self.students[number], reason=reason, actor=self.staff)

    def reset_student(self, number: int, reason: str, keeps_documents: bool) -> None:
        reset_student(self.students[number], reason=reason, keep_documents=keeps_documents, actor=self.staff)

    # A minor's guardian

    def name_guardian(self, number: int, by_staff: bool, name: str, email: str) -> None:
        raw = {"name": name, "relation": "mother", "email": email, "phone": "" if email else "0821234567"}
        actor = self.staff if by_staff else self.student_actor(number)
        self.guardians[number] = guardians.name_guardian(self.students[number], raw, actor=actor)

    def sign_as_guardian(self, number: int, is_shown: bool) -> None:
        guardian, student = self.guardians[number], Enrollment.objects.get(pk=self.students[number].pk)
        signer = guardian_signer(guardian)
        shown = {
            str(one.uuid): self._shown(one, roles, signer)
            for one, roles in agreements_for_guardian(student)
            if is_shown
        }
        mark = mark_of(self.world.institution, guardian.signer_key)
        sign_as_guardian(guardian, mark=mark, day=DAY, shown=shown, actor=self.guardian_actor(number))

    def refuse_as_guardian(self, number: int, reason: str) -> None:
        actor = self.guardian_actor(number)
        guardians.refuse_as_guardian(self.guardians[number], reason=reason, actor=actor)

    def ask_guardian_again(self, number: int) -> None:
        guardians.ask_guardian_again(self.guardians[number], actor=self.staff)

    def revoke_guardian_link(self, number: int) -> None:
        guardians.revoke_guardian_link(self.guardians[number], actor=self.staff)

    # Documents

    def add_upload(self, number: int, document: int, is_file: bool) -> None:
        data = make.small_pdf(1, words="Certificate") if is_file else b"not a file"
        made = uploads.add_upload(
            self.students[number], self.documents[document], data=data, name="a.pdf",
            actor=self.student_actor(number),
        )  # fmt: skip
        self.uploads[number].append(made)

    def remove_upload(self, number: int, place: int) -> None:
        uploads.remove_upload(self.uploads[number][place], actor=self.student_actor(number))

    def approve_upload(self, number: int, place: int) -> None:
        uploads.approve_upload(self.uploads[number][place], actor=self.staff)

    def reject_upload(self, number: int, place: int, reason: str) -> None:
        uploads.reject_upload(self.uploads[number][place], reason=reason, actor=self.staff)

    def undo_decision(self, number: int, place: int) -> None:
        uploads.undo_decision(self.uploads[number][place], actor=self.staff)


def _birth_date(is_minor: bool) -> str:
    return f"{date.today().year - (14 if is_minor else 30)}-01-01"
