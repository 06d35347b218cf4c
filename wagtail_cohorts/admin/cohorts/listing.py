"""The list of cohorts: state, progress and deadline in one look."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, TitleColumn
from wagtail.snippets.views import snippets

from wagtail_cohorts.admin.bars import Segment, bar_of, legend, state_tone
from wagtail_cohorts.admin.feature import is_open_for
from wagtail_cohorts.admin.spreadsheets import SafeExportMixin
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import OPEN_STATES, CohortState
from wagtail_cohorts.flags import EXPORTS

SOON = 5


class CellColumn(Column):
    """A cell that has its own small template, drawn once a row."""

    def facts(self, instance: Any) -> dict[str, Any]:
        raise NotImplementedError

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        return {"column": self, **self.facts(instance)}


class StateColumn(CellColumn):
    cell_template_name = "wagtail_cohorts/admin/cohorts/_state_cell.html"

    def facts(self, instance: Cohort) -> dict[str, Any]:
        return {"label": instance.get_state_display(), "tone": state_tone(instance.state)}


class ProgressColumn(CellColumn):
    cell_template_name = "wagtail_cohorts/admin/cohorts/_progress_cell.html"

    def facts(self, instance: Any) -> dict[str, Any]:
        return {"bar": bar_of(instance), "expected": instance.expected_students}


class DeadlineColumn(CellColumn):
    cell_template_name = "wagtail_cohorts/admin/cohorts/_deadline_cell.html"

    def facts(self, instance: Cohort) -> dict[str, Any]:
        day = instance.deadline
        left = (day - date.today()).days if day is not None and instance.is_open else None
        return {"day": day, "left": days_left(left), "is_late": left is not None and left <= SOON}


def days_left(days: int | None) -> str:
    if days is None:
        return ""
    if days < 0:
        return ngettext("%d day late", "%d days late", -days) % -days
    if days == 0:
        return str(_("today"))
    return ngettext("%d day left", "%d days left", days) % days


class CohortTitleColumn(TitleColumn):
    """The name, leading to the cohort's page, and what kind of programme it is."""

    cell_template_name = "wagtail_cohorts/admin/cohorts/title_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> Any:
        context = super().get_cell_context_data(instance, parent_context)
        context["about"] = about(instance)
        return context


def about(cohort: Cohort) -> str:
    """Programme, level and SETA, as far as they are known."""
    programme = cohort.programme
    level = cohort.nqf_level or programme.nqf_level
    parts = [
        str(programme),
        str(_("NQF %d") % level) if level else "",
        cohort.seta or programme.seta,
    ]
    return ", ".join(part for part in parts if part)


class CohortIndexView(SafeExportMixin, snippets.IndexView):
    """The title leads to the cohort's page; Edit stays in the row's menu."""

    table_classname = "listing wc-listing"
    default_ordering = ("deadline", "-pk")
    list_display = [
        "name",
        StateColumn("state", label=_("State"), sort_key="state"),
        ProgressColumn("progress", label=_("Students complete")),
        Column("sponsor", label=_("Sponsor"), sort_key="sponsor__name", classname="wc-hide-t wc-hide-s"),
        DeadlineColumn("deadline", label=_("Deadline"), sort_key="deadline"),
    ]

    @cached_property
    def columns(self) -> list[Any]:
        """Without check boxes: nothing is done to many cohorts at once."""
        return [column for column in super().columns if not isinstance(column, BulkActionsCheckboxColumn)]

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().with_progress()

    def order_queryset(self, queryset: Any) -> Any:
        """Unless a column is chosen: what is open first, by its deadline."""
        if self.ordering != self.default_ordering:
            return super().order_queryset(queryset)
        is_over = Case(
            When(state__in=OPEN_STATES, then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        return queryset.order_by(is_over, F("deadline").asc(nulls_last=True), "-pk")

    def _get_title_column(self, field_name: str, column_class: Any = CohortTitleColumn, **kwargs: Any) -> Any:
        column = super()._get_title_column(field_name, column_class, **kwargs)
        column.get_link_url = lambda instance, parent_context: self.get_inspect_url(instance)
        return column

    @property
    def legend(self) -> list[Segment]:
        return legend()

    @cached_property
    def show_export_buttons(self) -> bool:
        return is_open_for(self.request, EXPORTS)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        waiting = self.get_base_queryset().filter(
            state__in=(CohortState.INSTITUTION_SIGNING, CohortState.INSTITUTION_REVIEW)
        )
        context["needs_you"] = waiting.order_by().count() if not self.is_export else 0
        return context
