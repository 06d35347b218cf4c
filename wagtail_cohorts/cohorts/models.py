"""Programmes, cohorts and what is frozen when a cohort leaves draft."""

from __future__ import annotations

import uuid as uuid_module
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.search import index

from wagtail_cohorts.agreements.models import AgreementTemplate, TemplateVersion
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.conf import settings
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.institutions.scope import ScopedQuerySet
from wagtail_cohorts.sponsors.models import Sponsor, SponsorContact
from wagtail_cohorts.texts import in_language

LEARNERSHIP, INTERNSHIP, CANDIDACY = "learnership", "internship", "candidacy"


def programme_kinds() -> list[tuple[str, Any]]:
    own = [(LEARNERSHIP, _("Learnership")), (INTERNSHIP, _("Internship")), (CANDIDACY, _("Candidacy"))]
    return [*own, *settings.PROGRAMME_KINDS.items()]


class Programme(index.Indexed, models.Model):  # type: ignore[django-manager-missing]
    """What an institution runs again and again: its kind and what a new cohort starts with."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="programmes", verbose_name=_("institution")
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=30, choices=programme_kinds, default=LEARNERSHIP)
    qualification = models.CharField(_("qualification"), max_length=200, blank=True)
    nqf_level = models.PositiveSmallIntegerField(_("NQF level"), null=True, blank=True)
    seta = models.CharField(_("SETA"), max_length=80, blank=True)
    required_documents = models.JSONField(
        _("required documents"),
        default=list,
        blank=True,
        editable=False,
        help_text=_("What a new cohort of this programme asks for."),
    )

    institution_path = "institution"
    objects = ScopedQuerySet.as_manager()
    search_fields = [
        index.AutocompleteField("name"),
        index.SearchField("name"),
        index.FilterField("institution_id"),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        default_permissions = ()
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class CohortQuerySet(ScopedQuerySet):
    """Named reads of cohorts; ``with_progress`` lives in cohorts.queries."""

    def with_progress(self) -> CohortQuerySet:
        from wagtail_cohorts.cohorts.queries import annotate_progress

        return annotate_progress(self)


class Cohort(index.Indexed, ClusterableModel):
    """A group of students on one programme. Its life is the state table, not drafts."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="cohorts", verbose_name=_("institution")
    )
    name = models.CharField(_("name"), max_length=120)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="cohorts", verbose_name=_("programme")
    )
    sponsor = models.ForeignKey(Sponsor, models.PROTECT, related_name="cohorts", verbose_name=_("sponsor"))
    state = models.CharField(
        _("state"), max_length=24, choices=CohortState.choices, default=CohortState.DRAFT, editable=False
    )
    state_since = models.DateTimeField(auto_now_add=True)
    expected_students = models.PositiveIntegerField(_("expected students"), default=0)
    start_date = models.DateField(_("start"), null=True, blank=True)
    end_date = models.DateField(_("end"), null=True, blank=True)
    deadline = models.DateField(_("students finish by"), null=True, blank=True)
    sign_by = models.DateField(_("sponsor signs by"), null=True, blank=True)
    seta = models.CharField(_("SETA"), max_length=80, blank=True)
    qualification = models.CharField(_("qualification"), max_length=200, blank=True)
    nqf_level = models.PositiveSmallIntegerField(_("NQF level"), null=True, blank=True)
    funding = models.CharField(_("funding"), max_length=120, blank=True)
    metadata = models.JSONField(_("more facts"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    institution_path = "institution"
    objects = CohortQuerySet.as_manager()
    search_fields = [
        index.AutocompleteField("name"),
        index.SearchField("name"),
        index.FilterField("institution_id"),
        index.FilterField("state"),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def stream_key(self) -> str:
        return f"cohort:{self.uuid}"

    @property
    def is_open(self) -> bool:
        return self.state not in (CohortState.COMPLETED, CohortState.CANCELLED)

    def clean(self) -> None:
        super().clean()
        self._check_dates()
        self._check_institution()

    def _check_dates(self) -> None:
        if self.start_date and self.end_date and self.end_date < self.start_date:
            raise ValidationError({"end_date": _("The end lies before the start.")})

    def _check_institution(self) -> None:
        for name in ("programme", "sponsor"):
            other = getattr(self, name, None)
            if other is not None and self.institution_id and other.institution_id != self.institution_id:
                raise ValidationError({name: _("This belongs to another institution.")})


class CohortTemplate(models.Model):
    """One agreement of the cohort; ``version`` is set when the cohort leaves draft and then stays."""

    cohort = ParentalKey(Cohort, on_delete=models.CASCADE, related_name="cohort_templates")
    template = models.ForeignKey(
        AgreementTemplate, models.PROTECT, related_name="+", verbose_name=_("template")
    )
    version = models.ForeignKey(TemplateVersion, models.PROTECT, null=True, editable=False, related_name="+")
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    sort_order_field = "position"

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        default_permissions = ()
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["cohort", "template"], name="cohorts_template_once")]

    def __str__(self) -> str:
        return str(self.version or self.template)

    @property
    def is_main(self) -> bool:
        return self.position == 0


ACCEPTED_TYPES = {"pdf": "application/pdf", "photo": "image/jpeg,image/png,image/webp"}


def default_accepts() -> list[str]:
    return ["pdf", "photo"]


class RequiredDocument(models.Model):
    """A file that each student of the cohort uploads."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    cohort = ParentalKey(Cohort, on_delete=models.CASCADE, related_name="required_documents")
    name = models.JSONField(_("name"), default=dict)
    help = models.JSONField(_("help"), default=dict, blank=True)
    is_required = models.BooleanField(_("required"), default=True)
    accepts = models.JSONField(default=default_accepts, editable=False)
    position = models.PositiveSmallIntegerField(default=0, editable=False)

    sort_order_field = "position"

    class Meta:
        verbose_name = _("required document")
        verbose_name_plural = _("required documents")
        default_permissions = ()
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return in_language(self.name)

    @property
    def label(self) -> str:
        return in_language(self.name)

    @property
    def help_text(self) -> str:
        return in_language(self.help)


class CohortParty(models.Model):
    """Who acts for a role of the sponsor's side: a lead and a host employer may be two rows."""

    cohort = ParentalKey(Cohort, on_delete=models.CASCADE, related_name="parties")
    role_key = models.SlugField(_("role"), max_length=40, default="sponsor")
    contact = models.ForeignKey(
        SponsorContact, models.PROTECT, related_name="parties", verbose_name=_("contact")
    )

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "role_key"], name="cohorts_one_party_a_role")
        ]

    def __str__(self) -> str:
        return f"{self.contact} ({self.role_key})"


class SponsorInvitation(models.Model):
    """Exactly one a cohort and contact, however the last students race; re-sending rotates the contact's link."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="sponsor_invitations")
    contact = models.ForeignKey(SponsorContact, models.PROTECT, related_name="invitations")
    invited_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(null=True)
    resent = models.PositiveSmallIntegerField(default=0)
    resent_at = models.DateTimeField(null=True)
    remind_check_at = models.DateTimeField(
        null=True,
        db_index=True,
        help_text="When to see next whether a reminder is due; empty: never seen yet.",
    )

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["cohort", "contact"], name="cohorts_one_sponsor_invitation")
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
