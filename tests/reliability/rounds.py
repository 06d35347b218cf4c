"""What is pressed when the web process dies: by whom, what must come of it, and what the page must say. Imported when
Django is set up."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from typing import Any

from django.conf import settings
from django.db import close_old_connections

from tests import factories as make
from tests.reliability.scene import Sponsor, Staff, Student
from tests.reliability.web import Answer
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.completion.verification import verify_everything
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.evidence.models import Delivery
from wagtail_cohorts.signing.models import Act


class SponsorSigns:
    """All of a cohort's agreements in one press."""

    task = "run_batches"

    def __init__(self, url: str, *, students: int) -> None:
        self.cohort = make.ready(students=students)
        self.person, self.students = Sponsor(url, self.cohort), students

    def get_ready(self) -> Answer:
        return self.person.enter()

    def press(self, form: Answer) -> Answer:
        return self.person.press(form)

    def look(self) -> Answer:
        answer = self.person.progress()
        self.saw = answer.text
        return answer

    def done_at(self) -> datetime | None:
        return _finished(self.cohort, "sign", CohortState.INSTITUTION_REVIEW)

    def problems(self) -> list[str]:
        batches = Batch.objects.filter(kind="sign", params__cohort=self.cohort.pk).count()
        acts = Act.objects.filter(agreement__cohort=self.cohort, role_key="sponsor").count()
        found = [] if (batches, acts) == (1, self.students) else [f"{batches} batches with {acts} acts"]
        return found if "Fingerprint" in self.saw or "receipt" in self.saw else [*found, "no receipt"]


class StudentSends:
    """The last step; the mail that it was received follows from it."""

    task = "run_deliveries"

    def __init__(self, url: str, *, students: int) -> None:
        self.enrollment = make.filled(make.invited(make.enrolling()))
        self.person = Student(url, self.enrollment)

    def get_ready(self) -> Answer:
        self.person.enter()
        self.person.sign()
        return self.person.browser.get(self.person.page("review"))

    def press(self, form: Answer) -> Answer:
        return self.person.send(form)

    def look(self) -> Answer:
        answer = self.person.status()
        self.saw = answer.text
        return answer

    def done_at(self) -> datetime | None:
        close_old_connections()
        mails = Delivery.objects.filter(event__stream__key=self.enrollment.stream_key, state=Delivery.DONE)
        return mails.filter(consumer="mail.received").values_list("done_at", flat=True).first()

    def problems(self) -> list[str]:
        self.enrollment.refresh_from_db()
        is_sent = self.enrollment.state == EnrollmentState.COMPLETE
        acts = Act.objects.filter(agreement__enrollment=self.enrollment, role_key="student").count()
        found = [] if is_sent and acts == 1 else [f"sent {is_sent} with {acts} acts"]
        return found if "You signed" in self.saw else [*found, "the status does not say so"]


class StaffFinalizes:
    """Everything is sealed and the cohort is closed."""

    task = "run_batches"

    def __init__(self, url: str, *, students: int) -> None:
        self.cohort = make.sponsor_signed(students=max(1, students // 4))
        self.person = Staff(url, self.cohort)

    def get_ready(self) -> Answer:
        return self.person.enter()

    def press(self, form: Answer) -> Answer:
        return self.person.finalize()

    def look(self) -> Answer:
        batch = Batch.objects.filter(kind="finalize", params__cohort=self.cohort.pk).latest("pk")
        return self.person.browser.get(f"/admin/cohorts/work/{batch.uuid}/")

    def done_at(self) -> datetime | None:
        return _finished(self.cohort, "finalize", CohortState.COMPLETED)

    def problems(self) -> list[str]:
        batches = Batch.objects.filter(kind="finalize", params__cohort=self.cohort.pk).count()
        return [] if batches == 1 else [f"{batches} batches"]


def _finished(cohort: Cohort, kind: str, state: str) -> datetime | None:
    """When the batch was done; only if the cohort has moved on with it."""
    close_old_connections()
    cohort.refresh_from_db()
    batches = Batch.objects.filter(kind=kind, params__cohort=cohort.pk)
    return batches.latest("pk").finished_at if cohort.state == state else None


def count() -> dict[str, Any]:
    """Nothing is owed, no mail went twice, and everything verifies."""
    report = verify_everything()
    letters = [message_from_bytes(path.read_bytes()) for path in settings.EMAIL_FILE_PATH.glob("*")]
    names = [letter["Message-ID"] for letter in letters]
    return {
        "owed": Delivery.objects.exclude(state=Delivery.DONE).count(),
        "mails": len(names),
        "mails_twice": len(names) - len(set(names)),
        "problems": [str(problem) for problem in report.problems[:5]],
    }
