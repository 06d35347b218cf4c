"""The cohort's own page, in the viewset's "inspect" place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views import snippets

from wagtail_cohorts.admin.activity import events_of_cohort, lines_of
from wagtail_cohorts.admin.addresses import address, cohort_history_url, students_url
from wagtail_cohorts.admin.bars import SEGMENT_TONES, state_tone
from wagtail_cohorts.admin.cohorts.listing import SOON, about
from wagtail_cohorts.admin.cohorts.next_step import facts_of, next_of
from wagtail_cohorts.admin.cohorts.students import Items, counts_of, students_of
from wagtail_cohorts.admin.cohorts.track import past_of, track_of
from wagtail_cohorts.admin.feature import is_open_for
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import STEP_BACK, CohortState
from wagtail_cohorts.enrollments.operations import INVITABLE
from wagtail_cohorts.enrollments.students import clean_text
from wagtail_cohorts.flags import EXPORTS
from wagtail_cohorts.institutions.models import Membership

PER_PAGE = 25
FEED = 60
SHOWN = 6


@dataclass(frozen=True)
class Stat:
    key: str
    count: int
    label: str
    url: str
    is_current: bool


class CohortView(snippets.InspectView):
    """State, what is next, students, events, people and dates: a fixed number of queries."""

    template_name = "wagtail_cohorts/admin/cohorts/cohort.html"
    header_icon = "group"

    def get_object(self, queryset: Any = None) -> Cohort:
        return Cohort.objects.select_related("institution", "programme", "sponsor").get(pk=self.pk)

    def get_fields(self) -> list[str]:
        return []

    def get_page_title(self) -> str:
        return str(self.object)

    def get_page_subtitle(self) -> str:
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        listing = {
            "url": reverse(self.index_url_name),
            "label": capfirst(self.model._meta.verbose_name_plural),
        }
        return [*self.breadcrumbs_items, listing, {"url": "", "label": str(self.object)}]

    @cached_property
    def may_change(self) -> bool:
        return bool(self.user_has_permission("change"))

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.may_change or not self.object.is_open:
            return []
        return [
            HeaderButton(_("Add students"), url=address("add_students", pk=self.object.pk), icon_name="plus")
        ]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [
            Button(label, url=url, icon_name=icon, priority=place)
            for place, (label, url, icon) in enumerate(self._more())
        ]

    def _more(self) -> list[tuple[str, str, str]]:
        cohort, pk, more = self.object, self.object.pk, []
        if edit_url := self.get_edit_url():
            more.append((_("Edit"), edit_url, "edit"))
        more.append((_("All students as a list"), f"{students_url()}?cohort={pk}", "list-ul"))
        more.append((_("History"), cohort_history_url(pk), "history"))
        if is_open_for(self.request, EXPORTS):
            more.append((_("Download Excel"), address("export", pk=pk), "download"))
            more.append((_("Download CSV"), f"{address('export', pk=pk)}?format=csv", "download"))
            more.append((_("More columns"), address("export_columns", pk=pk), "table"))
        if cohort.state != CohortState.DRAFT:
            more.append((_("Sponsor: reminders and contact"), address("sponsor", pk=pk), "user"))
        if self.may_change and cohort.sponsor_invitations.exists() and cohort.is_open:
            more.append((_("Sponsor's links"), address("sponsor_links", pk=pk), "link"))
        if self.may_change and CohortState(cohort.state) in STEP_BACK:
            more.append((_("One step back"), address("step_back", pk=pk), "rotate"))
        if self.may_change and cohort.is_open:
            more.append((_("Cancel the cohort"), address("cancel", pk=pk), "cross"))
        if delete_url := self.get_delete_url():
            more.append((_("Delete"), delete_url, "bin"))
        return more

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        cohort: Any = self.object
        counts, past = counts_of(cohort), past_of(cohort)
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            cohort=cohort,
            about=about(cohort),
            state_tone=state_tone(cohort.state),
            may_change=self.may_change,
            may_choose=self.may_change and cohort.state in INVITABLE,
            track=track_of(cohort, past, done=counts["done"], active=counts["active"]),
            next=next_of(facts_of(cohort, counts, past)),
            stats=self._stats(counts),
            tones=SEGMENT_TONES,
            feed=lines_of(events_of_cohort(cohort)[:FEED])[:SHOWN],
            activity_url=cohort_history_url(cohort.pk),
            people=self._people(),
            dates=self._dates(),
            invite_url=address("invite", pk=cohort.pk),
            add_url=address("add_students", pk=cohort.pk),
            **self._students(),
        )
        return context

    def _stats(self, counts: dict[str, int]) -> list[Stat]:
        labels = {
            "active": _("active students"),
            "done": _("complete"),
            "guardian": _("waiting for the guardian"),
            "to_verify": _("to verify"),
            "sent_back": _("sent back"),
            "in_progress": _("in progress"),
            "not_started": _("not started"),
            "closed": _("withdrawn"),
        }
        current = self.request.GET.get("show", "")
        return [
            Stat(key, counts[key], label, f"?{urlencode({'show': key})}#students", current == key)
            for key, label in labels.items()
            if counts[key] or key != "guardian"
        ]

    def _students(self) -> dict[str, Any]:
        show, search = self.request.GET.get("show", ""), clean_text(self.request.GET.get("q", ""))[:100]
        items = Items(self.object)
        paginator = Paginator(students_of(self.object, show=show, search=search), PER_PAGE)
        page = paginator.get_page(self.request.GET.get("p"))
        query = urlencode({key: value for key, value in (("show", show), ("q", search)) if value})
        return {
            "rows": items.rows(list(page.object_list)),
            "headings": items.headings,
            "page_obj": page,
            "show": show,
            "search": search,
            "query": f"{query}&" if query else "",
        }

    def _people(self) -> list[tuple[str, str]]:
        members = Membership.objects.filter(institution_id=self.object.institution_id).select_related("user")
        names = [row.user.get_full_name() or row.user.get_username() for row in members[:6]]
        contacts = [
            f"{party.contact.name}{', ' + party.contact.position if party.contact.position else ''}"
            for party in self.object.parties.select_related("contact")
        ]
        return [(_("Staff"), ", ".join(names)), (_("Sponsor"), "; ".join(contacts) or _("nobody named yet"))]

    def _dates(self) -> list[tuple[str, Any, bool]]:
        cohort = self.object
        rows = [
            (_("Students finish by"), cohort.deadline),
            (_("Sponsor signs by"), cohort.sign_by),
            (_("Programme starts"), cohort.start_date),
            (_("Programme ends"), cohort.end_date),
        ]
        today = date.today()
        return [
            (label, day, cohort.is_open and place < 2 and (day - today).days <= SOON)
            for place, (label, day) in enumerate(rows)
            if day
        ]
