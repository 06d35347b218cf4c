"""What finalizing leaves for each student, and for the cohort."""

from __future__ import annotations

import secrets

from django.db import models

from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.institutions.scope import ScopedQuerySet

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_code() -> str:
    """Twenty characters without look-alikes, about 98 bits: grouped by dashes when shown."""
    return "".join(secrets.choice(ALPHABET) for _ in range(20))


def shown_code(code: str) -> str:
    """A code in groups of five, as people read and type it."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


class CompletionRecord(models.Model):
    """One student's certificate of completion and package, with the code that verifies it in public."""

    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    enrollment = models.OneToOneField(Enrollment, models.PROTECT, related_name="completion")
    code = models.CharField(max_length=20, unique=True, default=new_code)
    certificate = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    package = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    completed_at = models.DateTimeField()

    institution_path = "institution"
    objects = ScopedQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"completion of student {self.enrollment_id}"

    @property
    def shown_code(self) -> str:
        return shown_code(self.code)
