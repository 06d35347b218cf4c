"""The list of students across cohorts."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import quote
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views import generic

from wagtail_cohorts.admin.bars import SEGMENT_TONES
from wagtail_cohorts.admin.cohorts.listing import TagColumn
from wagtail_cohorts.admin.cohorts.students import segment_label, segment_of
from wagtail_cohorts.admin.feature import is_open_for
from wagtail_cohorts.admin.spreadsheets import SafeExportMixin
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.flags import EXPORTS


class SegmentColumn(TagColumn):
    def tag(self, instance: Enrollment) -> tuple[str, Any]:
        segment = segment_of(instance)
        return SEGMENT_TONES.get(segment, ""), segment_label(segment, instance)


class EnrollmentIndexView(SafeExportMixin, generic.IndexView):
    """Names lead to the student's page; bulk actions honour the filters."""

    table_classname = "listing wc-listing"
    default_ordering = ("last_name", "first_name", "pk")
    list_display = [
        TitleColumn(
            "full_name",
            label=_("Student"),
            sort_key="last_name",
            get_title_id=lambda instance: f"enrollment_{quote(instance.pk)}_title",
        ),
        Column("cohort", label=_("Cohort"), sort_key="cohort__name"),
        SegmentColumn("state", label=_("State"), sort_key="state"),
        Column("email", label=_("E-mail"), sort_key="email", classname="wc-hide-t"),
        DateColumn("invited_at", label=_("Invited"), sort_key="invited_at", classname="wc-hide-m"),
        DateColumn("submitted_at", label=_("Sent"), sort_key="submitted_at", classname="wc-hide-m"),
    ]

    @cached_property
    def columns(self) -> list[Any]:
        columns = list(super().columns)
        columns[0]._get_url_func = self.get_inspect_url
        return [BulkActionsCheckboxColumn("bulk_actions", obj_type="enrollment"), *columns]

    @cached_property
    def show_export_buttons(self) -> bool:
        return is_open_for(self.request, EXPORTS)

    def get_add_url(self) -> None:
        return None

    def get_edit_url(self, instance: Enrollment) -> None:
        return None

    def get_delete_url(self, instance: Enrollment) -> None:
        return None
