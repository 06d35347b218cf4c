"""An export that was made: its file and what it covered."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.institutions.scope import ScopedQuerySet


class ExportFile(models.Model):
    """The result of a background export or ZIP; downloads ask the scope again."""

    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    batch = models.OneToOneField(Batch, models.CASCADE, related_name="export")
    subject_key = models.CharField(max_length=80, db_index=True)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    institution_path = "institution"
    objects = ScopedQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name
