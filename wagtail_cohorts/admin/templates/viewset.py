"""Agreement templates as snippets."""

from __future__ import annotations

from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_cohorts.admin.scoping import ScopedViewSetMixin
from wagtail_cohorts.models import AgreementTemplate


class TemplateViewSet(ScopedViewSetMixin, SnippetViewSet):  # type: ignore[misc]
    model = AgreementTemplate
    icon = "doc-full"
    menu_order = 300
    list_select_related = ["institution"]
