"""Institutions, memberships, certificates, and the scoped log that Wagtail shows."""

from __future__ import annotations

import uuid as uuid_module
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models.audit_log import BaseLogEntry, BaseLogEntryManager
from wagtail.search import index

from wagtail_cohorts.institutions.scope import ScopedQuerySet

is_colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("A colour has the form #0f4c5c."))


class Institution(index.Indexed, models.Model):  # type: ignore[django-manager-missing]
    """A tenant: it trains people, has staff, and owns everything else."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=30, blank=True)
    sender_name = models.CharField(
        _("sender of e-mails"),
        max_length=120,
        blank=True,
        help_text=_("Shown as the sender; empty: the name."),
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        default="#0f4c5c",
        validators=[is_colour],
        help_text=_("Buttons and links on the pages of students and sponsors."),
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    privacy_notice = models.TextField(
        _("privacy notice"), blank=True, help_text=_("Shown to students before the first question.")
    )
    closed_flags = models.JSONField(default=list, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    institution_path = "pk"
    objects = ScopedQuerySet.as_manager()
    search_fields = [index.AutocompleteField("name"), index.SearchField("name"), index.FilterField("id")]

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        default_permissions = ()
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def institution_id(self) -> int | None:
        return self.pk

    @property
    def stream_key(self) -> str:
        return f"institution:{self.uuid}"


class Membership(models.Model):
    """A user's role in one institution: the only source of rights."""

    ADMINISTRATOR, COORDINATOR = "administrator", "coordinator"
    ROLES = [(ADMINISTRATOR, _("administrator")), (COORDINATOR, _("coordinator"))]

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="cohorts_memberships")
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=ROLES, default=COORDINATOR)
    created_at = models.DateTimeField(auto_now_add=True)

    institution_path = "institution"
    objects = ScopedQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["user", "institution"], name="cohorts_one_role_each")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class SigningCertificate(models.Model):
    """What seals an institution's PDFs. The private key is encrypted at rest; ``active_key`` keeps one active."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="certificates")
    active_key = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001  NULL keeps it out of the constraint
    subject = models.CharField(max_length=250)
    fingerprint = models.CharField(max_length=64)
    certificate_pem = models.TextField()
    chain_pem = models.TextField(blank=True)
    encrypted_key = models.TextField()
    is_own = models.BooleanField(default=False, help_text="Uploaded as PKCS#12, not made by us.")
    not_after = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    institution_path = "institution"
    objects = ScopedQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject


class CohortLogEntryManager(BaseLogEntryManager):
    def log_action(self, instance: Any, action: str, **kwargs: Any) -> Any:
        kwargs.update(object_id=str(instance.pk), institution_id=getattr(instance, "institution_id", None))
        kwargs["title"] = neutral_label(instance)
        return super().log_action(instance, action, **kwargs)

    def for_instance(self, instance: Any) -> Any:
        content_type = ContentType.objects.get_for_model(instance, for_concrete_model=False)
        return self.filter(content_type=content_type, object_id=str(instance.pk))

    def viewable_by_user(self, user: Any) -> Any:
        if user.is_superuser:
            return self.all()
        mine = Membership.objects.filter(user_id=user.pk).values("institution_id")
        return self.filter(institution_id__in=mine)


def neutral_label(instance: Any) -> str:
    """How the log names a thing: people only by number, so that erasing a person leaves no name behind."""
    label = getattr(instance, "log_label", None)
    return label if label is not None else str(instance)


class CohortLogEntry(BaseLogEntry):
    """Wagtail's log for our models, in a table that knows the institution: the readable mirror of the evidence."""

    object_id = models.CharField(max_length=255, db_index=True)
    institution = models.ForeignKey(
        Institution, models.SET_NULL, null=True, db_constraint=False, related_name="+"
    )

    objects = CohortLogEntryManager()

    class Meta(BaseLogEntry.Meta):
        ordering = ["-timestamp", "-id"]
        verbose_name = _("cohorts log entry")
        verbose_name_plural = _("cohorts log entries")
        default_permissions = ()
