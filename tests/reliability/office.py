"""A day at the office while a server is away: students, sponsors and staff go on. Imported when Django is set up."""

from __future__ import annotations

import time
from typing import Any

from django.db import OperationalError, close_old_connections

from tests import factories as make
from tests.reliability import cohort as rows
from tests.reliability.scene import Sponsor, Staff, Student
from tests.reliability.web import Answer
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.evidence.models import Delivery
from wagtail_cohorts.uploads.models import Upload, UploadState

STUDENTS_AT_WORK, SAVES = 3, 4


class Office:
    """One cohort is being signed by its sponsor; another sponsor, students and staff work while a server is away."""

    def __init__(self, *, students: int) -> None:
        self.signed, self.second = make.ready(students=students), make.ready(students=4)
        self.filling = make.enrolling()
        self.filled = [make.filled(make.invited(self.filling)) for _each in range(STUDENTS_AT_WORK)]
        self.sent = [make.submitted(self.filling) for _each in range(STUDENTS_AT_WORK)]
        self.untrue: list[str] = []
        self.answers: dict[str, list[Answer]] = {}

    def enter(self, url: str) -> None:
        """Everybody has the page open at which he or she will press."""
        self.first, self.other = Sponsor(url, self.signed), Sponsor(url, self.second)
        self.students = [Student(url, one) for one in self.filled]
        self.staff = Staff(url, self.filling)
        self.form = self.first.enter()
        self.other_form = self.other.enter()
        self.staff.enter()
        for one in self.students:
            one.enter()

    def begin(self) -> None:
        self.first.press(self.form)
        self.batch = _batch_of(self.signed)

    def wait_for_items(self, count: int) -> None:
        ends = time.monotonic() + 120
        while rows.finished(self.batch) < count and time.monotonic() < ends:
            time.sleep(0.05)

    def look(self) -> int:
        """The status that the first sponsor's progress page has now."""
        return self.first.progress().status

    def items_done(self) -> int:
        """Less than none while the database is away."""
        close_old_connections()
        try:
            return rows.finished(self.batch)
        except OperationalError:
            return -1

    def is_signed(self) -> bool:
        return not rows.is_open(self.batch)

    def work(self) -> None:
        """Every action is one that a person waits for."""
        self._queued("sponsor_press", self.other.press(self.other_form))
        for one in self.students:
            for _each in range(SAVES):
                self._note("student_save", one.save())
            self._note("student_sign", one.sign())
            self._true("student_send", one.send(), "You signed")
        for enrollment in self.sent:
            for upload in Upload.objects.filter(enrollment=enrollment):
                self._note("staff_approve", self.staff.approve(upload))
        self._queued("sponsor_look", self.other.progress())

    def _note(self, action: str, answer: Answer) -> None:
        self.answers.setdefault(action, []).append(answer)

    def _true(self, action: str, answer: Answer, words: str) -> None:
        self._note(action, answer)
        if answer.status < 400 and words not in answer.text:
            self.untrue.append(f"{action}: the page does not say “{words}”")

    def _queued(self, action: str, answer: Answer) -> None:
        """Either it says that the order was received and how much is to go, or everything is signed indeed."""
        self._note(action, answer)
        is_signed = _batch_of(self.second).state == Batch.DONE
        says_queued = "Order received" in answer.text and "to go" in answer.text
        if answer.status < 400 and not says_queued and not is_signed:
            self.untrue.append(f"{action}: the page does not say that it is queued")

    def wait(self, seconds: float) -> bool:
        """Until nothing is owed: both batches ended and every mail went."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if self._is_done():
                return True
            time.sleep(0.1)
        return False

    def _is_done(self) -> bool:
        close_old_connections()
        try:
            open_ones = Batch.objects.filter(state__in=Batch.OPEN).exists()
            return not open_ones and not Delivery.objects.filter(state=Delivery.PENDING).exists()
        except OperationalError:
            return False

    def report(self) -> dict[str, Any]:
        """Longest answers by action, what was refused, and the rows."""
        counts = [rows.count(_batch_of(one)) for one in (self.signed, self.second)]
        longest = {
            name: round(max(answer.seconds for answer in found), 2) for name, found in self.answers.items()
        }
        refused = [
            f"{name}: {answer.status}"
            for name, found in self.answers.items() for answer in found if answer.status >= 400
        ]  # fmt: skip
        return {
            "documents": sum(one["documents"] for one in counts),
            "signed": sum(one["signed"] for one in counts),
            "lost": sum(one["lost"] for one in counts) + self._lost_steps(),
            "doubled": sum(one["doubled"] for one in counts),
            "failed_mails": Delivery.objects.filter(state=Delivery.FAILED).count(),
            "problems": counts[0]["problems"],
            "answers": sum(len(found) for found in self.answers.values()),
            "refused": refused,
            "untrue": self.untrue,
            "longest_answer_seconds": max(longest.values()),
            "longest_answer_seconds_of": longest,
            "items_failed": BatchItem.objects.filter(state=BatchItem.FAILED).count(),
        }

    def _lost_steps(self) -> int:
        """What people did and is not there."""
        pks = [one.pk for one in self.filled]
        unsent = Enrollment.objects.filter(pk__in=pks).exclude(state=EnrollmentState.COMPLETE)
        given = Upload.objects.filter(enrollment__in=[one.pk for one in self.sent])
        return unsent.count() + given.exclude(state=UploadState.APPROVED).count()


def _batch_of(cohort: Cohort) -> Batch:
    close_old_connections()
    return Batch.objects.filter(kind="sign", params__cohort=cohort.pk).latest("pk")
