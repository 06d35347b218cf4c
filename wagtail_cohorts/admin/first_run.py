"""The first minute: what stands on the admin's home page while there is no institution."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.ui.components import Component

from wagtail_cohorts.admin.feature import is_open_for
from wagtail_cohorts.models import Institution


class FirstRunPanel(Component):
    """For superusers: nobody else may add an institution."""

    name = "cohorts_first_run"
    order = 80
    template_name = "wagtail_cohorts/admin/first_run.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"add_url": reverse("wagtailsnippets_wagtail_cohorts_institution:add")}


def add_first_run_panel(request: HttpRequest, panels: list[Any]) -> None:
    """For the hook ``construct_homepage_panels``."""
    if request.user.is_superuser and is_open_for(request) and not Institution.objects.exists():
        panels.append(FirstRunPanel())
