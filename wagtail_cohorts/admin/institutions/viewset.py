"""Institutions as snippets: superusers add, administrators change their own; staff and certificate hang on them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton
from wagtail.snippets.views import snippets
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_cohorts.admin.institutions import certificate, staff
from wagtail_cohorts.admin.institutions.form import InstitutionForm
from wagtail_cohorts.admin.pages import actor_of
from wagtail_cohorts.admin.scoping import ScopedViewSetMixin
from wagtail_cohorts.institutions.operations import found_institution
from wagtail_cohorts.models import Institution


class InstitutionIndexView(snippets.IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().annotate(staff_count=Count("memberships"))


class InstitutionCreateView(snippets.CreateView):
    """Founding makes the institution's chain with it."""

    def save_instance(self) -> Institution:
        return found_institution(self.form.save(commit=False), actor=actor_of(self.request))


class InstitutionEditView(snippets.EditView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        named = [(_("Staff"), "staff", "group"), (_("Certificate"), "certificate", "key")]
        return [
            HeaderButton(label, url=address(name, self.object.pk), icon_name=icon)
            for label, name, icon in named
        ]


def address(name: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_wagtail_cohorts_institution:{name}", args=args)


class InstitutionViewSet(ScopedViewSetMixin, SnippetViewSet):
    model = Institution
    icon = "home"
    menu_order = 600
    index_view_class = InstitutionIndexView
    add_view_class = InstitutionCreateView
    edit_view_class = InstitutionEditView
    search_backend_name = None  # a plain query can be sorted by every column
    search_fields = ("name",)
    list_display = [
        "name",
        Column("contact_email", label=_("Contact e-mail")),
        Column("staff_count", label=_("Staff"), sort_key="staff_count"),
    ]
    ordering = ["name"]
    edit_handler = ObjectList(
        [
            FieldPanel("name"),
            MultiFieldPanel(
                [
                    FieldPanel("contact_name"),
                    FieldRowPanel([FieldPanel("contact_email"), FieldPanel("contact_phone")]),
                ],
                heading=_("Whom students and sponsors can ask"),
            ),
            MultiFieldPanel(
                [FieldPanel("sender_name"), FieldRowPanel([FieldPanel("language"), FieldPanel("colour")])],
                heading=_("E-mails and pages"),
            ),
            FieldPanel("privacy_notice"),
        ],
        base_form_class=InstitutionForm,
    )

    def get_urlpatterns(self) -> list[Any]:
        view = self.construct_view
        return [
            *super().get_urlpatterns(),
            path("staff/<str:pk>/", view(staff.StaffView), name="staff"),
            path("staff/<str:pk>/<int:member>/role/", view(staff.ChangeRoleView), name="staff_role"),
            path("staff/<str:pk>/<int:member>/link/", view(staff.SendLinkView), name="staff_link"),
            path("staff/<str:pk>/<int:member>/remove/", view(staff.RemoveStaffView), name="staff_remove"),
            path("certificate/<str:pk>/", view(certificate.CertificateView), name="certificate"),
        ]
