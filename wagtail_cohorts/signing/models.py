"""Consent texts, marks, acts of signing, and what was looked at before."""

from __future__ import annotations

from django.db import models

from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.institutions.scope import ScopedQuerySet


class ConsentText(models.Model):
    """The exact words that a signer agreed to, by their hash."""

    sha256 = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.sha256[:12]


class Mark(models.Model):
    """A signature with its initials, as drawn or typed by one person ("enrollment:<uuid>", "contact:<uuid>")."""

    DRAWN, TYPED = "drawn", "typed"
    METHODS = [(DRAWN, "drawn"), (TYPED, "typed")]

    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    owner_key = models.CharField(max_length=80, db_index=True)
    method = models.CharField(max_length=8, choices=METHODS)
    signature = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    initials = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"mark {self.pk}"


class Act(models.Model):
    """One role signed one revision of one agreement, once. What was shown and what came of it are kept as hashes."""

    ELECTRONIC, PAPER = "electronic", "paper"
    METHODS = [(ELECTRONIC, "electronic"), (PAPER, "paper")]

    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="acts")
    revision = models.PositiveSmallIntegerField()
    role_key = models.CharField(max_length=40)
    method = models.CharField(max_length=12, choices=METHODS, default=ELECTRONIC)
    signer_key = models.CharField(max_length=80)
    signer_name = models.CharField(max_length=160)
    signer_position = models.CharField(max_length=120, blank=True)
    signer_department = models.CharField(max_length=120, blank=True)
    signed_on = models.DateField(help_text="The “date signed” that was shown.")
    signed_at = models.DateTimeField()
    seen_sha256 = models.CharField(max_length=64)
    result_sha256 = models.CharField(max_length=64)
    result = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    engine = models.CharField(max_length=40)
    consent = models.ForeignKey(ConsentText, models.PROTECT, null=True, related_name="+")
    mark = models.ForeignKey(Mark, models.PROTECT, null=True, related_name="+")
    ip = models.CharField(max_length=45, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)

    institution_path = "institution"
    objects = ScopedQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "revision", "role_key"], name="cohorts_signed_once")
        ]

    def __str__(self) -> str:
        return f"{self.role_key} signed agreement {self.agreement_id}"


class Look(models.Model):
    """That a signer had an agreement open, in one revision: first and last. Made once, then moved on."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="looks")
    revision = models.PositiveSmallIntegerField()
    viewer_key = models.CharField(max_length=80)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "revision", "viewer_key"], name="cohorts_one_look_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.viewer_key} looked at agreement {self.agreement_id}"
