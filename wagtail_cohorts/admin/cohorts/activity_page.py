"""All events of a cohort, page by page."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy

from wagtail_cohorts.admin.activity import events_of_cohort, lines_of
from wagtail_cohorts.admin.pages import CohortPage

PER_PAGE = 100


class ActivityPage(CohortPage):
    permission_required = "view"
    template_name = "wagtail_cohorts/admin/cohorts/activity.html"
    page_title = gettext_lazy("Activity")
    header_icon = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(events_of_cohort(self.cohort), PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(page_obj=page, lines=lines_of(list(page.object_list)), **kwargs)
