"""Bulk signing: one action signs for many; resumed after a crash, done once, nothing half done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.signing.bulk import prepare_all, sponsor_acts, start, text_of
from tests.sponsor_cohort import DAY, ready_cohort, small_agreement
from wagtail_cohorts import pdf
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import _claim_item, commit_due_batches, run_due_items
from wagtail_cohorts.batches.queries import progress_of
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.states import AgreementState
from wagtail_cohorts.evidence.models import Event, Stream
from wagtail_cohorts.evidence.verification import verify_streams
from wagtail_cohorts.exceptions import BadInput, NotAllowed
from wagtail_cohorts.signing.acts import Signer
from wagtail_cohorts.signing.asked import asked_fields
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.signing.signable import signable

pytestmark = pytest.mark.django_db


def test_one_action_signs_every_agreement_of_every_student() -> None:
    cohort, contact = ready_cohort(students=3, sources=[small_agreement(), small_agreement("Workplace plan")])
    batch = start(cohort, contact)
    run_due_items()
    batch.refresh_from_db()
    assert (batch.state, batch.result) == (Batch.DONE, {"documents": 6, "students": 3})
    assert sponsor_acts() == 6
    signed = Agreement.objects.filter(cohort=cohort, enrollment__isnull=False)
    assert set(signed.values_list("state", flat=True)) == {AgreementState.SIGNED}
    cohort.refresh_from_db()
    assert cohort.state == CohortState.INSTITUTION_REVIEW


def test_the_result_carries_the_signers_name_and_is_the_file_that_the_act_names() -> None:
    cohort, contact = ready_cohort(students=1)
    start(cohort, contact, signer=Signer("contact:x", "Nomsa Dlamini", "Director"))
    run_due_items()
    act = Act.objects.select_related("agreement__current").get(role_key="sponsor")
    assert "Nomsa Dlamini" in text_of(act.agreement)
    assert act.agreement.current is not None
    assert act.agreement.current.sha256 == act.result_sha256 != act.seen_sha256
    assert (act.signer_name, act.signer_position, act.signed_on) == ("Nomsa Dlamini", "Director", DAY)


def test_nothing_is_signed_while_copies_are_being_made() -> None:
    cohort, contact = ready_cohort(students=3)
    batch = start(cohort, contact)
    run_due_items(limit=2)
    assert progress_of(batch).prepared == 2
    assert sponsor_acts() == 0
    of_students = Agreement.objects.filter(cohort=cohort, enrollment__isnull=False)
    assert set(of_students.values_list("state", flat=True)) == {AgreementState.OPEN}


def test_a_worker_that_died_is_replaced_when_its_lease_ends() -> None:
    cohort, contact = ready_cohort(students=2)
    batch = start(cohort, contact)
    lost = _claim_item(batch.pk)  # and then the worker is killed
    assert lost is not None
    run_due_items()
    assert progress_of(batch).prepared == 1
    assert sponsor_acts() == 0
    BatchItem.objects.filter(pk=lost.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    run_due_items()
    batch.refresh_from_db()
    assert batch.result == {"documents": 2, "students": 2}
    assert BatchItem.objects.get(pk=lost.pk).tries == 2


def test_a_second_click_shows_the_same_batch_and_signs_nothing_twice() -> None:
    cohort, contact = ready_cohort(students=2)
    first, second = start(cohort, contact), start(cohort, contact)
    assert first.pk == second.pk
    assert Event.objects.filter(name="signing.started").count() == 1
    run_due_items()
    run_due_items()
    assert sponsor_acts() == 2


def test_the_database_refuses_a_second_act_of_the_same_role() -> None:
    cohort, contact = ready_cohort(students=1)
    start(cohort, contact)
    run_due_items()
    act = Act.objects.get(role_key="sponsor")
    act.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        act.save(force_insert=True)


def test_a_closed_flag_leaves_the_batch_waiting_and_opening_it_goes_on(settings: Any) -> None:
    cohort, contact = ready_cohort(students=1)
    batch = start(cohort, contact)
    institution = cohort.institution
    institution.closed_flags = ["cohorts_bulk_signing"]
    institution.save()
    assert run_due_items() == 0
    batch.refresh_from_db()
    assert batch.state == Batch.PENDING
    with pytest.raises(NotAllowed):
        start(Cohort.objects.get(pk=cohort.pk), contact)
    institution.closed_flags = []
    institution.save()
    run_due_items()
    assert sponsor_acts() == 1


def with_question(*, required: bool) -> Any:
    title, paper, fields = small_agreement()
    question = {**fields[-1], "key": "supervisor", "uuid": "00000000-0000-4000-8000-00000000abcd", "source": "",
                "read_only": False, "required": required, "y": 600_000, "label": {"en": "Supervisor"}}  # fmt: skip
    return title, paper, [*fields, question]


def test_what_the_sponsor_fills_in_once_stands_on_every_copy() -> None:
    cohort, contact = ready_cohort(students=2, sources=[with_question(required=True)])
    (asked,) = asked_fields(signable(cohort, contact))
    start(cohort, contact, answers={asked.name: "Sipho Khumalo"})
    run_due_items()
    for agreement in Agreement.objects.filter(cohort=cohort, enrollment__isnull=False).select_related(
        "current"
    ):
        assert "Sipho Khumalo" in text_of(agreement)
        assert agreement.values["sponsor"] == {"supervisor": "Sipho Khumalo"}


def test_a_question_that_must_be_answered_stops_the_start() -> None:
    cohort, contact = ready_cohort(students=1, sources=[with_question(required=True)])
    with pytest.raises(BadInput, match="Supervisor"):
        start(cohort, contact)
    assert not Batch.objects.filter(kind="sign").exists()


def test_chains_verify_after_a_bulk_commit() -> None:
    cohort, contact = ready_cohort(students=2)
    start(cohort, contact)
    run_due_items()
    for enrollment in cohort.enrollments.all():
        assert Event.objects.filter(stream__key=enrollment.stream_key, name="agreement.signed").count() == 2
    reports = verify_streams(Stream.objects.all())
    assert len(reports) >= 4
    assert not [report for report in reports if report.problem]


def test_the_number_of_queries_of_a_commit_does_not_grow_with_students(
    django_assert_max_num_queries: Any,
) -> None:
    counts = []
    for students in (2, 6):
        cohort, contact = ready_cohort(students=students, name=f"Cohort of {students}")
        batch = start(cohort, contact)
        prepare_all(batch)
        with django_assert_max_num_queries(80) as captured:
            commit_due_batches(batch_id=batch.pk)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_signed_copy_has_the_pages_of_its_template() -> None:
    cohort, contact = ready_cohort(students=1, sources=[small_agreement(pages=3)])
    start(cohort, contact)
    run_due_items()
    agreement = Agreement.objects.select_related("current").get(cohort=cohort, enrollment__isnull=False)
    assert agreement.current is not None
    assert len(pdf.page_sizes(agreement.current.read())) == 3


def test_a_default_on_the_specimen_does_not_hide_the_students_own_value() -> None:
    title, paper, fields = small_agreement()
    fields[0] = {**fields[0], "default": "To be named"}
    cohort, contact = ready_cohort(students=1, sources=[(title, paper, fields)])
    start(cohort, contact)
    run_due_items()
    agreement = Agreement.objects.select_related("current", "enrollment").get(
        cohort=cohort, enrollment__isnull=False
    )
    assert agreement.enrollment is not None
    assert agreement.enrollment.full_name in text_of(agreement)
    assert "To be named" not in text_of(agreement)
