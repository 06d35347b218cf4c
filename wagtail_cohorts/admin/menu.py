"""The "Cohorts" group of the main menu, and the viewset of each model in it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSetGroup

from wagtail_cohorts.admin.cohorts.viewset import CohortViewSet
from wagtail_cohorts.admin.enrollments.viewset import EnrollmentViewSet
from wagtail_cohorts.admin.feature import is_open_for
from wagtail_cohorts.admin.institutions.viewset import InstitutionViewSet
from wagtail_cohorts.admin.programmes import ProgrammeViewSet
from wagtail_cohorts.admin.sponsors import SponsorViewSet
from wagtail_cohorts.admin.templates.viewset import TemplateViewSet
from wagtail_cohorts.compat import policy_for
from wagtail_cohorts.models import Cohort


class PageMenuItem(MenuItem):
    """A page of our own in the group: shown while the feature is open, to whoever works for an institution."""

    def is_shown(self, request: HttpRequest) -> bool:
        return is_open_for(request) and bool(policy_for(Cohort).user_has_permission(request.user, "view"))


class CohortsGroup(ViewSetGroup):
    """Snippets, models and pages alike; hides itself when no item is shown."""

    menu_label = _("Cohorts")
    menu_name = "cohorts"
    menu_icon = "group"
    menu_order = 150
    items = (
        CohortViewSet, EnrollmentViewSet, TemplateViewSet, ProgrammeViewSet, SponsorViewSet, InstitutionViewSet,
    )  # fmt: skip

    def get_submenu_items(self) -> list[Any]:
        """Today first, Verification after the students; the rest as listed above."""
        cohorts, students, *others = super().get_submenu_items()
        today = PageMenuItem(
            _("Today"),
            reverse_lazy("wagtail_cohorts_admin:dashboard"),
            name="cohorts-today",
            icon_name="home",
        )
        checking = PageMenuItem(
            _("Verification"), reverse_lazy("wagtail_cohorts_admin:verification"), name="cohorts-verification",
            icon_name="tick-inverse",
        )  # fmt: skip
        ordered = [today, cohorts, students, checking, *others]
        for place, item in enumerate(ordered):
            item.order = place
        return ordered


group = CohortsGroup()


def viewset_of(model: Any) -> Any:
    """The scoped viewset that lists the model."""
    return next(viewset for viewset in group.registerables if viewset.model is model)
