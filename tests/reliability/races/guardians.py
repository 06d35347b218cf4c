"""A minor's guardian signs, twice at once, or while staff send the student's document back or the student leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests import factories as make
from tests.reliability.races import race
from tests.reliability.races.meeting import REFUSED, Table
from tests.reliability.races.people import People
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.enrollments.states import EnrollmentState, Verification
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.signing.cosigning import agreements_for_guardian, guardian_signer, sign_as_guardian
from wagtail_cohorts.signing.models import Act

DONE = 302


def signs(people: People, student: Enrollment) -> Callable[[], Any]:
    """The guardian's press, with what the page showed."""
    guardian = Guardian.objects.get(enrollment=student)
    signer = guardian_signer(guardian)
    shown = {
        str(one.uuid): make.shown_sha(one, keys, signer) for one, keys in agreements_for_guardian(student)
    }
    return lambda: sign_as_guardian(
        guardian, mark=people.world.mark, day=make.DAY, shown=shown, actor=make.guardian_actor(guardian)
    )


def acts_of(student: Enrollment) -> int:
    return Act.objects.filter(agreement__enrollment=student, role_key="guardian").count()


@race("guardian signs/reject", stage="guardian asked")
def a_guardian_signs_while_a_document_is_sent_back(table: Table, people: People, cohort: Cohort) -> None:
    student = cohort.enrollments.get()
    upload = student.uploads.get()
    signed, back = table.meet(
        signs(people, student), people.staff("reject", {"reason": "Blurred"}, uuid=upload.uuid)
    )
    student.refresh_from_db()
    assert (signed != REFUSED, back, acts_of(student)) == (True, DONE, 1)
    assert (student.state, student.verification) == (EnrollmentState.IN_PROGRESS, Verification.REJECTED)
    assert not student.waits_for_guardian


@race("guardian signs/withdraw", stage="guardian asked")
def a_guardian_signs_while_the_student_leaves(table: Table, people: People, cohort: Cohort) -> None:
    student = cohort.enrollments.get()
    signed, withdrawn = table.meet(
        signs(people, student), people.staff("withdraw", {"reason": "Moved away"}, pk=student.pk)
    )
    student.refresh_from_db()
    assert (withdrawn, student.state) == (DONE, EnrollmentState.WITHDRAWN)
    told = Event.objects.filter(stream__key=student.stream_key, name="guardian.signed").count()
    assert acts_of(student) == told <= (signed != REFUSED)


@race("guardian signs twice", stage="guardian asked")
def a_guardian_signs_twice_at_once(table: Table, people: People, cohort: Cohort) -> None:
    student = cohort.enrollments.get()
    press = signs(people, student)
    assert REFUSED not in table.meet(press, press)
    assert acts_of(student) == 1
    assert Event.objects.filter(stream__key=student.stream_key, name="guardian.signed").count() == 1
