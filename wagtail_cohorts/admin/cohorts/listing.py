"""The list of cohorts: state, progress and deadline in one look."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, TitleColumn
from wagtail.snippets.views import snippets

from wagtail_cohorts.admin.bars import Segment, bar_html, bar_of, legend, state_tone
from wagtail_cohorts.admin.feature import is_open_for
from wagtail_cohorts.admin.spreadsheets import SafeExportMixin
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.queries import attach_progress
from wagtail_cohorts.cohorts.states import OPEN_STATES, CohortState
from wagtail_cohorts.flags import EXPORTS

SOON = 5


class TagColumn(Column):
    """A word in a coloured tag, written without a template: a long list draws many."""

    def tag(self, instance: Any) -> tuple[str, Any]:
        """Tone and word."""
        raise NotImplementedError

    def render_cell_html(self, instance: Any, parent_context: Any) -> str:
        tone, word = self.tag(instance)
        classes = f"wc-tag wc-tag-{tone}" if tone else "wc-tag"
        return format_html(
            '<td class="{}"><span class="{}">{}</span></td>', self.classname or "", classes, word
        )


class StateColumn(TagColumn):
    def tag(self, instance: Cohort) -> tuple[str, Any]:
        return state_tone(instance.state), instance.get_state_display()


class ProgressColumn(Column):
    """The bar and "34 of 50" together."""

    def render_cell_html(self, instance: Any, parent_context: Any) -> str:
        bar = bar_of(instance)
        if bar.total:
            words = _("%(done)d of %(all)d") % {"done": bar.done, "all": bar.total}
            cell = format_html(
                '<span class="wc-prog">{}<span class="wc-num">{}</span></span>', bar_html(bar), words
            )
        elif instance.expected_students:
            words = _("No students yet, %d expected") % instance.expected_students
            cell = format_html('<span class="wc-meta">{}</span>', words)
        else:
            cell = format_html('<span class="wc-meta">{}</span>', _("No students yet"))
        return format_html('<td class="{}">{}</td>', self.classname or "", cell)


class DeadlineColumn(Column):
    """The day, and under it how many are left; red only when it is near."""

    def render_cell_html(self, instance: Cohort, parent_context: Any) -> str:
        day = instance.deadline
        if day is None:
            cell = format_html('<span class="wc-meta">{}</span>', _("Not set"))
        else:
            left = (day - date.today()).days if instance.is_open else None
            tone = "wc-late" if left is not None and left <= SOON else "wc-meta"
            words = (
                format_html('<br><span class="{}">{}</span>', tone, days_left(left))
                if left is not None
                else ""
            )
            cell = format_html('<span class="wc-nowrap">{}{}</span>', date_format(day, "j M Y"), words)
        return format_html('<td class="{}">{}</td>', self.classname or "", cell)


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
        """Counted in the database for an export; for a page of the list, once the page is known."""
        rows = super().get_base_queryset()
        return rows.with_progress() if self.is_export else rows

    def get_table(self, object_list: Any) -> Any:
        return super().get_table(attach_progress(object_list))

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
        waiting = Cohort.objects.visible_to(self.request.user).filter(
            state__in=(CohortState.INSTITUTION_SIGNING, CohortState.INSTITUTION_REVIEW)
        )
        context["needs_you"] = waiting.count() if not self.is_export else 0
        return context
