"""Students across cohorts: a ModelViewSet, reached from a cohort, never choosable."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet

from wagtail_cohorts.admin.addresses import STUDENTS, student_url
from wagtail_cohorts.admin.enrollments.filters import EnrollmentFilterSet
from wagtail_cohorts.admin.enrollments.listing import EnrollmentIndexView
from wagtail_cohorts.admin.enrollments.page import EnrollmentView
from wagtail_cohorts.admin.history.views import SubjectHistoryView
from wagtail_cohorts.admin.scoping import ScopedViewSetMixin
from wagtail_cohorts.enrollments.models import Enrollment

KEPT = {"index", "index_results", "inspect", "history", "history_results"}
"""Students are added, changed and withdrawn by operations with pages of their own, never by a model form."""


class EnrollmentViewSet(ScopedViewSetMixin, ModelViewSet):
    model = Enrollment
    name = STUDENTS
    url_prefix = "cohorts/students"
    icon = "user"
    menu_label = _("Students")
    menu_order = 200
    list_select_related = ("institution", "cohort")
    list_per_page = 100
    list_export = (
        "cohort",
        "first_name",
        "last_name",
        "email",
        "phone",
        "city",
        "get_state_display",
        "get_verification_display",
        "invited_at",
        "submitted_at",
    )
    export_filename = "students"
    search_backend_name = None
    search_fields = ("first_name", "last_name", "email")
    filterset_class = EnrollmentFilterSet
    form_fields = ("phone",)
    index_view_class = EnrollmentIndexView
    index_template_name = "wagtail_cohorts/admin/enrollments/index.html"
    index_results_template_name = "wagtail_cohorts/admin/enrollments/index_results.html"
    history_view_class = SubjectHistoryView
    history_template_name = SubjectHistoryView.template_name
    inspect_view_enabled = True
    inspect_view_class = EnrollmentView
    inspect_template_name = EnrollmentView.template_name
    sort_order_field = None

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_common_view_kwargs(**kwargs)
        return {
            **found,
            "add_url_name": None,
            "edit_url_name": None,
            "delete_url_name": None,
            "usage_url_name": None,
        }

    def get_urlpatterns(self) -> list[Any]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in KEPT]

    @property
    def url_finder_class(self) -> Any:
        viewset = self

        class StudentURLFinder:
            """Wagtail asks for the edit address of what its log names; a student's page is that."""

            def __init__(self, user: Any = None) -> None:
                self.user = user

            def get_edit_url(self, instance: Any) -> str | None:
                visible = self.user is None or viewset.visible_to(self.user).filter(pk=instance.pk).exists()
                return student_url(instance.pk) if visible else None

        return StudentURLFinder
