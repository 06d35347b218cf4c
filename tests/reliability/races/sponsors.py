"""The sponsor signs for all, and in the same moment a student leaves or starts again, or the cohort steps back; and the
sponsor is reminded."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

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
from wagtail_cohorts.evidence.models import Delivery, Event
from wagtail_cohorts.notifications.models import SponsorReminder
from wagtail_cohorts.notifications.sponsor_reminders import run_due_sponsor_reminders
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


@race("reset/bulk", stage="ready")
def starting_again_meets_bulk_signing(table: Table, people: People, cohort: Cohort) -> None:
    again, staying = cohort.enrollments.order_by("pk")
    batch = make.start_signing(cohort)
    _worked, reset = table.meet(
        lambda: run_due_items(batch_id=batch.pk),
        people.staff("reset", {"reason": "The wrong person", "documents": "keep"}, pk=again.pk),
    )
    run_due_items(batch_id=batch.pk)
    again.refresh_from_db()
    agreement = again.agreements.get()
    assert reset == DONE and again.state == "waiting"
    assert (agreement.state, agreement.revision, agreement.current) == (AgreementState.OPEN, 2, None)
    assert not Act.objects.filter(agreement=agreement, revision=2).exists()
    batch.refresh_from_db()
    assert has_sponsors_act(staying) == (batch.state == Batch.DONE)


@race("two sweeps", stage="ready")
def two_sweeps_send_one_reminder(table: Table, people: People, cohort: Cohort) -> None:
    _invited_days_ago(cohort, 4)
    table.meet(sweep_all, sweep_all)
    _one_reminder(cohort)


@race("remind/sweep", stage="ready")
def a_reminder_by_hand_meets_the_sweep(table: Table, people: People, cohort: Cohort) -> None:
    _invited_days_ago(cohort, 4)
    _swept, answer = table.meet(sweep_all, people.staff("remind_sponsor", pk=cohort.pk))
    assert answer in (DONE, 200)  # 200: the page says that a mail went out already
    _one_reminder(cohort)


def sweep_all() -> int:
    """Also past the cohorts of the rounds before."""
    return run_due_sponsor_reminders(limit=10_000)


def _invited_days_ago(cohort: Cohort, days: int) -> None:
    then = timezone.now() - timedelta(days=days)
    cohort.sponsor_invitations.update(invited_at=then, remind_check_at=None)
    Cohort.objects.filter(pk=cohort.pk).update(state_since=then)


def _one_reminder(cohort: Cohort) -> None:
    reminder = SponsorReminder.objects.get(invitation__cohort=cohort)
    told = Event.objects.filter(stream__key=cohort.stream_key, name="sponsor.reminded")
    assert reminder.number == 1 and list(told) == [reminder.event]
    assert Delivery.objects.filter(event=reminder.event).count() == 1
