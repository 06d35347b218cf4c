"""Programmes, and the documents that a new cohort of one asks its students for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_cohorts.admin.scoping import ScopedViewSetMixin
from wagtail_cohorts.models import Programme


class ProgrammeViewSet(ScopedViewSetMixin, SnippetViewSet):  # type: ignore[misc]
    model = Programme
    icon = "list-ul"
    menu_order = 400
    list_display = [
        "name", Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
        Column("institution", label=_("Institution")),
    ]
    list_select_related = ["institution"]
    list_filter = ["kind", "institution"]
    list_per_page = 50
    ordering = ["name"]
    panels = [
        FieldPanel("institution"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("name"), FieldPanel("kind")]),
                FieldPanel("qualification"),
                FieldRowPanel([FieldPanel("nqf_level"), FieldPanel("seta")]),
            ],
            heading=_("Programme"),
        ),
    ]
