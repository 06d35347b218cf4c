"""Institutions as snippets: administrators change their own, superusers add."""

from __future__ import annotations

from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_cohorts.admin.scoping import ScopedViewSetMixin
from wagtail_cohorts.models import Institution


class InstitutionViewSet(ScopedViewSetMixin, SnippetViewSet):  # type: ignore[misc]
    model = Institution
    icon = "home"
    menu_order = 600
    list_display = ["name"]
