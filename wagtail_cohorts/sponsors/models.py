"""Companies and their contacts."""

from __future__ import annotations

import uuid as uuid_module
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.search import index

from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.institutions.scope import ScopedQuerySet
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import rotate_link


class Sponsor(index.Indexed, ClusterableModel):
    """A company that pays for cohorts and co-signs; known to one institution."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="sponsors", verbose_name=_("institution")
    )
    name = models.CharField(_("company name"), max_length=120)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    institution_path = "institution"
    objects = ScopedQuerySet.as_manager()
    search_fields = [
        index.AutocompleteField("name"),
        index.SearchField("name"),
        index.FilterField("institution_id"),
        index.FilterField("id"),
    ]

    class Meta:
        verbose_name = _("sponsor")
        verbose_name_plural = _("sponsors")
        default_permissions = ()
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class SponsorContact(models.Model):
    """A person who signs for a sponsor."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    sponsor = ParentalKey(Sponsor, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    position = models.CharField(_("position"), max_length=120, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)

    institution_path = "sponsor__institution"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.email})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A changed e-mail address kills the link that went to the old one."""
        before = SponsorContact.objects.filter(pk=self.pk).values_list("email", flat=True).first()
        super().save(*args, **kwargs)
        if before is not None and before.casefold() != self.email.casefold():
            link = PersonalLink.objects.filter(subject_key=f"contact:{self.uuid}").first()
            if link is not None:
                rotate_link(link)

    @property
    def log_label(self) -> str:
        return f"contact {self.pk}"

    @property
    def institution_id(self) -> int:
        return self.sponsor.institution_id
