"""Students in cohorts, and the agreements that are filled and signed for each."""

from __future__ import annotations

import uuid as uuid_module
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_cohorts.agreements.models import TemplateVersion
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.states import ACTIVE_STATES, AgreementState, EnrollmentState, Verification
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.institutions.scope import ScopedQuerySet

GENDERS = [
    ("female", _("Female")),
    ("male", _("Male")),
    ("other", _("Other")),
    ("undisclosed", _("Prefer not to say")),
]
RACES = [
    ("african", _("African")),
    ("coloured", _("Coloured")),
    ("indian", _("Indian")),
    ("white", _("White")),
    ("other", _("Other")),
    ("undisclosed", _("Prefer not to say")),
]
RELATIONS = [
    ("mother", _("Mother")),
    ("father", _("Father")),
    ("grandparent", _("Grandparent")),
    ("relative", _("Another relative")),
    ("legal_guardian", _("Legal guardian")),
]
DISABILITIES = [("no", _("No")), ("yes", _("Yes")), ("undisclosed", _("Prefer not to say"))]


class EnrollmentQuerySet(ScopedQuerySet):
    def active(self) -> EnrollmentQuerySet:
        return self.filter(state__in=ACTIVE_STATES)

    def ready(self) -> EnrollmentQuerySet:
        """Complete, checked, and signed by the guardian too where one signs: what the gate counts."""
        return self.filter(
            state=EnrollmentState.COMPLETE, verification=Verification.VERIFIED, waits_for_guardian=False
        )

    def to_verify(self) -> EnrollmentQuerySet:
        """Complete, and with at least one upload that nobody has looked at."""
        return self.filter(state=EnrollmentState.COMPLETE, verification=Verification.PENDING)


class Enrollment(models.Model):
    """A student in a cohort. Personal data lives here, a snapshot; a person is no table."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="enrollments", verbose_name=_("cohort"))
    state = models.CharField(
        _("state"), max_length=12, choices=EnrollmentState.choices, default=EnrollmentState.WAITING
    )
    verification = models.CharField(
        _("verification"), max_length=10, choices=Verification.choices, default=Verification.PENDING
    )
    first_name = models.CharField(_("first name"), max_length=80)
    last_name = models.CharField(_("last name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    email_key = models.CharField(max_length=254, null=True, editable=False)  # noqa: DJ001  NULL keeps it out of the constraint
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    identity_number = models.TextField(blank=True, help_text="Encrypted at rest.")
    identity_key = models.CharField(max_length=64, blank=True, db_index=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=12, choices=GENDERS, blank=True)
    race = models.CharField(_("race"), max_length=12, choices=RACES, blank=True)
    city = models.CharField(_("town or city"), max_length=80, blank=True)
    disability = models.CharField(_("disability"), max_length=12, choices=DISABILITIES, blank=True)
    waits_for_guardian = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Sent, and a guardian still signs. Counts only while complete.",
    )
    details_confirmed_at = models.DateTimeField(null=True)
    invited_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    institution_path = "institution"
    objects = EnrollmentQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("student")
        verbose_name_plural = _("students")
        default_permissions = ()
        ordering = ["last_name", "first_name", "pk"]
        constraints = [models.UniqueConstraint(fields=["cohort", "email_key"], name="cohorts_email_once")]
        indexes = [models.Index(fields=["cohort", "state"], name="cohorts_enrollment_state")]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email_key = self.email.strip().lower() or None
        update = kwargs.get("update_fields")
        if update and "email" in update:
            kwargs["update_fields"] = {*update, "email_key"}
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def log_label(self) -> str:
        return f"student {self.pk}"

    @property
    def stream_key(self) -> str:
        return f"enrollment:{self.uuid}"

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE_STATES


class Guardian(models.Model):
    """Who signs beside a student who is a minor: named by the student or by staff. Another person gets another uuid,
    and with it another link and other marks. Personal data; erasable."""

    KEY = "guardian:"

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    enrollment = models.OneToOneField(Enrollment, models.PROTECT, related_name="guardian")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    email_key = models.CharField(max_length=254, blank=True, db_index=True, editable=False)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    relation = models.CharField(_("relation"), max_length=16, choices=RELATIONS)
    asked_at = models.DateTimeField(null=True)
    asked_for = models.JSONField(
        default=list, help_text="Agreements and revisions that the guardian knows of."
    )
    declined_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    institution_path = "institution"
    objects = ScopedQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("guardian")
        verbose_name_plural = _("guardians")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email_key = self.email.strip().lower()
        update = kwargs.get("update_fields")
        if update and "email" in update:
            kwargs["update_fields"] = {*update, "email_key"}
        super().save(*args, **kwargs)

    @property
    def signer_key(self) -> str:
        return f"{self.KEY}{self.uuid}"


class Agreement(models.Model):
    """One version filled and signed for one enrollment, or the specimen that the institution signs (no enrollment).

    Whose turn it is derives from the version's roles and the acts of this revision.
    """

    SPECIMEN = "specimen"

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="agreements")
    enrollment = models.ForeignKey(Enrollment, models.PROTECT, null=True, related_name="agreements")
    subject_key = models.CharField(max_length=40, help_text="The enrollment's uuid, or “specimen”.")
    version = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=AgreementState.choices, default=AgreementState.OPEN)
    revision = models.PositiveSmallIntegerField(default=1)
    for_minor = models.BooleanField(null=True, help_text="Whether the student was a minor when signing it.")
    values = models.JSONField(default=dict, help_text="Role key to field key to value; erasable.")
    fixed = models.JSONField(
        default=dict, help_text="What stood on the last signed copy, by field key; erasable."
    )
    current = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    sealed = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    sealed_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(max_length=500, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    institution_path = "institution"
    objects = ScopedQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "version", "subject_key"], name="cohorts_agreement_once"
            )
        ]
        indexes = [models.Index(fields=["cohort", "state"], name="cohorts_agreement_state")]

    def __str__(self) -> str:
        return f"agreement {self.pk}"

    @property
    def title(self) -> str:
        return self.version.title

    @property
    def is_specimen(self) -> bool:
        return self.enrollment_id is None
