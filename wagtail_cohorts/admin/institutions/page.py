"""What the pages of one institution share: only its administrators open them; header and crumbs."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.admin.pages import actor_of
from wagtail_cohorts.models import Institution

NAMESPACE = "wagtailsnippets_wagtail_cohorts_institution"


class InstitutionPage(WagtailAdminTemplateMixin, View):
    """Built by the viewset, whose guard has found ``scoped_object`` and bound the policy to it."""

    model = Institution
    permission_policy: Any = None
    scoped_object: Any = None
    header_icon = "home"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.permission_policy.user_has_permission(request.user, "change"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def institution(self) -> Institution:
        return self.scoped_object

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    def address(self, name: str, *args: Any) -> str:
        return reverse(f"{NAMESPACE}:{name}", args=[self.institution.pk, *args])

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse(f"{NAMESPACE}:list"), "label": _("Institutions")},
            {"url": self.address("edit"), "label": str(self.institution)},
            *self.crumbs(),
            {"url": "", "label": self.get_page_title()},
        ]

    def crumbs(self) -> list[dict[str, Any]]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(institution=self.institution, **kwargs)
