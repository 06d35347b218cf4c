"""Annotated reads of cohorts. Later rooms are named by relation only."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

ACTIVE = ("waiting", "in_progress", "complete")
SEGMENTS = ("done", "guardian", "to_verify", "sent_back", "in_progress", "not_started")


def _count(condition: Q) -> Any:
    """How many enrollments of the outer cohort fit: a subquery, so that counts never multiply each other."""
    from django.apps import apps

    enrollments = apps.get_model("wagtail_cohorts", "Enrollment").objects.filter(
        condition, cohort=OuterRef("pk")
    )
    counted = enrollments.order_by().values("cohort").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def segment_conditions() -> dict[str, Q]:
    """The six parts of a progress bar, in the order in which they are drawn; they add up to the active students."""
    return {
        "done": Q(state="complete", verification="verified", waits_for_guardian=False),
        "guardian": Q(state="complete", verification="verified", waits_for_guardian=True),
        "to_verify": Q(state="complete", verification="pending"),
        "sent_back": Q(state__in=("in_progress", "complete"), verification="rejected"),
        "in_progress": Q(state="in_progress") & ~Q(verification="rejected"),
        "not_started": Q(state="waiting"),
    }


def annotate_progress(cohorts: Any) -> Any:
    """Adds ``active`` and the count of each of ``SEGMENTS`` to each cohort."""
    counts = {name: _count(condition) for name, condition in segment_conditions().items()}
    return cohorts.annotate(active=_count(Q(state__in=ACTIVE)), **counts)


def attach_progress(cohorts: Any) -> list[Any]:
    """The same attributes on rows that are read already: one grouped query for a page of a list."""
    from django.apps import apps

    rows = list(cohorts)
    enrollments = apps.get_model("wagtail_cohorts", "Enrollment").objects.filter(cohort__in=rows)
    counts = {name: Count("pk", filter=condition) for name, condition in segment_conditions().items()}
    grouped = enrollments.order_by().values("cohort_id")
    grouped = grouped.annotate(active=Count("pk", filter=Q(state__in=ACTIVE)), **counts)
    found = {row.pop("cohort_id"): row for row in grouped}
    nothing = dict.fromkeys(("active", *SEGMENTS), 0)
    for cohort in rows:
        for name, number in found.get(cohort.pk, nothing).items():
            setattr(cohort, name, number)
    return rows
