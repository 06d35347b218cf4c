"""Progress of one batch, from its rows: reloads itself without script, asks for JSON with it."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_cohorts.admin.addresses import address, cohort_url, cohorts_url
from wagtail_cohorts.admin.limits import visible_or_404
from wagtail_cohorts.admin.pages import StaffPage, attempt
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import cancel_batch, retry_batch
from wagtail_cohorts.batches.queries import failed_items, progress_of
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.compat import policy_for
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.exports.models import ExportFile
from wagtail_cohorts.institutions.models import Institution

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TITLES = {
    "invite": gettext_lazy("Sending invitations"),
    "finalize": gettext_lazy("Finalizing"),
    "pack": gettext_lazy("Making the ZIP"),
    "export": gettext_lazy("Making the export"),
    "sign": gettext_lazy("The sponsor signs"),
}
DONE = {
    "invite": gettext_lazy("The invitations are on their way."),
    "finalize": gettext_lazy("Every paper is sealed. The cohort is completed."),
    "pack": gettext_lazy("The ZIP is ready."),
    "export": gettext_lazy("The export is ready."),
    "sign": gettext_lazy("The sponsor has signed."),
}
STOPPABLE = ("invite", "pack", "export", "finalize")


class BatchPage(StaffPage):
    model = Batch
    permission_required = "view"
    template_name = "wagtail_cohorts/admin/batches/batch.html"
    header_icon = "tasks"

    def find_subject(self, request: HttpRequest, **kwargs: Any) -> Any:
        """The room of batches lies below institutions, so its rows are scoped here."""
        batch = Batch.objects.filter(uuid=kwargs["uuid"]).first()
        key = batch.institution_id if batch is not None else None
        visible_or_404(Institution.objects.all(), request.user, pk=key)
        return batch

    @property
    def batch(self) -> Batch:
        return self.subject

    @property
    def home_url(self) -> str:
        cohort = self.cohort()
        return cohort_url(cohort.pk) if cohort else cohorts_url()

    def get_page_title(self) -> str:
        return str(TITLES.get(self.batch.kind, _("Work in progress")))

    def crumbs(self) -> list[dict[str, Any]]:
        cohort = self.cohort()
        return [{"url": cohort_url(cohort.pk), "label": str(cohort)}] if cohort else []

    def cohort(self) -> Cohort | None:
        if not hasattr(self, "_cohort"):
            found = UUID.search(self.batch.subject_key)
            rows = Cohort.objects.filter(institution_id=self.batch.institution_id)
            self._cohort = rows.filter(uuid=found.group()).first() if found else None
        return self._cohort

    def may_change(self) -> bool:
        cohort = self.cohort()
        if cohort is None:
            return False
        return bool(policy_for(Cohort).user_has_permission_for_instance(self.request.user, "change", cohort))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        batch, cohort = self.batch, self.cohort()
        export = ExportFile.objects.filter(batch=batch).first() if not batch.is_open else None
        return super().get_context_data(
            batch=batch,
            cohort=cohort,
            progress=progress_of(batch),
            failures=self.failures(),
            may_change=self.may_change(),
            sentence=DONE.get(batch.kind, ""),
            may_stop=batch.kind in STOPPABLE and batch.state in (Batch.PENDING, Batch.RUNNING),
            export_url=address("export_file", pk=export.pk) if export else "",
            **kwargs,
        )

    def failures(self) -> list[tuple[str, str]]:
        items = failed_items(self.batch)
        uuids = [item.key for item in items if UUID.fullmatch(item.key)]
        rows = Enrollment.objects.filter(uuid__in=uuids, institution_id=self.batch.institution_id)
        names = {str(row.uuid): row.full_name for row in rows}
        return [(names.get(item.key, item.key), item.error) for item in items]


class BatchProgress(BatchPage):
    """For the page's script."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        progress = progress_of(self.batch)
        response = JsonResponse(
            {
                "open": self.batch.is_open,
                "state": self.batch.state,
                "total": progress.total,
                "prepared": progress.prepared,
                "failed": progress.failed,
                "percent": progress.percent,
            }
        )
        response["Cache-Control"] = "no-store"
        return response


class BatchDecision(BatchPage):
    http_method_names = ["post", "options"]

    def is_allowed(self, user: Any) -> bool:
        return self.may_change()

    def back(self) -> HttpResponseRedirect:
        return redirect(address("batch", uuid=self.batch.uuid))


class RetryPage(BatchDecision):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        attempt(
            request,
            lambda: retry_batch(self.batch, actor=self.actor),
            done=_("The failed ones are tried again."),
        )
        return self.back()


class StopPage(BatchDecision):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        attempt(request, lambda: cancel_batch(self.batch, actor=self.actor), done=_("The work was stopped."))
        return self.back()
