"""A student's file for a required document, and its review."""

from __future__ import annotations

import uuid as uuid_module

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_cohorts.cohorts.models import RequiredDocument
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.institutions.scope import ScopedQuerySet


class UploadState(models.TextChoices):
    PENDING = "pending", _("To verify")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Sent back")
    REPLACED = "replaced", _("Replaced")
    REMOVED = "removed", _("Removed")


CURRENT_STATES = (UploadState.PENDING, UploadState.APPROVED, UploadState.REJECTED)


class UploadQuerySet(ScopedQuerySet):
    def current(self) -> UploadQuerySet:
        return self.filter(state__in=CURRENT_STATES)


class Upload(models.Model):
    """``original`` is what was sent; ``file`` the clean PDF that people look at."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    enrollment = models.ForeignKey(Enrollment, models.PROTECT, related_name="uploads")
    required_document = models.ForeignKey(RequiredDocument, models.PROTECT, related_name="uploads")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    original = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    pages = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=UploadState.choices, default=UploadState.PENDING)
    reason = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    institution_path = "institution"
    objects = UploadQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        default_permissions = ()
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["enrollment", "state"], name="cohorts_upload_state")]

    def __str__(self) -> str:
        return f"document {self.pk}"

    @property
    def log_label(self) -> str:
        return f"document {self.pk}"
