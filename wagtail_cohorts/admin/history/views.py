"""The history pages: Wagtail's own listing over the evidence, for a cohort, a student and an agreement."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.history import HistoryView
from wagtail.admin.widgets.button import Button

from wagtail_cohorts.admin.activity import told_of
from wagtail_cohorts.admin.addresses import address, cohort_url, cohorts_url, student_url
from wagtail_cohorts.admin.feature import is_open_for, require_open
from wagtail_cohorts.admin.history.export import csv_lines
from wagtail_cohorts.admin.history.filters import EventFilterSet, matching
from wagtail_cohorts.admin.history.trails import AT_ONCE, Trail, Verified
from wagtail_cohorts.admin.pages import actor_of
from wagtail_cohorts.admin.scoping import ScopedPageMixin
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.students import clean_text
from wagtail_cohorts.exports.history import note_history_exported
from wagtail_cohorts.files.serving import protect
from wagtail_cohorts.flags import EXPORTS


class ToldColumn(Column):
    """``told`` hangs on each event of the page."""

    def get_value(self, instance: Any) -> Any:
        return instance.told


class EvidenceListing(BaseListingView):
    """Events of a trail with search, filters, pages, a CSV file, and the line that says what was verified."""

    template_name = "wagtail_cohorts/admin/history/history.html"
    results_template_name = "wagtail_cohorts/admin/history/history_results.html"
    page_title = gettext_lazy("History")
    header_icon = "history"
    paginate_by = 50
    is_searchable = True
    filterset_class = EventFilterSet
    default_ordering = None
    table_classname = "listing wc-listing wc-history"

    @cached_property
    def trail(self) -> Trail:
        raise NotImplementedError

    @cached_property
    def columns(self) -> list[Column]:
        cells = "wagtail_cohorts/admin/history/"
        return [
            _column("what", _("What happened"), f"{cells}what_cell.html"),
            _column("who", _("Who"), f"{cells}who_cell.html", width="20%"),
            _column("when", _("When"), f"{cells}when_cell.html", width="15%"),
        ]

    # Rows

    def get_base_queryset(self) -> Any:
        return self.trail.events()

    def get_filterset_kwargs(self) -> dict[str, Any]:
        return {"data": self.request.GET, "request": self.request, "queryset": self.get_base_queryset()}

    def search_queryset(self, queryset: Any) -> Any:
        words = clean_text(self.search_query)[:100]
        return matching(queryset, self.trail.students(), words) if words else queryset

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator, page, rows, is_paginated = super().paginate_queryset(queryset, page_size)
        page.object_list = [_with(event, told) for event, told in zip(rows, told_of(rows), strict=True)]
        return paginator, page, page.object_list, is_paginated

    # The file

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") != "csv":
            return super().get(request, *args, **kwargs)
        require_open(request, EXPORTS, subject=self.trail.subject)
        if self.filters is not None and not self.filters.is_valid():  # the listing would show everything
            raise Http404
        events = self.get_queryset()
        note_history_exported(self.trail.stream_key, data=self.trail.identity, actor=actor_of(request))
        response: Any = StreamingHttpResponse(csv_lines(events), content_type="text/csv; charset=utf-8")
        protect(response)
        response["Content-Disposition"] = f'attachment; filename="{self.file_stem()}.csv"'
        return response

    def file_stem(self) -> str:
        name = self.trail.subject.name if isinstance(self.trail.subject, Cohort) else ""
        return f"history-{slugify(name) or str(self.trail.subject.uuid)[:8]}"

    @cached_property
    def header_buttons(self) -> list[Any]:
        return []

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        if not is_open_for(self.request, EXPORTS):
            return []
        asked = {
            key: values for key, values in self.request.GET.lists() if key not in ("p", "_w_filter_fragment")
        }
        query = urlencode({**asked, "export": "csv"}, doseq=True)
        return [Button(_("Download CSV"), url=f"{self.get_index_url()}?{query}", icon_name="download")]

    # The page

    def get_page_subtitle(self) -> str:
        return str(self.trail.subject)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
        listing = {"url": cohorts_url(), "label": _("Cohorts")}
        own = {"url": "", "label": _("History"), "sublabel": self.get_page_subtitle()}
        return [home, listing, *self.crumbs(), own]

    def crumbs(self) -> list[dict[str, Any]]:
        subject = self.trail.subject
        cohort = subject if isinstance(subject, Cohort) else subject.cohort
        found = [{"url": cohort_url(cohort.pk), "label": str(cohort)}]
        student = subject if isinstance(subject, Enrollment) else getattr(subject, "enrollment", None)
        if student is not None:
            found.append({"url": student_url(student.pk), "label": str(student)})
        return found

    def verified(self) -> Verified | None:
        """None when there are so many events that they are verified on request only."""
        asked = "verify" in self.request.GET
        return self.trail.verified() if asked or self.trail.size() <= AT_ONCE else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if not self.results_only:
            context.update(verified=self.verified(), size=self.trail.size())
        return {**context, "trail": self.trail, "has_any": bool(self.trail.size())}


def _column(name: str, label: str, template: str, **more: Any) -> Column:
    column = ToldColumn(name, label=label, **more)
    column.cell_template_name = template
    return column


def _with(event: Any, told: Any) -> Any:
    event.told = told
    return event


class SubjectHistoryView(EvidenceListing, HistoryView):
    """In the viewset's place for Wagtail's history of a cohort or a student."""

    any_permission_required = ["view"]

    @cached_property
    def trail(self) -> Trail:
        return Trail(self.object)

    def get_index_url(self) -> str:
        return str(self.get_history_url(self.object))


class AgreementHistoryPage(ScopedPageMixin, EvidenceListing):
    """What happened to one agreement, the institution's act on its specimen included."""

    model = Agreement
    permission_required = "view"

    def subjects(self) -> Any:
        return Agreement.objects.select_related("enrollment", "cohort", "version")

    @cached_property
    def trail(self) -> Trail:
        return Trail(self.subject)

    def get_page_subtitle(self) -> str:
        return str(self.subject.title)

    def get_index_url(self) -> str:
        return address("agreement_history", uuid=self.subject.uuid)

    def get_index_results_url(self) -> str:
        return address("agreement_history_results", uuid=self.subject.uuid)
