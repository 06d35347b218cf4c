"""The panel on the admin's home page: what waits for the user, and the open cohorts."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.ui.components import Component

from wagtail_cohorts.admin.addresses import address, cohorts_url
from wagtail_cohorts.admin.bars import legend
from wagtail_cohorts.admin.dashboard.queries import Dashboard, dashboard_of
from wagtail_cohorts.admin.feature import is_open_for
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.compat import policy_for


class CohortsPanel(Component):
    """Empty for whoever works for no institution, and while the feature is closed."""

    name = "cohorts"
    order = 90
    template_name = "wagtail_cohorts/admin/dashboard/panel.html"

    class Media:
        css = {"all": ["wagtail_cohorts/css/admin.css"]}

    def __init__(self, request: Any) -> None:
        self.request = request

    @cached_property
    def dashboard(self) -> Dashboard:
        return dashboard_of(self.request.user)

    def is_shown(self) -> bool:
        may_see = bool(policy_for(Cohort).user_has_permission(self.request.user, "view"))
        return may_see and is_open_for(self.request)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "is_shown": self.is_shown(),
            "board": self.dashboard if self.is_shown() else None,
            "legend": legend(),
            "dashboard_url": address("dashboard"),
            "cohorts_url": cohorts_url(),
            "request": self.request,
        }


def add_cohorts_panel(request: Any, panels: list[Any]) -> None:
    """For the hook ``construct_homepage_panels``."""
    panel = CohortsPanel(request)
    if panel.is_shown():
        panels.append(panel)
