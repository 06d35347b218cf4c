"""A signing batch in the sponsor's words: how far it is, what failed and why, and what it signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property

from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.signing.bulk import KIND, may_run, subject_of
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.signing.rendering import read_copies
from wagtail_cohorts.signing.signable import whole
from wagtail_cohorts.sponsors.models import SponsorContact

ENDED = (Batch.FAILED, Batch.CANCELLED)


def batches_of(cohort: Cohort, contact: SponsorContact) -> QuerySet[Batch]:
    """The contact's signing batches in this cohort, newest first."""
    return Batch.objects.filter(kind=KIND, subject_key=subject_of(cohort, contact)).order_by("-pk")


@dataclass(frozen=True)
class Failure:
    """A student whose papers could not be made ready. Changed papers must be looked at; the rest can be retried."""

    enrollment: Enrollment
    cause: str
    has_changed: bool
    documents: int


class BatchView:
    """Counts are of documents; one item of the batch is one student."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch

    @cached_property
    def items(self) -> list[BatchItem]:
        return list(self.batch.items.only("key", "state", "params", "error", "position", "batch_id"))

    def _documents(self, *states: str) -> int:
        return sum(len(item.params["agreements"]) for item in self.items if item.state in states)

    @property
    def total(self) -> int:
        return self._documents(BatchItem.PENDING, BatchItem.PREPARED, BatchItem.FAILED)

    @property
    def prepared(self) -> int:
        return self._documents(BatchItem.PREPARED)

    @property
    def failed(self) -> int:
        return self._documents(BatchItem.FAILED)

    @property
    def waiting(self) -> int:
        return self._documents(BatchItem.PENDING)

    @property
    def is_running(self) -> bool:
        return self.batch.is_open

    @property
    def is_signed(self) -> bool:
        return self.batch.state == Batch.DONE and bool(self.batch.result.get("documents"))

    @property
    def has_failed(self) -> bool:
        """Nothing of it was signed: stopped whole, or every single item failed."""
        return not self.is_running and not self.is_signed

    @property
    def is_paused(self) -> bool:
        return self.is_running and not may_run(self.batch)

    @cached_property
    def failures(self) -> list[Failure]:
        failed = [item for item in self.items if item.state == BatchItem.FAILED]
        students = {
            str(one.uuid): one for one in Enrollment.objects.filter(uuid__in=[item.key for item in failed])
        }
        changed = _changed(failed)
        found = [
            Failure(students[item.key], item.error, item.key in changed, len(item.params["agreements"]))
            for item in failed if item.key in students
        ]  # fmt: skip
        return sorted(found, key=lambda one: (one.enrollment.last_name, one.enrollment.first_name))

    @property
    def can_retry(self) -> bool:
        """Whether trying again may help: something failed for another reason than a change."""
        if self.is_running:
            return False
        return self.batch.state in ENDED or any(not one.has_changed for one in self.failures)

    def as_json(self) -> dict[str, Any]:
        return {
            "state": self.batch.state, "is_signed": self.is_signed, "is_running": self.is_running, "total": self.total,
            "prepared": self.prepared, "failed": self.failed, "waiting": self.waiting, "is_paused": self.is_paused,
        }  # fmt: skip


def _changed(failed: Iterable[BatchItem]) -> set[str]:
    """Keys of failed items whose papers are no longer those of the list."""
    frozen = {
        row["id"]: (item.key, row["fingerprint"]) for item in failed for row in item.params["agreements"]
    }
    agreements = list(whole(Agreement.objects.filter(pk__in=frozen)))
    copies = read_copies(agreements) if agreements else {}
    return {
        key for pk, (key, print_) in frozen.items() if pk not in copies or copies[pk].fingerprint != print_
    }


def number_of(batch: Batch) -> str:
    """The receipt's number: says the day, tells nothing else."""
    return f"{batch.created_at:%Y-%m%d}-{batch.uuid.hex[:8].upper()}"


def acts_of(batch: Batch) -> list[Act]:
    """What the batch signed, by student and document, with the fingerprints of the results."""
    files = [
        result[1]
        for item in batch.items.filter(state=BatchItem.PREPARED)
        for one in item.result["prepared"]
        for result in one["results"]
    ]
    acts = Act.objects.filter(result__in=files, signer_key=batch.actor_key)
    acts = acts.select_related("agreement__enrollment").prefetch_related("agreement__version")
    return sorted(acts, key=lambda act: (_name(act.agreement.enrollment), act.agreement.position, act.pk))


def _name(enrollment: Enrollment | None) -> tuple[str, str]:
    return (enrollment.last_name, enrollment.first_name) if enrollment else ("", "")
