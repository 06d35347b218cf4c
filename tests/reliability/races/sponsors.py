"""The sponsor signs for all, and in the same moment a student leaves or the cohort steps back."""

from __future__ import annotations

from tests import factories as make
from tests.reliability.races import race
from tests.reliability.races.meeting import Table
from tests.reliability.races.people import People
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.states import AgreementState
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.signing.signable import signable

PROGRESS = 303
DONE = 302


def has_sponsors_act(student: Enrollment) -> bool:
    return Act.objects.filter(agreement__enrollment=student, role_key="sponsor").exists()


@race("withdraw/bulk", stage="ready")
def withdrawing_meets_bulk_signing(table: Table, people: People, cohort: Cohort) -> None:
    leaving, staying = cohort.enrollments.order_by("pk")
    batch = make.start_signing(cohort)
    _worked, withdrawn = table.meet(
        lambda: run_due_items(batch_id=batch.pk),
        people.staff("withdraw", {"reason": "Moved away"}, pk=leaving.pk),
    )
    run_due_items(batch_id=batch.pk)  # what another's lock held up is done by the next worker
    cohort.refresh_from_db()
    batch.refresh_from_db()
    assert withdrawn == DONE
    assert (batch.state, cohort.state) == (Batch.DONE, CohortState.INSTITUTION_REVIEW)
    assert has_sponsors_act(staying)
    signed = leaving.agreements.get().state == AgreementState.SIGNED
    assert signed == has_sponsors_act(leaving)
    assert batch.result["students"] == (2 if signed else 1)


@race("step back/bulk", stage="ready")
def stepping_back_meets_bulk_signing(table: Table, people: People, cohort: Cohort) -> None:
    batch = make.start_signing(cohort)
    table.meet(
        lambda: run_due_items(batch_id=batch.pk),
        people.staff("step_back", {"reason": "A mistake"}, pk=cohort.pk),
    )
    run_due_items(batch_id=batch.pk)
    cohort.refresh_from_db()
    batch.refresh_from_db()
    signed = {has_sponsors_act(one) for one in cohort.enrollments.all()}
    assert len(signed) == 1
    is_signed = signed.pop()
    assert (batch.state == Batch.DONE) == is_signed
    assert cohort.state == (CohortState.SPONSOR_REVIEW if is_signed else CohortState.ENROLLING)


@race("two sponsors' clicks", stage="ready")
def two_presses_of_the_sponsor_are_one_job(table: Table, people: People, cohort: Cohort) -> None:
    press = people.sponsor_signs(cohort)
    assert table.meet(press, press) == [PROGRESS, PROGRESS]
    batch = Batch.objects.get(kind="sign", params__cohort=cohort.pk)
    assert batch.total == 2
    assert Event.objects.filter(stream__key=cohort.stream_key, name="signing.started").count() == 1


@race("two workers", stage="ready")
def two_workers_sign_each_student_once(table: Table, people: People, cohort: Cohort) -> None:
    batch = make.start_signing(cohort)
    work = lambda: run_due_items(batch_id=batch.pk)  # noqa: E731
    table.meet(work, work)
    run_due_items(batch_id=batch.pk)
    cohort.refresh_from_db()
    assert cohort.state == CohortState.INSTITUTION_REVIEW
    acts = Act.objects.filter(agreement__cohort=cohort, role_key="sponsor")
    assert acts.count() == 2 and not signable(cohort, people.world.contact)
    assert Event.objects.filter(stream__key=cohort.stream_key, name="signing.completed").count() == 1
