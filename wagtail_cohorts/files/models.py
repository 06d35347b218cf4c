"""A stored file: private, content-addressed within its institution."""

from __future__ import annotations

from typing import Any

from django.db import models


class StoredFile(models.Model):
    """One content of one institution. Domain rows refer to it and carry the name that people see."""

    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    path = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True)

    institution_path = "institution"
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["institution", "sha256"], name="cohorts_file_once")]

    def __str__(self) -> str:
        return self.sha256[:12]

    def read(self) -> bytes:
        from wagtail_cohorts.files.storage import read_file

        return read_file(self)

    def open(self) -> Any:
        from wagtail_cohorts.files.storage import open_file

        return open_file(self)
