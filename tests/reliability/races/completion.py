"""The institution signs or finalizes, twice at once, or while a decision about a document is taken back."""

from __future__ import annotations

from tests.reliability.races import race
from tests.reliability.races.meeting import Table
from tests.reliability.races.people import People
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.completion.finalizing import latest_batch, start_finalizing
from wagtail_cohorts.enrollments.states import AgreementState
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.uploads.models import Upload, UploadState

DONE = 302


@race("finalize/upload", stage="signed")
def finalizing_meets_a_decision_taken_back(table: Table, people: People, cohort: Cohort) -> None:
    upload = Upload.objects.get(enrollment__cohort=cohort)
    batch = start_finalizing(cohort, actor=people.world.actor)
    table.meet(lambda: run_due_items(batch_id=batch.pk), people.staff("undo", uuid=upload.uuid))
    run_due_items(batch_id=batch.pk)
    for row in (cohort, upload, batch):
        row.refresh_from_db()
    is_done = cohort.state == CohortState.COMPLETED
    agreement = cohort.agreements.get(enrollment=upload.enrollment)
    assert is_done == (upload.state == UploadState.APPROVED) == (batch.state == Batch.DONE)
    assert is_done == (agreement.state == AgreementState.SEALED)
    assert is_done or cohort.state == CohortState.SPONSOR_REVIEW


@race("double finalize", stage="signed")
def two_presses_of_finalize_are_one_job_and_one_seal(table: Table, people: People, cohort: Cohort) -> None:
    presses = [people.staff("finalize", pk=cohort.pk, seat=seat) for seat in (0, 1)]
    assert table.meet(*presses) == [DONE, DONE]
    batch = Batch.objects.get(kind="finalize", subject_key=cohort.stream_key)
    assert latest_batch(cohort) == batch
    run_due_items(batch_id=batch.pk)
    cohort.refresh_from_db()
    assert cohort.state == CohortState.COMPLETED
    assert Event.objects.filter(stream__key=cohort.stream_key, name="cohort.completed").count() == 1


@race("institution signs twice", stage="opened")
def signing_for_the_institution_meets_itself(table: Table, people: People, cohort: Cohort) -> None:
    answers = table.meet(*(people.institution_signs(cohort, seat=seat) for seat in (0, 1)))
    cohort.refresh_from_db()
    assert sorted(answers) == [200, DONE]  # one goes on, one reads that it was done already
    assert cohort.state == CohortState.ENROLLING
    assert Act.objects.filter(agreement__cohort=cohort).count() == 1
