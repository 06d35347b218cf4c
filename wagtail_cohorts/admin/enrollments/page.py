"""One student's page: details, documents, agreements, link and history."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button, HeaderButton

from wagtail_cohorts.admin.activity import lines_of
from wagtail_cohorts.admin.addresses import address, cohort_url, cohorts_url, student_history_url
from wagtail_cohorts.admin.bars import SEGMENT_TONES
from wagtail_cohorts.admin.cohorts.students import segment_label, segment_of
from wagtail_cohorts.admin.enrollments.guardians import panel_of
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.operations import INVITABLE
from wagtail_cohorts.enrollments.students import age_on, identity_of
from wagtail_cohorts.enrollments.turns import turn_of
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.notifications.reminders import (
    AGREEMENT,
    DETAILS,
    DOCUMENT,
    Item,
    missing_items,
    remind_refusal,
)
from wagtail_cohorts.signing.resetting import RESETTABLE
from wagtail_cohorts.uploads.models import CURRENT_STATES, UploadState

HISTORY = 40
SHOWN = 12
UPLOAD_TONES = {UploadState.APPROVED: "good", UploadState.PENDING: "wait", UploadState.REJECTED: "bad"}


class EnrollmentView(generic.InspectView):
    template_name = "wagtail_cohorts/admin/enrollments/student.html"
    header_icon = "user"

    def get_object(self, queryset: Any = None) -> Enrollment:
        rows = Enrollment.objects.select_related(
            "cohort__institution", "cohort__programme", "cohort__sponsor"
        )
        return rows.get(pk=self.pk)

    def get_fields(self) -> list[str]:
        return []

    def get_page_title(self) -> str:
        return str(self.object)

    def get_page_subtitle(self) -> str:
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        cohort = self.object.cohort
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": cohorts_url(), "label": _("Cohorts")},
            {"url": cohort_url(cohort.pk), "label": str(cohort)},
            {"url": "", "label": str(self.object)},
        ]

    @cached_property
    def may_change(self) -> bool:
        return bool(self.user_has_permission("change"))

    @cached_property
    def missing(self) -> dict[str, Item]:
        """What the student still has to do, by name; empty for those who left."""
        return {item.name: item for item in missing_items(self.object)}

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not (self.may_change and self.object.is_active and self.object.cohort.is_open):
            return []
        return [
            HeaderButton(
                _("Change details"), url=address("change_student", pk=self.object.pk), icon_name="edit"
            )
        ]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        pk, more = self.object.pk, []
        if self.may_change and self.object.cohort.is_open:
            if self.object.is_active:
                if self.object.state in RESETTABLE and self.object.cohort.state in INVITABLE:
                    more.append((_("Back to the start"), address("reset", pk=pk), "rotate"))
                more.append((_("Withdraw from the cohort"), address("withdraw", pk=pk), "cross"))
            else:
                more.append((_("Take back into the cohort"), address("readmit", pk=pk), "plus"))
        return [Button(label, url=url, icon_name=icon) for label, url, icon in more]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        enrollment = self.object
        segment = segment_of(enrollment)
        events = Event.objects.filter(stream__key=enrollment.stream_key)[:HISTORY]
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.update(
            enrollment=enrollment,
            cohort=enrollment.cohort,
            cohort_url=cohort_url(enrollment.cohort_id),
            label=segment_label(segment, enrollment),
            tone=SEGMENT_TONES.get(segment, ""),
            details=self._details(),
            documents=self._documents(),
            agreements=self._agreements(),
            history=lines_of(events)[:SHOWN],
            history_url=student_history_url(enrollment.pk),
            link=PersonalLink.objects.filter(subject_key=enrollment.stream_key).first(),
            may_change=self.may_change,
            guardian=panel_of(enrollment, may_change=self.may_change),
            may_remind=self.may_change and not remind_refusal(enrollment),
            missing_details=self.missing.get(DETAILS),
            completion=CompletionRecord.objects.filter(enrollment=enrollment).first(),
            may_invite=self.may_change and enrollment.is_active and enrollment.cohort.state in INVITABLE,
        )
        return context

    def _details(self) -> list[tuple[str, Any]]:
        one = self.object
        age = age_on(one.birth_date, one.cohort.start_date or one.created_at.date())
        rows = [
            (_("E-mail"), one.email),
            (_("Phone"), one.phone),
            (_("Identity number"), identity_of(one)),
            (_("Date of birth"), date_format(one.birth_date, "j F Y") if one.birth_date else ""),
            (_("Age at the start"), age),
            (_("Gender"), one.get_gender_display()),
            (_("Race"), one.get_race_display()),
            (_("Town or city"), one.city),
            (_("Disability"), one.get_disability_display()),
        ]
        return [(label, value) for label, value in rows if value not in ("", None)]

    def _documents(self) -> list[dict[str, Any]]:
        uploads = list(
            self.object.uploads.filter(state__in=[*CURRENT_STATES, UploadState.REPLACED]).select_related(
                "original"
            )
        )
        for upload in uploads:
            upload.tone = UPLOAD_TONES.get(upload.state, "")
        return [
            {
                "document": row,
                "uploads": [one for one in uploads if one.required_document_id == row.pk],
                "missing": self.missing.get(f"{DOCUMENT}:{row.uuid}"),
            }
            for row in self.object.cohort.required_documents.all()
        ]

    def _agreements(self) -> list[dict[str, Any]]:
        rows = Agreement.objects.filter(enrollment=self.object).select_related("version")
        return [
            self._agreement(row) for row in rows.prefetch_related("acts__mark").order_by("position", "pk")
        ]

    def _agreement(self, row: Agreement) -> dict[str, Any]:
        acts = [act for act in row.acts.all() if act.revision == row.revision]
        definition = definition_of(row.version)
        row.enrollment = self.object
        names = {role.key: role.name for role in definition.roles}
        return {
            "row": row,
            "missing": self.missing.get(f"{AGREEMENT}:{row.uuid}"),
            "acts": [(names.get(act.role_key, act.role_key), act) for act in acts],
            "waiting": turn_of(row),
            "file": address("agreement_file", uuid=row.uuid),
            "history": address("agreement_history", uuid=row.uuid),
            "pages": [
                {
                    "number": page["number"],
                    "url": address("agreement_page", uuid=row.uuid, page=page["number"]),
                }
                for page in row.version.pages
            ],
        }
