"""The "Cohorts" group of the main menu, and the viewset of each model in it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from wagtail_cohorts.admin.institutions.viewset import InstitutionViewSet
from wagtail_cohorts.admin.programmes import ProgrammeViewSet
from wagtail_cohorts.admin.sponsors import SponsorViewSet
from wagtail_cohorts.admin.templates.viewset import TemplateViewSet


class CohortsGroup(ViewSetGroup):  # type: ignore[misc]
    """Snippets and models alike; hides itself when no item is shown."""

    menu_label = _("Cohorts")
    menu_name = "cohorts"
    menu_icon = "group"
    menu_order = 150
    items = (TemplateViewSet, ProgrammeViewSet, SponsorViewSet, InstitutionViewSet)


group = CohortsGroup()


def viewset_of(model: Any) -> Any:
    """The scoped viewset that lists the model."""
    return next(viewset for viewset in group.registerables if viewset.model is model)
