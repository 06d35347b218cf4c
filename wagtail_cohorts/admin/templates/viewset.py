"""Agreement templates as snippets: drafts, revisions, locks, previews, and publishing that freezes a version."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column, StatusTagColumn, UpdatedAtColumn
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_cohorts.admin.institution_panel import InstitutionPanel
from wagtail_cohorts.admin.scoping import ScopedViewSetMixin
from wagtail_cohorts.admin.templates.form import TemplateForm
from wagtail_cohorts.admin.templates.panels import VersionsPanel
from wagtail_cohorts.admin.templates.views import (
    PageImageView,
    TemplateCreateView,
    TemplateEditView,
    VersionPdfView,
)
from wagtail_cohorts.models import AgreementTemplate


def state_of(template: AgreementTemplate) -> Any:
    """Wagtail's own status text asks the database once a row."""
    if not template.live:
        return _("Draft")
    return _("Live and draft") if template.has_unpublished_changes else _("Live")


class TemplateIndexView(snippets.IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().annotate(newest=Max("versions__number"))


class TemplateViewSet(ScopedViewSetMixin, SnippetViewSet):
    model = AgreementTemplate
    icon = "doc-full"
    menu_label = _("Templates")
    menu_order = 300
    index_view_class = TemplateIndexView
    add_view_class = TemplateCreateView
    edit_view_class = TemplateEditView
    search_backend_name = None  # a plain query can be sorted by every column
    search_fields = ("title",)
    list_display = [
        "title",
        Column("newest", label=_("Version"), accessor=lambda row: row.newest or "", sort_key="newest"),
        Column("institution", label=_("Institution")),
        StatusTagColumn("state", label=_("Status"), accessor=state_of, primary=lambda row: row.live),
        UpdatedAtColumn(),
    ]
    list_select_related = ["institution", "latest_revision"]
    list_filter = ["institution", "live"]
    list_per_page = 50
    ordering = ["title"]
    edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("title", required_on_save=True),
                    InstitutionPanel(),
                    FieldPanel("pdf"),
                    FieldPanel("roles"),
                ],
                heading=_("Agreement"),
            ),
            ObjectList([FieldPanel("fields")], heading=_("Fields")),
            ObjectList([VersionsPanel(heading=_("Published versions"))], heading=_("Versions")),
        ],
        base_form_class=TemplateForm,
    )

    @cached_property
    def page_image_view(self) -> Any:
        return self.construct_view(PageImageView, permission_policy=self.view_policy)

    @cached_property
    def version_pdf_view(self) -> Any:
        return self.construct_view(VersionPdfView, permission_policy=self.view_policy)

    @property
    def view_policy(self) -> Any:
        from wagtail_cohorts.compat import policy_for

        return policy_for(self.model)

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("page/<str:pk>/<int:page>/", self.page_image_view, name="page_image"),
            path("version/<str:pk>/<int:number>/", self.version_pdf_view, name="version_pdf"),
        ]
