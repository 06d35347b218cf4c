"""Our events in Wagtail's log: their names, and which log table our models write to."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wagtail_cohorts import models

PREFIX = "cohorts."

# Event of the evidence chain -> what the log calls it. Only what staff look for; the chain keeps everything.
EVENTS: dict[str, Any] = {
    "institution.founded": _("Institution added"),
    "staff.joined": _("Staff member added"),
    "staff.role_changed": _("Role changed"),
    "staff.left": _("Staff member removed"),
    "certificate.activated": _("Certificate for sealing changed"),
    "template.published": _("Version published"),
    "cohort.created": _("Cohort added"),
    "cohort.opened": _("Cohort opened"),
    "cohort.institution_signed": _("Institution signed"),
    "cohort.ready_for_sponsor": _("All students are done"),
    "cohort.sponsor_review_started": _("Sponsor started"),
    "cohort.reopened": _("Opened for students again"),
    "cohort.sponsor_signed": _("Sponsor signed"),
    "cohort.returned_to_sponsor": _("Went back to the sponsor"),
    "cohort.completed": _("Cohort completed"),
    "cohort.cancelled": _("Cohort cancelled"),
    "cohort.stepped_back": _("Taken back one step"),
    "sponsor.invited": _("Sponsor invited"),
    "sponsor.reminded": _("Sponsor reminded"),
    "sponsor.changed": _("Another person for the sponsor"),
    "sponsor.opened": _("Sponsor opened the link"),
    "enrollment.added": _("Student added"),
    "enrollment.changed": _("Student's details changed"),
    "enrollment.submitted": _("Student sent everything"),
    "enrollment.sent_back": _("Sent back to the student"),
    "enrollment.verified": _("Documents checked"),
    "enrollment.unverified": _("Check undone"),
    "enrollment.withdrawn": _("Student withdrawn"),
    "enrollment.declined": _("Student declined"),
    "enrollment.readmitted": _("Student readmitted"),
    "enrollment.reset": _("Student taken back to the start"),
    "enrollment.reminded": _("Student reminded"),
    "guardian.named": _("Guardian named"),
    "guardian.changed": _("Guardian corrected"),
    "guardian.asked": _("Guardian asked to sign"),
    "guardian.signed": _("Guardian signed"),
    "guardian.declined": _("Guardian does not agree"),
    "guardian.link_revoked": _("Guardian's link closed"),
}

LOGGED_MODELS = (
    models.Institution,
    models.AgreementTemplate,
    models.Programme,
    models.Sponsor,
    models.Cohort,
    models.Enrollment,
)


def register_log_actions(actions: Any) -> None:
    """For the hook of the same name."""
    for model in LOGGED_MODELS:
        actions.register_model(model, models.CohortLogEntry)
    for name, label in EVENTS.items():
        actions.register_action(f"{PREFIX}{name}", label, label)
