"""One row an e-mail: what was sent to whom about what, and how it went. One row a reminder of a sponsor."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_cohorts.cohorts.models import SponsorInvitation
from wagtail_cohorts.evidence.models import Delivery, Event
from wagtail_cohorts.institutions.scope import ScopedQuerySet


class EmailMessageRecord(models.Model):
    """The body is not kept: it holds the personal link. ``message_id`` is the same however often it is sent."""

    QUEUED, SENT, FAILED = "queued", "sent", "failed"
    STATES = [(QUEUED, _("Queued")), (SENT, _("Sent")), (FAILED, _("Failed"))]

    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    delivery = models.OneToOneField(Delivery, models.PROTECT, related_name="email")
    kind = models.CharField(max_length=40)
    subject_key = models.CharField(max_length=120, db_index=True)
    to = models.CharField(max_length=254, blank=True)
    message_id = models.CharField(max_length=120)
    state = models.CharField(max_length=8, choices=STATES, default=QUEUED)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    institution_path = "institution"
    objects = ScopedQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class SponsorReminder(models.Model):
    """The nth reminder of one contact for one cohort: the constraint keeps two sweeps from sending it twice."""

    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    invitation = models.ForeignKey(SponsorInvitation, models.CASCADE, related_name="reminders")
    number = models.PositiveSmallIntegerField()
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    institution_path = "institution"
    objects = ScopedQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["invitation", "number"], name="cohorts_one_reminder_a_number")
        ]

    def __str__(self) -> str:
        return f"reminder {self.number} of invitation {self.invitation_id}"

    @property
    def by(self) -> str:
        """Who sent it by hand; empty when it went out by itself, or when that was erased."""
        return self.event.detail.values.get("actor_name", "") if hasattr(self.event, "detail") else ""
