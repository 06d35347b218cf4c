"""Which policy answers for which model. Registered above everything else in ``wagtail_hooks``."""

from __future__ import annotations

from wagtail_cohorts import models
from wagtail_cohorts.compat import register_policy
from wagtail_cohorts.institutions.permissions import (
    ADMINISTRATORS_ONLY,
    READ_ONLY,
    STAFF_GRANTS,
    DraftOnlyDeletePolicy,
    RolePolicy,
)


def register_policies() -> None:
    """Before any viewset is imported: Wagtail 8 makes a fallback for a model that has none by then."""
    for model in (models.AgreementTemplate, models.Programme, models.Sponsor, models.Enrollment):
        register_policy(model, RolePolicy(model))
    register_policy(models.Cohort, DraftOnlyDeletePolicy(models.Cohort))
    register_policy(models.Institution, RolePolicy(models.Institution, ADMINISTRATORS_ONLY))
    for model in (models.Membership, models.SigningCertificate):
        register_policy(model, RolePolicy(model, STAFF_GRANTS))
    for model in (models.Batch, models.Upload, models.ExportFile, models.Agreement, models.TemplateVersion):
        register_policy(model, RolePolicy(model, READ_ONLY))
