"""Bulk signing: what changed meanwhile is left out and listed, and tried again alone."""

from __future__ import annotations

import pytest

from tests.signing.bulk import prepare_all, sponsor_acts, start
from tests.sponsor_cohort import alter, ready_cohort
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import commit_due_batches, retry_batch, run_due_items
from wagtail_cohorts.batches.queries import failed_items
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.exceptions import Changed
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.signing.signable import fingerprints_of, list_fingerprint, signable
from wagtail_cohorts.sponsors.models import SponsorContact

pytestmark = pytest.mark.django_db


def test_a_student_who_changed_after_the_list_was_fixed_is_left_out_and_listed() -> None:
    cohort, contact = ready_cohort(students=3)
    batch = start(cohort, contact)
    changed = cohort.enrollments.order_by("pk").first()
    assert changed is not None
    alter(changed, "Married-Name")
    run_due_items()
    (failed,) = failed_items(batch)
    assert failed.key == str(changed.uuid)
    assert "has changed" in failed.error
    assert sponsor_acts() == 2
    assert not Act.objects.filter(role_key="sponsor", agreement__enrollment=changed).exists()


def test_a_student_who_changed_after_their_copy_was_made_is_left_out_and_listed() -> None:
    cohort, contact = ready_cohort(students=2)
    batch = start(cohort, contact)
    prepare_all(batch)
    withdrawn = cohort.enrollments.order_by("pk").first()
    assert withdrawn is not None
    withdraw(withdrawn, reason="Found work", actor=SYSTEM_ACTOR)
    commit_due_batches(batch_id=batch.pk)
    (failed,) = failed_items(batch)
    assert failed.key == str(withdrawn.uuid)
    assert Act.objects.filter(role_key="sponsor").exclude(agreement__enrollment=withdrawn).count() == 1
    assert not Act.objects.filter(role_key="sponsor", agreement__enrollment=withdrawn).exists()


def tried_again() -> tuple[Cohort, Batch]:
    """A batch in which one of two students failed, and came through when the failed ones were tried again."""
    cohort, contact = ready_cohort(students=2)
    batch = start(cohort, contact)
    student = cohort.enrollments.order_by("pk").first()
    assert student is not None
    alter(student, "Other")
    run_due_items()
    alter(student, "")
    retry_batch(Batch.objects.get(pk=batch.pk), actor=SYSTEM_ACTOR)
    run_due_items()
    batch.refresh_from_db()
    return cohort, batch


def test_what_failed_can_be_tried_again_alone() -> None:
    cohort, batch = tried_again()
    assert batch.state == Batch.DONE
    assert not failed_items(batch)
    assert sponsor_acts() == 2
    cohort.refresh_from_db()
    assert cohort.state == CohortState.INSTITUTION_REVIEW


def test_the_receipt_counts_everything_that_a_retried_batch_signed() -> None:
    _cohort, batch = tried_again()
    assert batch.result == {"documents": 2, "students": 2}


def test_a_list_that_changed_since_it_was_shown_is_refused_whole() -> None:
    cohort, contact = ready_cohort(students=2)
    shown = list_fingerprint(fingerprints_of(signable(cohort, contact)))
    alter(Enrollment.objects.filter(cohort=cohort)[0], "New")
    with pytest.raises(Changed):
        start(cohort, contact, expected=shown)
    assert not Batch.objects.filter(kind="sign").exists()
    now = list_fingerprint(fingerprints_of(signable(cohort, contact)))
    assert start(cohort, contact, expected=now).state == Batch.PENDING


def test_the_list_fingerprint_is_bound_to_the_chosen_students() -> None:
    cohort, contact = ready_cohort(students=3)
    everything = signable(cohort, contact)
    some = dict(list(everything.items())[:2])
    assert list_fingerprint(fingerprints_of(everything)) != list_fingerprint(fingerprints_of(some))


def test_whoever_is_no_longer_named_signs_nothing_more() -> None:
    cohort, contact = ready_cohort(students=2)
    batch = start(cohort, contact)
    prepare_all(batch)
    other = SponsorContact.objects.create(sponsor=contact.sponsor, name="Zola", email="zola@example.com")
    cohort.parties.update(contact=other)
    run_due_items(batch_id=batch.pk)
    assert sponsor_acts() == 0
    assert len(failed_items(batch)) == 2
    cohort.parties.update(contact=contact)
    retry_batch(batch, actor=SYSTEM_ACTOR)
    run_due_items(batch_id=batch.pk)
    assert sponsor_acts() == 2
