"""Sponsors with their contacts, as snippets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_cohorts.admin.institution_panel import InstitutionPanel
from wagtail_cohorts.admin.scoping import ScopedViewSetMixin
from wagtail_cohorts.models import Sponsor, SponsorContact


class SponsorForm(WagtailAdminModelForm):
    """A contact who signs for a cohort, or was invited, stays."""

    def is_valid(self) -> bool:
        if not super().is_valid():
            return False
        for child in self.formsets["contacts"].deleted_forms:
            if child.instance.pk and is_needed(child.instance):
                self.add_error(None, _("%s signs for a cohort and cannot be removed.") % child.instance.name)
        return not self.errors


def is_needed(contact: SponsorContact) -> bool:
    return bool(contact.parties.exists() or contact.invitations.exists())


class SponsorViewSet(ScopedViewSetMixin, SnippetViewSet):
    model = Sponsor
    icon = "user"
    menu_order = 500
    search_backend_name = None  # a plain query can be sorted by every column
    search_fields = ("name", "registration_number")
    list_display = ["name", "registration_number", Column("institution", label=_("Institution"))]
    list_select_related = ["institution"]
    list_filter = ["institution"]
    list_per_page = 50
    ordering = ["name"]
    edit_handler = ObjectList(
        [
            InstitutionPanel(),
            MultiFieldPanel(
                [FieldPanel("name"), FieldPanel("registration_number"), FieldPanel("address")],
                heading=_("Company"),
            ),
            InlinePanel(
                "contacts",
                heading=_("Contacts"),
                label=_("Contact"),
                help_text=_("The people who receive the link and sign for the company."),
                panels=[
                    FieldPanel("name"),
                    FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
                    FieldRowPanel([FieldPanel("position"), FieldPanel("department")]),
                ],
            ),
        ],
        base_form_class=SponsorForm,
    )
