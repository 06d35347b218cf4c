"""The rows that the programs make, watch and count. Imported when Django is set up."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import OperationalError, close_old_connections

from tests.sponsor_cohort import DAY, ready_cohort, real_sources
from wagtail_cohorts.actors import SPONSOR, Actor
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.completion.verification import verify_everything
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.states import AgreementState
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.signing.bulk import start_bulk_signing
from wagtail_cohorts.signing.marks import make_mark
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.signing.rendering import Signer

ROLE = "sponsor"


def ready_batch(students: int) -> Batch:
    """A cohort at the sponsor, and a signing batch of all its students, due."""
    cohort, contact = ready_cohort(students=students, sources=real_sources())
    run_due_deliveries(limit=10_000)
    key = f"contact:{contact.uuid}"
    mark = make_mark(institution_id=cohort.institution_id, owner_key=key, typed_name=contact.name)
    uuids = [str(uuid) for uuid in cohort.enrollments.values_list("uuid", flat=True)]
    return start_bulk_signing(
        cohort, contact, enrollments=uuids, mark=mark, signer=Signer(key, contact.name, contact.position), day=DAY,
        actor=Actor(SPONSOR, key, name=contact.name),
    )  # fmt: skip


def total(batch: Batch) -> int:
    return batch.total


def is_open(batch: Batch) -> bool:
    close_old_connections()
    try:
        return Batch.objects.filter(pk=batch.pk, state__in=Batch.OPEN).exists()
    except OperationalError:  # a killed writer's lock is being cleared
        return True


def finished(batch: Batch) -> int:
    return batch.items.exclude(state=BatchItem.PENDING).count()


def count(batch: Batch) -> dict[str, Any]:
    """Every agreement once, every act with its event once, every chain whole, every file what its hash says."""
    batch.refresh_from_db()
    cohort_id = batch.params["cohort"]
    agreements = Agreement.objects.filter(cohort=cohort_id, enrollment__isnull=False)
    acts = Counter(
        Act.objects.filter(agreement__in=agreements, role_key=ROLE).values_list("agreement", flat=True)
    )
    events = Counter(
        event.data["data"]["agreement"]
        for event in Event.objects.filter(name="agreement.signed")
        if event.data["data"]["role"] == ROLE
    )
    signed = agreements.filter(state=AgreementState.SIGNED).count()
    report = verify_everything()
    cohort = batch.institution.cohorts.get(pk=cohort_id)
    return {
        "documents": agreements.count(),
        "signed": signed,
        "lost": agreements.count() - len(acts),
        "doubled": sum(n - 1 for n in acts.values()) + sum(n - 1 for n in events.values()),
        "events": sum(events.values()),
        "chain_valid": not report.problems and sum(events.values()) == len(acts) == signed,
        "problems": [str(problem) for problem in report.problems[:5]],
        "batch": batch.state,
        "cohort_moved_on": cohort.state == CohortState.INSTITUTION_REVIEW,
        "items_taken_again": batch.items.filter(tries__gt=1).count(),
    }
