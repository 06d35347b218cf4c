"""Finalizing: real PDFs are sealed, all of them or none."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import factories as make
from tests.completion.finalizing import run, start, trusted
from tests.private_files import overwrite
from wagtail_cohorts import pdf
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import cancel_batch, retry_batch, run_due_items
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.completion.finalizing import finalize_problems
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.operations import change_student
from wagtail_cohorts.evidence.models import Event, Stream
from wagtail_cohorts.exceptions import Incomplete, NotAllowed

pytestmark = pytest.mark.django_db


def _prepare_only(batch: Batch) -> None:
    """Every item is prepared; nothing is committed, as when the worker stops just before."""
    Batch.objects.filter(pk=batch.pk).update(state=Batch.RUNNING)
    from wagtail_cohorts.completion.sealing import seal_student

    for item in batch.items.all():
        BatchItem.objects.filter(pk=item.pk).update(state=BatchItem.PREPARED, result=seal_student(item))


def test_finalizing_completes_the_cohort_and_seals_every_agreement() -> None:
    cohort = make.sponsor_signed(students=2)
    batch = run(start(cohort))
    cohort.refresh_from_db()
    assert (batch.state, batch.error) == (Batch.DONE, "")
    assert batch.result == {"students": 2, "documents": 2}
    assert cohort.state == CohortState.COMPLETED
    agreements = Agreement.objects.filter(cohort=cohort, enrollment__isnull=False)
    assert {one.state for one in agreements} == {"sealed"}
    for one in agreements:
        assert one.sealed is not None and one.current is not None
        assert one.sealed.read().startswith(one.current.read())
        report = pdf.verify(one.sealed.read(), trusted(cohort))[0]
        assert (report.intact, report.whole_file, report.trusted, report.problem) == (True, True, True, "")


def test_the_cohorts_last_event_carries_the_heads_of_all_students_also_of_those_who_left() -> None:
    cohort = make.ready(students=3)
    leaves = cohort.enrollments.last()
    withdraw(leaves, reason="moved away", actor=make.actor_of(cohort.institution))
    run_due_items(batch_id=make.start_signing(cohort).pk)
    cohort.refresh_from_db()
    run(start(cohort))
    heads = Event.objects.get(name="cohort.completed").data["data"]["heads"]
    assert heads == {
        str(one.uuid): Stream.objects.get(key=one.stream_key).head_hash for one in cohort.enrollments.all()
    }
    assert len(heads) == 3
    assert CompletionRecord.objects.count() == 2


def test_each_student_has_events_of_the_seal_and_of_completion() -> None:
    cohort = make.completed(students=2)
    for student in cohort.enrollments.all():
        names = list(
            Event.objects.filter(stream__key=student.stream_key)
            .order_by("seq")
            .values_list("name", flat=True)
        )
        assert names[-2:] == ["agreement.sealed", "enrollment.completed"]
        done = Event.objects.get(stream__key=student.stream_key, name="enrollment.completed").data["data"]
        assert done["certificate"] == student.completion.certificate.sha256


def test_poppler_accepts_every_sealed_file(tmp_path: Path) -> None:
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig is not installed")
    cohort = make.completed(students=1)
    student = cohort.enrollments.get()
    for stored in (student.agreements.get().sealed, student.completion.certificate):
        path = tmp_path / "sealed.pdf"
        path.write_bytes(stored.read())
        told = subprocess.run(
            ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
        ).stdout
        assert "Signature is Valid." in told
        assert "Total document signed" in told


def test_the_key_is_loaded_once_a_batch_whatever_the_number_of_students(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cohort = make.sponsor_signed(students=3)
    made: list[Any] = []
    original = pdf.Sealer.__init__

    def counted(self: Any, credentials: Any) -> None:
        made.append(credentials)
        original(self, credentials)

    monkeypatch.setattr(pdf.Sealer, "__init__", counted)
    assert run(start(cohort)).state == Batch.DONE
    assert len(made) == 1


def test_too_early_is_said_and_nothing_happens() -> None:
    cohort = make.ready(students=1)
    with pytest.raises(Incomplete):
        start(cohort)
    assert not Batch.objects.filter(kind="finalize").exists()


def test_a_signature_that_is_missing_is_named() -> None:
    cohort = make.sponsor_signed(students=2)
    assert finalize_problems(cohort) == []
    agreement = Agreement.objects.filter(enrollment__isnull=False).first()
    assert agreement is not None and agreement.enrollment is not None
    agreement.acts.filter(role_key="sponsor").update(role_key="other")
    problems = finalize_problems(cohort)
    assert len(problems) == 1
    assert agreement.enrollment.full_name in problems[0]


def test_a_second_click_finds_the_first_batch_and_starts_nothing_twice() -> None:
    cohort = make.sponsor_signed(students=1)
    assert start(cohort).pk == start(cohort).pk
    assert Event.objects.filter(name="cohort.finalizing_started").count() == 1


def test_an_item_done_twice_leaves_one_result() -> None:
    cohort = make.sponsor_signed(students=1)
    batch = start(cohort)
    _prepare_only(batch)
    BatchItem.objects.filter(batch=batch).update(state=BatchItem.PENDING)
    assert run(batch).state == Batch.DONE
    assert CompletionRecord.objects.count() == 1


def test_a_student_who_leaves_meanwhile_stops_the_commit() -> None:
    cohort = make.sponsor_signed(students=2)
    batch = start(cohort)
    _prepare_only(batch)
    withdraw(cohort.enrollments.first(), reason="left", actor=make.actor_of(cohort.institution))
    run(batch)
    cohort.refresh_from_db()
    assert batch.state == Batch.FAILED
    assert "Nothing was changed" in batch.error
    assert cohort.state == CohortState.INSTITUTION_REVIEW
    assert not CompletionRecord.objects.exists()
    assert not Agreement.objects.exclude(sealed=None).exists()


def test_a_student_who_changes_meanwhile_stops_the_commit_and_a_new_one_works() -> None:
    cohort = make.sponsor_signed(students=1)
    batch = start(cohort)
    _prepare_only(batch)
    student = cohort.enrollments.get()
    change_student(student, {"city": "Durban"}, actor=make.actor_of(cohort.institution))
    assert run(batch).state == Batch.FAILED
    assert student.full_name in batch.error
    assert run(start(cohort)).state == Batch.DONE


def test_a_file_that_was_tampered_with_is_never_sealed() -> None:
    cohort = make.sponsor_signed(students=2)
    agreement = Agreement.objects.filter(enrollment__isnull=False).first()
    assert agreement is not None and agreement.current is not None
    whole = bytearray(agreement.current.read())
    whole[len(whole) // 2] ^= 1
    overwrite(agreement.current.path, bytes(whole))
    batch = run(start(cohort))
    assert batch.state == Batch.FAILED
    failed = batch.items.get(state=BatchItem.FAILED)
    assert agreement.title in failed.error
    assert not CompletionRecord.objects.exists()


def test_a_failed_batch_is_retried_alone() -> None:
    cohort = make.sponsor_signed(students=2)
    agreement = Agreement.objects.filter(enrollment__isnull=False).first()
    assert agreement is not None and agreement.current is not None
    whole = agreement.current.read()
    overwrite(agreement.current.path, whole[:-1])
    batch = run(start(cohort))
    assert batch.items.filter(state=BatchItem.PREPARED).count() == 1
    overwrite(agreement.current.path, whole)
    retry_batch(batch, actor=make.actor_of(cohort.institution))
    assert run(batch).state == Batch.DONE


def test_a_cancelled_batch_changes_nothing_and_can_be_begun_again() -> None:
    cohort = make.sponsor_signed(students=1)
    batch = start(cohort)
    cancel_batch(batch, actor=make.actor_of(cohort.institution))
    assert run_due_items(batch_id=batch.pk) == 0
    assert start(cohort).pk != batch.pk


def test_a_closed_feature_refuses_and_lets_a_begun_batch_wait() -> None:
    cohort = make.sponsor_signed(students=1)
    batch = start(cohort)
    cohort.institution.closed_flags = ["cohorts"]
    cohort.institution.save()
    assert run_due_items(batch_id=batch.pk) == 0
    with pytest.raises(NotAllowed):
        start(cohort)
