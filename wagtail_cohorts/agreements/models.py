"""Templates that editors draft, and the versions that publishing freezes."""

from __future__ import annotations

import uuid as uuid_module
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin
from wagtail.search import index

from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.institutions.scope import ScopedQuerySet

INSTITUTION, STUDENT, GUARDIAN, SPONSOR, WITNESS = "institution", "student", "guardian", "sponsor", "witness"
ROLE_KINDS = [
    (INSTITUTION, _("institution")),
    (STUDENT, _("student")),
    (GUARDIAN, _("guardian")),
    (SPONSOR, _("sponsor")),
    (WITNESS, _("witness")),
]


def default_roles() -> list[dict[str, str]]:
    """Signing order: key, kind and name of each role."""
    return [
        {"key": "institution", "kind": INSTITUTION, "name": "Institution"},
        {"key": "student", "kind": STUDENT, "name": "Student"},
        {"key": "sponsor", "kind": SPONSOR, "name": "Sponsor"},
    ]


class AgreementTemplate(
    DraftStateMixin, RevisionMixin, LockableMixin, PreviewableMixin, index.Indexed, models.Model
):
    """One PDF with fields and roles, drafted in the admin; publishing freezes a version."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="templates", verbose_name=_("institution")
    )
    title = models.CharField(_("title"), max_length=120)
    source = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("PDF")
    )
    source_name = models.CharField(max_length=200, blank=True, editable=False)
    pages = models.JSONField(default=list, blank=True, editable=False)
    roles = models.JSONField(_("roles in signing order"), default=default_roles, blank=True)
    fields = models.JSONField(_("fields"), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    institution_path = "institution"
    objects = ScopedQuerySet.as_manager()
    search_fields = [
        index.AutocompleteField("title"),
        index.SearchField("title"),
        index.FilterField("institution_id"),
        index.FilterField("live"),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("agreement template")
        verbose_name_plural = _("agreement templates")
        default_permissions = ()
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def stream_key(self) -> str:
        return f"template:{self.uuid}"

    def get_preview_template(self, request: Any, mode_name: str) -> str:
        return "wagtail_cohorts/admin/template_preview.html"

    def get_preview_context(self, request: Any, mode_name: str) -> dict[str, Any]:
        from wagtail_cohorts.agreements.samples import sample_pages

        return {"request": request, "template": self, **sample_pages(self)}

    def publish(
        self,
        revision: Any,
        user: Any = None,
        changed: bool = True,
        log_action: bool = True,
        previous_revision: Any = None,
        skip_permission_checks: bool = False,
    ) -> Any:
        """Wagtail's publish asks model permissions, which nobody holds here: ask our policy instead."""
        from wagtail_cohorts.agreements.operations import publish_template

        return publish_template(
            self,
            revision=revision,
            user=user,
            log_action=log_action,
            previous_revision=previous_revision,
            skip_permission_checks=skip_permission_checks,
            wagtail_publish=super().publish,
        )

    def latest_version(self) -> TemplateVersion | None:
        return self.versions.order_by("-number").first()

    def clean(self) -> None:
        super().clean()
        from wagtail_cohorts.agreements.definitions import definition_problems

        problems = definition_problems(self)
        if problems:
            raise ValidationError({"fields": problems})


class TemplateVersion(models.Model):
    """Frozen: PDF bytes, fields and roles, each with its SHA-256. Never changed, never deleted while used."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    template = models.ForeignKey(AgreementTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    pdf_sha256 = models.CharField(max_length=64)
    definition = models.TextField(help_text="Canonical JSON of fields and roles, hashed as stored.")
    definition_sha256 = models.CharField(max_length=64)
    pages = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    institution_path = "template__institution"
    objects = ScopedQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="cohorts_version_number")]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"

    @property
    def institution_id(self) -> int:
        return self.template.institution_id
