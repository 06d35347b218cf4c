"""Two people at the same moment, on a database server: one order or the other came true, and nothing in between.

RACES says how often each pair meets (8). Whatever is not a refusal in words fails the test.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.portal.journey import Visitor
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort, SponsorInvitation
from wagtail_cohorts.cohorts.operations import cancel_cohort, open_cohort, step_back
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.completion.finalizing import start_finalizing
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import add_student, invite_student, link_of, withdraw
from wagtail_cohorts.enrollments.states import AgreementState, EnrollmentState, Verification
from wagtail_cohorts.evidence.models import Event, Stream
from wagtail_cohorts.evidence.verification import verify_streams
from wagtail_cohorts.exceptions import CohortsError
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import token_of
from wagtail_cohorts.signing.marks import make_mark
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.signing.submission import submit
from wagtail_cohorts.uploads.models import UploadState
from wagtail_cohorts.uploads.operations import add_upload, approve_upload, reject_upload, undo_decision

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
RACES = int(os.environ.get("RACES", "8"))
S = CohortState
REFUSED = "refused"
chance = random.Random(20261124)


@pytest.fixture(autouse=True)
def server() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("these races are run on PostgreSQL only so far")
    create_flags()


def meet(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned, or REFUSED; begun together, a few milliseconds apart. Any other error is raised."""
    together, waits = Barrier(len(acts)), [chance.uniform(0, 0.01) for _act in acts]

    def one(act: Callable[[], Any], wait: float) -> Any:
        try:
            together.wait()
            time.sleep(wait)
            return act()
        except CohortsError:
            return REFUSED
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts, waits))


def check_evidence() -> None:
    """All chains verify, and each act has exactly one event."""
    assert not [report.problem for report in verify_streams(Stream.objects.all()) if report.problem]
    assert Act.objects.count() == Event.objects.filter(name="agreement.signed").count()


def sending(student: Enrollment) -> Callable[[], Any]:
    """The student's press on "Sign and send", with what the review page showed."""
    mark = make_mark(
        institution_id=student.institution_id, owner_key=student.stream_key, typed_name=student.full_name
    )
    shown, actor = make.shown_to_student(student), make.student_actor(student)
    return lambda: submit(student, mark=mark, day=make.DAY, shown=shown, actor=actor)


def signed_by_sponsor(student: Enrollment) -> bool:
    return Act.objects.filter(agreement__enrollment=student, role_key="sponsor").exists()


def test_sending_meets_sending_back() -> None:
    cohort = make.enrolling()
    staff = make.actor_of(cohort.institution)
    for _ in range(RACES):
        student = make.filled(make.invited(cohort))
        upload = student.uploads.get()
        sent, _back = meet(
            sending(student), lambda upload=upload: reject_upload(upload, reason="Blurred", actor=staff)
        )
        student.refresh_from_db()
        upload.refresh_from_db()
        assert upload.state == UploadState.REJECTED
        assert (student.state, student.verification) == (EnrollmentState.IN_PROGRESS, Verification.REJECTED)
        assert (sent is not REFUSED) == Act.objects.filter(agreement__enrollment=student).exists()
    check_evidence()


def test_sending_meets_sending() -> None:
    cohort = make.enrolling()
    for _ in range(RACES):
        student = make.filled(make.invited(cohort))
        press = sending(student)
        assert REFUSED not in meet(press, press)
        assert Act.objects.filter(agreement__enrollment=student).count() == 1
        events = Event.objects.filter(stream__key=student.stream_key, name="enrollment.submitted")
        assert events.count() == 1
    check_evidence()


def test_sending_meets_a_new_file() -> None:
    cohort = make.enrolling()
    document = cohort.required_documents.get()
    for number in range(RACES):
        student = make.filled(make.invited(cohort))
        actor, data = make.student_actor(student), make.photo(number)
        _sent, added = meet(
            sending(student),
            lambda: add_upload(student, document, data=data, name="id.jpg", actor=actor),  # noqa: B023
        )
        last = Event.objects.filter(stream__key=student.stream_key).order_by("-seq").first()
        assert last is not None and last.name == "enrollment.submitted"
        assert student.uploads.current().count() == (1 if added is REFUSED else 2)
    check_evidence()


def test_sending_meets_cancelling() -> None:
    institution = make.institution()
    staff, version = make.actor_of(institution), make.published(institution)
    for _ in range(RACES):
        cohort = make.enrolling(institution, versions=[version])
        student = make.filled(make.invited(cohort))
        sent, cancelled = meet(
            sending(student), lambda cohort=cohort: cancel_cohort(cohort, reason="No money", actor=staff)
        )
        student.refresh_from_db()
        assert cancelled is not REFUSED
        assert (student.state == EnrollmentState.COMPLETE) == (sent is not REFUSED)
    check_evidence()


def test_the_last_two_students_bring_one_invitation() -> None:
    institution = make.institution()
    staff, version = make.actor_of(institution), make.published(institution)
    for _ in range(RACES):
        cohort = make.enrolling(institution, versions=[version])
        one, two = [make.submitted(cohort).uploads.get() for _ in range(2)]
        meet(lambda: approve_upload(one, actor=staff), lambda: approve_upload(two, actor=staff))  # noqa: B023
        cohort.refresh_from_db()
        assert cohort.state == S.READY_FOR_SPONSOR
        assert SponsorInvitation.objects.filter(cohort=cohort).count() == 1
        assert Event.objects.filter(stream__key=cohort.stream_key, name="sponsor.invited").count() == 1
    check_evidence()


def test_two_cohorts_that_invite_one_person_make_one_link() -> None:
    institution = make.institution()
    staff, version = make.actor_of(institution), make.published(institution)
    for _ in range(RACES):
        contact = make.sponsor(institution)
        cohorts = [make.enrolling(institution, versions=[version], contact=contact) for _ in range(2)]
        one, two = [make.submitted(cohort).uploads.get() for cohort in cohorts]
        meet(lambda: approve_upload(one, actor=staff), lambda: approve_upload(two, actor=staff))  # noqa: B023
        assert PersonalLink.objects.filter(subject_key=f"contact:{contact.uuid}").count() == 1
        states = Cohort.objects.filter(pk__in=[cohort.pk for cohort in cohorts]).values_list(
            "state", flat=True
        )
        assert set(states) == {S.READY_FOR_SPONSOR}
    check_evidence()


def test_a_new_student_meets_the_gate() -> None:
    institution = make.institution()
    staff, version = make.actor_of(institution), make.published(institution)
    for number in range(RACES):
        cohort = make.enrolling(institution, versions=[version])
        last = make.submitted(cohort).uploads.get()
        new = {"first_name": "Late", "last_name": "Comer", "email": f"late{number}@example.com"}
        meet(
            lambda: approve_upload(last, actor=staff),  # noqa: B023
            lambda: add_student(cohort, new, actor=staff),  # noqa: B023
        )
        cohort.refresh_from_db()
        assert cohort.state == S.ENROLLING
    check_evidence()


def test_withdrawing_meets_bulk_signing() -> None:
    institution = make.institution()
    staff, version = make.actor_of(institution), make.published(institution)
    for _ in range(RACES):
        cohort = make.ready(of=institution, versions=[version])
        leaving, staying = cohort.enrollments.order_by("pk")
        batch = make.start_signing(cohort)
        meet(
            lambda: run_due_items(batch_id=batch.pk),  # noqa: B023
            lambda: withdraw(leaving, reason="Moved away", actor=staff),  # noqa: B023
        )
        cohort.refresh_from_db()
        batch.refresh_from_db()
        assert (batch.state, cohort.state) == (Batch.DONE, S.INSTITUTION_REVIEW)
        assert signed_by_sponsor(staying)
        signed = leaving.agreements.get().state == AgreementState.SIGNED
        assert signed == signed_by_sponsor(leaving)
        assert batch.result["students"] == (2 if signed else 1)
    check_evidence()


def test_stepping_back_meets_bulk_signing() -> None:
    institution = make.institution()
    staff, version = make.actor_of(institution), make.published(institution)
    for _ in range(RACES):
        cohort = make.ready(of=institution, versions=[version])
        batch = make.start_signing(cohort)
        meet(
            lambda: run_due_items(batch_id=batch.pk),  # noqa: B023
            lambda: step_back(cohort, reason="A mistake", actor=staff),  # noqa: B023
        )
        cohort.refresh_from_db()
        batch.refresh_from_db()
        signed = [signed_by_sponsor(one) for one in cohort.enrollments.all()]
        assert len(set(signed)) == 1
        assert (batch.state == Batch.DONE) == signed[0]
        assert cohort.state == (S.SPONSOR_REVIEW if signed[0] else S.ENROLLING)
    check_evidence()


def test_two_presses_of_the_sponsor_are_one_job() -> None:
    cohort = make.ready()
    for _ in range(RACES):
        one, two = meet(lambda: make.start_signing(cohort), lambda: make.start_signing(cohort))
        assert one.pk == two.pk
        Batch.objects.filter(pk=one.pk).update(state=Batch.CANCELLED, active_key=None)
    check_evidence()


def test_finalizing_meets_a_decision_taken_back() -> None:
    institution = make.institution()
    staff, version = make.actor_of(institution), make.published(institution)
    for _ in range(max(3, RACES // 3)):
        cohort = make.sponsor_signed(of=institution, versions=[version], students=1)
        student = cohort.enrollments.get()
        upload = student.uploads.get()
        batch = start_finalizing(cohort, actor=staff)
        pause = chance.uniform(0, 0.4)
        meet(
            lambda: run_due_items(batch_id=batch.pk),  # noqa: B023
            lambda: (time.sleep(pause), undo_decision(upload, actor=staff)),  # noqa: B023
        )
        for row in (cohort, student, upload, batch):
            row.refresh_from_db()
        is_done = cohort.state == S.COMPLETED
        assert is_done == (upload.state == UploadState.APPROVED) == (batch.state == Batch.DONE)
        assert is_done == (student.agreements.get().state == AgreementState.SEALED)
        assert cohort.state in (S.COMPLETED, S.SPONSOR_REVIEW)
    check_evidence()


def test_two_presses_of_finalize_are_one_job_and_one_seal() -> None:
    institution = make.institution()
    staff, version = make.actor_of(institution), make.published(institution)
    for _ in range(max(3, RACES // 10)):
        cohort = make.sponsor_signed(of=institution, versions=[version], students=1)
        press = lambda: start_finalizing(cohort, actor=staff)  # noqa: B023, E731
        one, two = meet(press, press)
        assert one.pk == two.pk
        meet(lambda: run_due_items(batch_id=one.pk), lambda: run_due_items(batch_id=one.pk))  # noqa: B023
        run_due_items(batch_id=one.pk)
        assert Event.objects.filter(stream__key=cohort.stream_key, name="cohort.completed").count() == 1
    check_evidence()


def test_signing_for_the_institution_meets_itself() -> None:
    institution = make.institution()
    staff, version = make.actor_of(institution), make.published(institution)
    for _ in range(RACES):
        cohort = open_cohort(make.cohort(institution, versions=[version]), actor=staff)
        answers = meet(lambda: make.sign_institution(cohort), lambda: make.sign_institution(cohort))  # noqa: B023
        assert answers.count(REFUSED) == 1
        assert Act.objects.filter(agreement__cohort=cohort).count() == 1
    check_evidence()


def test_opening_a_link_meets_a_new_one() -> None:
    cohort = make.enrolling()
    staff = make.actor_of(cohort.institution)
    for _ in range(RACES):
        visitor, late = Visitor(make.invited(cohort)), Client(raise_request_exception=False)
        answers = meet(
            lambda: late.get(visitor.entry).status_code,  # noqa: B023
            lambda: invite_student(visitor.enrollment, actor=staff),  # noqa: B023
            lambda: visitor.get("welcome").status_code,  # noqa: B023
        )
        assert answers[0] in (303, 404) and answers[2] in (200, 303, 404)
        for old in (visitor.client, late):
            assert old.get(visitor.url("welcome")).status_code == 404
        link = PersonalLink.objects.get(pk=visitor.link.pk)
        new = Client()
        new.get(reverse("wagtail_cohorts:open_link", kwargs={"token": token_of(link)}))
        assert new.get(visitor.url("welcome")).status_code == 200
    check_evidence()


def test_asking_for_a_link_the_first_time_meets_itself() -> None:
    cohort = make.enrolling()
    for _ in range(RACES):
        student = make.enrollment(cohort)
        one, two = meet(lambda: link_of(student), lambda: link_of(student))  # noqa: B023
        assert one.pk == two.pk
