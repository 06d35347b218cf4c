"""Whose events make up a history, which chains they stand in, and whether those verify."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import cached_property

from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.evidence.models import Event, Stream
from wagtail_cohorts.evidence.verification import ChainReport, verify_streams

AT_ONCE = 5000
"""So many events are verified while the page is made; more of them on request only."""


@dataclass(frozen=True)
class Verified:
    """What was checked, when, and what came of it. ``heads`` are the chains' last hashes."""

    at: datetime
    reports: list[ChainReport]
    head: str

    @property
    def events(self) -> int:
        return sum(report.events for report in self.reports)

    @property
    def erased(self) -> int:
        return sum(report.erased for report in self.reports)

    @property
    def problems(self) -> list[ChainReport]:
        return [report for report in self.reports if report.problem]


class Trail:
    """The events of one subject, newest first."""

    def __init__(self, subject: Cohort | Enrollment | Agreement) -> None:
        self.subject = subject

    @cached_property
    def stream_key(self) -> str:
        """The subject's own chain; an agreement's events stand in its student's, a specimen's in the cohort's."""
        if isinstance(self.subject, Agreement):
            return (self.subject.enrollment or self.subject.cohort).stream_key
        return self.subject.stream_key

    def students(self) -> QuerySet[Enrollment]:
        """Whose names a search finds."""
        if isinstance(self.subject, Cohort):
            return Enrollment.objects.filter(cohort=self.subject)
        student = self.subject if isinstance(self.subject, Enrollment) else self.subject.enrollment
        return Enrollment.objects.filter(pk__in=[student.pk] if student else [])

    @cached_property
    def streams(self) -> QuerySet[Stream]:
        keys = [self.stream_key]
        if isinstance(self.subject, Cohort):
            uuids = self.subject.enrollments.order_by().values_list("uuid", flat=True)
            keys += [f"enrollment:{uuid}" for uuid in uuids]
        elif isinstance(self.subject, Agreement):
            keys.append(self.subject.cohort.stream_key)
        return Stream.objects.filter(key__in=keys)

    def events(self) -> QuerySet[Event]:
        found = Event.objects.filter(stream__in=self.streams.values("pk")).select_related("stream")
        if isinstance(self.subject, Agreement):
            found = found.filter(self._about(self.subject))
        return found.order_by("-pk")

    def _about(self, agreement: Agreement) -> Q:
        """The agreement's own, and the institution's act on the specimen that every copy carries."""
        about = Q(payload__contains=str(agreement.uuid))
        specimens = Agreement.objects.filter(
            cohort=agreement.cohort_id, version=agreement.version_id, subject_key=Agreement.SPECIMEN
        )
        for uuid in specimens.values_list("uuid", flat=True):
            about |= Q(payload__contains=str(uuid), name="agreement.signed")
        return about

    @property
    def identity(self) -> dict[str, Any]:
        """By which ids an event names the subject."""
        kind = self.subject._meta.model_name or ""
        cohort = self.subject if isinstance(self.subject, Cohort) else self.subject.cohort
        return {"cohort": str(cohort.uuid), kind: str(self.subject.uuid)}

    def size(self) -> int:
        """How many events its chains hold, by their heads."""
        return self.streams.aggregate(total=Sum("head_seq"))["total"] or 0

    def verified(self) -> Verified:
        """Read every event of the chains again, from the first to the head."""
        streams = list(self.streams.order_by("pk"))
        head = next((stream.head_hash for stream in streams if stream.key == self.stream_key), "")
        return Verified(timezone.now(), verify_streams(streams), head)
