"""The cohorts' viewset: a snippet whose life is the state table, not drafts."""

from __future__ import annotations

from typing import Any

from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_cohorts.admin.cohorts.edit_views import CohortCreateView, CohortDeleteView, CohortEditView
from wagtail_cohorts.admin.cohorts.filters import CohortFilterSet
from wagtail_cohorts.admin.cohorts.listing import CohortIndexView
from wagtail_cohorts.admin.cohorts.page import CohortView
from wagtail_cohorts.admin.cohorts.panels import cohort_edit_handler
from wagtail_cohorts.admin.history.views import SubjectHistoryView
from wagtail_cohorts.admin.scoping import ScopedViewSetMixin
from wagtail_cohorts.cohorts.models import Cohort


class CohortViewSet(ScopedViewSetMixin, SnippetViewSet):
    model = Cohort
    icon = "group"
    menu_order = 100
    list_select_related = ("institution", "programme", "sponsor")
    list_per_page = 50
    search_backend_name = None  # the listing's filters and annotations are plain queries
    search_fields = ("name", "sponsor__name", "programme__name")
    list_export = (
        "name",
        "institution",
        "programme",
        "sponsor",
        "get_state_display",
        "active",
        "done",
        "expected_students",
        "start_date",
        "end_date",
        "deadline",
        "seta",
        "qualification",
        "nqf_level",
    )
    export_filename = "cohorts"
    filterset_class = CohortFilterSet
    index_view_class = CohortIndexView
    index_template_name = "wagtail_cohorts/admin/cohorts/index.html"
    index_results_template_name = "wagtail_cohorts/admin/cohorts/index_results.html"
    add_view_class = CohortCreateView
    edit_view_class = CohortEditView
    delete_view_class = CohortDeleteView
    history_view_class = SubjectHistoryView
    history_template_name = SubjectHistoryView.template_name
    inspect_view_enabled = True
    inspect_view_class = CohortView
    inspect_template_name = CohortView.template_name
    sort_order_field = None

    def get_edit_handler(self) -> Any:
        return cohort_edit_handler().bind_to_model(self.model)
