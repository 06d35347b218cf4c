"""Which policy answers for which model. Registered above everything else in ``wagtail_hooks``."""

from __future__ import annotations

from typing import Any

from wagtail_cohorts import models
from wagtail_cohorts.compat import register_policy
from wagtail_cohorts.institutions.permissions import (
    ADMINISTRATORS_ONLY,
    READ_ONLY,
    STAFF_GRANTS,
    DraftOnlyDeletePolicy,
    RolePolicy,
)


class TemplatePolicy(RolePolicy):
    """A template with a published version stays: agreements refer to it."""

    def state_allows(self, action: str, instance: Any) -> bool:
        if action != "delete":
            return True
        newest = instance.newest if hasattr(instance, "newest") else instance.latest_version()
        return not newest


class InstitutionPolicy(RolePolicy):
    """Added by superusers, changed by its administrators, deleted by nobody: its chain is evidence."""

    def state_allows(self, action: str, instance: Any) -> bool:
        return action != "delete"


def register_policies() -> None:
    """Before any viewset is imported: Wagtail 8 makes a fallback for a model that has none by then."""
    model: Any
    for model in (models.Programme, models.Sponsor, models.Enrollment):
        register_policy(model, RolePolicy(model))
    register_policy(models.AgreementTemplate, TemplatePolicy(models.AgreementTemplate))
    register_policy(models.Cohort, DraftOnlyDeletePolicy(models.Cohort))
    register_policy(models.Institution, InstitutionPolicy(models.Institution, ADMINISTRATORS_ONLY))
    for model in (models.Membership, models.SigningCertificate):
        register_policy(model, RolePolicy(model, STAFF_GRANTS))
    for model in (models.Batch, models.Upload, models.ExportFile, models.Agreement, models.TemplateVersion):
        register_policy(model, RolePolicy(model, READ_ONLY))
