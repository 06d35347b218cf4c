"""A student sends, and in the same moment something else happens to the papers."""

from __future__ import annotations

from tests import factories as make
from tests.reliability.races import race
from tests.reliability.races.meeting import Table
from tests.reliability.races.people import People
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.states import EnrollmentState, Verification
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.uploads.models import UploadState

SENT = 303
DONE = 302


def acts_of(student: Enrollment) -> int:
    return Act.objects.filter(agreement__enrollment=student, role_key="student").count()


@race("sign/reject", stage="filled")
def sending_meets_sending_back(table: Table, people: People, cohort: Cohort) -> None:
    student = cohort.enrollments.get()
    upload = student.uploads.get()
    sent, back = table.meet(
        people.sends(student), people.staff("reject", {"reason": "Blurred"}, uuid=upload.uuid)
    )
    student.refresh_from_db()
    upload.refresh_from_db()
    assert back == DONE
    assert upload.state == UploadState.REJECTED
    assert (student.state, student.verification) == (EnrollmentState.IN_PROGRESS, Verification.REJECTED)
    assert (sent == SENT) == (acts_of(student) == 1)


@race("double sign", stage="filled")
def sending_meets_sending(table: Table, people: People, cohort: Cohort) -> None:
    student = cohort.enrollments.get()
    press = people.sends(student)
    assert table.meet(press, press) == [SENT, SENT]
    assert acts_of(student) == 1
    assert Event.objects.filter(stream__key=student.stream_key, name="enrollment.submitted").count() == 1


@race("sign/new file", stage="filled")
def sending_meets_a_new_file(table: Table, people: People, cohort: Cohort) -> None:
    student = cohort.enrollments.get()
    photo = make.photo(table.chance.randrange(256))
    sent, _added = table.meet(people.sends(student), people.adds_file(student, photo))
    last = Event.objects.filter(stream__key=student.stream_key).order_by("-seq").first()
    assert sent == SENT
    assert last is not None and last.name == "enrollment.submitted"
    was_added = Event.objects.filter(stream__key=student.stream_key, name="upload.added").exists()
    assert student.uploads.current().count() == 1 + was_added


@race("sign/cancel", stage="filled")
def sending_meets_cancelling(table: Table, people: People, cohort: Cohort) -> None:
    student = cohort.enrollments.get()
    sent, cancelled = table.meet(
        people.sends(student), people.staff("cancel", {"reason": "No money"}, pk=cohort.pk)
    )
    student.refresh_from_db()
    cohort.refresh_from_db()
    assert (cancelled, cohort.state) == (DONE, CohortState.CANCELLED)
    assert (student.state == EnrollmentState.COMPLETE) == (sent == SENT) == (acts_of(student) == 1)


@race("sign/withdraw", stage="filled")
def sending_meets_withdrawing(table: Table, people: People, cohort: Cohort) -> None:
    student = cohort.enrollments.get()
    sent, withdrawn = table.meet(
        people.sends(student), people.staff("withdraw", {"reason": "Moved away"}, pk=student.pk)
    )
    student.refresh_from_db()
    assert (withdrawn, student.state) == (DONE, EnrollmentState.WITHDRAWN)
    assert (sent == SENT) == (acts_of(student) == 1)
