"""Where staff pages live: the names of their URLs in one place."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

NAMESPACE = "wagtail_cohorts_admin"
COHORTS = "wagtailsnippets_wagtail_cohorts_cohort"
STUDENTS = "cohorts_enrollments"


def address(name: str, **kwargs: Any) -> str:
    """One of our own pages."""
    return reverse(f"{NAMESPACE}:{name}", kwargs=kwargs)


def cohorts_url() -> str:
    return reverse(f"{COHORTS}:list")


def cohort_url(cohort_id: int) -> str:
    return reverse(f"{COHORTS}:inspect", args=[cohort_id])


def cohort_history_url(cohort_id: int) -> str:
    return reverse(f"{COHORTS}:history", args=[cohort_id])


def student_history_url(enrollment_id: int) -> str:
    return reverse(f"{STUDENTS}:history", args=[enrollment_id])


def edit_cohort_url(cohort_id: int) -> str:
    return reverse(f"{COHORTS}:edit", args=[cohort_id])


def add_cohort_url() -> str:
    return reverse(f"{COHORTS}:add")


def students_url() -> str:
    return reverse(f"{STUDENTS}:index")


def student_url(enrollment_id: int) -> str:
    return reverse(f"{STUDENTS}:inspect", args=[enrollment_id])
