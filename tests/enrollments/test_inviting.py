"""Inviting many students in one batch: each once, and each alone when something is in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests import factories as make
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.enrollments.importing import start_inviting
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import invite_student
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import Incomplete

pytestmark = pytest.mark.django_db


def _invite(cohort: Any, enrollments: list[Enrollment]) -> Batch:
    return start_inviting(cohort, enrollments, actor=make.actor_of(cohort.institution))


def test_a_batch_invites_each_student_once() -> None:
    cohort = make.enrolling()
    students = [make.enrollment(cohort) for _ in range(3)]
    batch = _invite(cohort, students)
    run_due_items(batch_id=batch.pk)
    batch.refresh_from_db()
    assert batch.state == Batch.DONE
    assert cohort.enrollments.exclude(invited_at=None).count() == 3
    assert Event.objects.filter(name="enrollment.invited").count() == 3


def test_an_item_done_twice_sends_once() -> None:
    cohort = make.enrolling()
    batch = _invite(cohort, [make.enrollment(cohort)])
    run_due_items(batch_id=batch.pk)
    Batch.objects.filter(pk=batch.pk).update(state=Batch.RUNNING)
    BatchItem.objects.filter(batch=batch).update(state=BatchItem.PENDING)
    run_due_items(batch_id=batch.pk)
    assert Event.objects.filter(name="enrollment.invited").count() == 1


def test_a_second_click_finds_the_first_batch_and_another_choice_makes_its_own() -> None:
    cohort = make.enrolling()
    first, second = make.enrollment(cohort), make.enrollment(cohort)
    assert _invite(cohort, [first, second]).pk == _invite(cohort, [second, first]).pk
    assert _invite(cohort, [first]).pk != _invite(cohort, [second]).pk


def test_a_later_batch_invites_again_with_a_new_link() -> None:
    cohort = make.enrolling()
    student = make.enrollment(cohort)
    invite_student(student, actor=make.actor_of(cohort.institution))
    Enrollment.objects.update(invited_at=timezone.now() - timedelta(days=1))
    run_due_items(batch_id=_invite(cohort, [student]).pk)
    assert Event.objects.filter(name="enrollment.invited").count() == 2


def test_a_student_who_left_meanwhile_fails_alone() -> None:
    cohort = make.enrolling()
    stays, leaves = make.enrollment(cohort), make.enrollment(cohort)
    batch = _invite(cohort, [stays, leaves])
    Enrollment.objects.filter(pk=leaves.pk).update(state="withdrawn")
    run_due_items(batch_id=batch.pk)
    assert {item.key: item.state for item in batch.items.all()} == {
        str(stays.uuid): BatchItem.PREPARED, str(leaves.uuid): BatchItem.FAILED
    }  # fmt: skip


def test_nobody_to_invite_is_said() -> None:
    cohort = make.enrolling()
    with pytest.raises(Incomplete):
        _invite(cohort, [make.enrollment(cohort, email="")])


def test_invitations_wait_while_students_pages_are_closed() -> None:
    cohort = make.enrolling()
    batch = _invite(cohort, [make.enrollment(cohort)])
    cohort.institution.closed_flags = ["cohorts_student_pages"]
    cohort.institution.save()
    assert run_due_items(batch_id=batch.pk) == 0
    assert not Event.objects.filter(name="enrollment.invited").exists()
