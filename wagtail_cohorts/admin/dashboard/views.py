"""The dashboard as a page of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy
from wagtail.admin.widgets.button import HeaderButton

from wagtail_cohorts.admin.addresses import add_cohort_url, cohorts_url
from wagtail_cohorts.admin.bars import legend
from wagtail_cohorts.admin.dashboard.queries import dashboard_of
from wagtail_cohorts.admin.pages import StaffPage
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.compat import policy_for


class DashboardPage(StaffPage):
    model = Cohort
    permission_required = "view"
    template_name = "wagtail_cohorts/admin/dashboard/dashboard.html"
    page_title = gettext_lazy("Today")

    @property
    def header_buttons(self) -> list[Any]:
        if not policy_for(Cohort).user_has_permission(self.request.user, "add"):
            return []
        return [HeaderButton(gettext_lazy("Add a cohort"), url=add_cohort_url(), icon_name="plus")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            board=dashboard_of(self.request.user),
            legend=legend(),
            today=date.today(),
            cohorts_url=cohorts_url(),
            **kwargs,
        )
