"""One document at a time: look, decide, go on. Works as plain forms; keys are an addition."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_cohorts.admin.addresses import address
from wagtail_cohorts.admin.pages import StaffPage, attempt
from wagtail_cohorts.admin.verification.queue import (
    REASONS,
    checks_of,
    earlier_reason,
    narrowed,
    next_after,
    place_of,
    shown_around,
    waiting,
    with_people,
)
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.compat import policy_for
from wagtail_cohorts.enrollments.students import identity_of
from wagtail_cohorts.uploads.models import Upload, UploadState
from wagtail_cohorts.uploads.operations import approve_upload, reject_upload, undo_decision

KEPT = ("cohort", "document", "q", "finished")


class QueuePage(StaffPage):
    """The queue with its oldest document open; or the one in the address."""

    model = Upload
    permission_required = "view"
    template_name = "wagtail_cohorts/admin/verification/queue.html"
    page_title = gettext_lazy("Verification")
    header_icon = "view"

    def subjects(self) -> Any:
        return Upload.objects.select_related(
            "file", "original", "required_document", "enrollment__cohort__institution"
        )

    @property
    def query(self) -> str:
        """The filters, as the end of an address."""
        kept = {name: self.request.GET[name] for name in KEPT if self.request.GET.get(name)}
        return f"?{urlencode(kept)}" if kept else ""

    def queue(self) -> Any:
        return narrowed(waiting(self.request.user), self.request.GET)

    def address_of(self, upload: Upload | None) -> str:
        return (
            address("verify", uuid=upload.uuid) + self.query
            if upload
            else address("verification") + self.query
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.queue()
        upload: Any = self.subject or self.subjects().filter(pk=self._oldest(rows)).first()
        context: dict[str, Any] = super().get_context_data(
            upload=upload, query=self.query, params=self.request.GET, undo=self._undo(), **kwargs
        )
        context["cohorts"] = Cohort.objects.filter(
            pk__in=waiting(self.request.user).order_by().values("enrollment__cohort")
        ).order_by("name")
        if upload is None:
            return context
        place = place_of(rows, upload)
        context.update(
            place=place,
            queue=shown_around(rows, place),
            enrollment=upload.enrollment,
            checks=checks_of(upload),
            identity=identity_of(upload.enrollment),
            earlier_reason=earlier_reason(upload),
            reasons=REASONS,
            is_pending=upload.state == UploadState.PENDING,
            may_decide=self._may_decide(upload),
            previous_url=self.address_of(place.previous) if place.previous else "",
            next_url=self.address_of(place.next) if place.next else "",
            pages=range(1, upload.pages + 1),
            typed=self.request.POST.get("message", ""),
        )
        return context

    @staticmethod
    def _oldest(rows: Any) -> Any:
        """Asked for by itself: MySQL takes no LIMIT in a subquery."""
        return rows.values_list("pk", flat=True).first()

    def _may_decide(self, upload: Upload) -> bool:
        policy = policy_for(Cohort)
        return bool(
            policy.user_has_permission_for_instance(self.request.user, "change", upload.enrollment.cohort)
        )

    def _undo(self) -> Upload | None:
        """The document that was just accepted, to be taken back from the strip."""
        key = self.request.GET.get("accepted", "")
        if not key.isdecimal() or len(key) > 17:
            return None
        rows = with_people(Upload.objects.visible_to(self.request.user))
        found: Upload | None = rows.filter(pk=int(key), state=UploadState.APPROVED).first()
        return found


class DecisionPage(QueuePage):
    """Decides on POST, then opens the next document of the same queue."""

    http_method_names = ["post", "options"]

    def is_allowed(self, user: Any) -> bool:
        return self._may_decide(self.subject)

    def go_on(self, **more: Any) -> HttpResponse:
        following = self.address_of(next_after(with_people(self.queue()), self.subject))
        if more:
            following += ("&" if "?" in following else "?") + urlencode(more)
        return redirect(following)


class ApprovePage(DecisionPage):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        succeeded, _result = attempt(request, lambda: approve_upload(self.subject, actor=self.actor), done="")
        return self.go_on(accepted=self.subject.pk) if succeeded else redirect(self.address_of(self.subject))


class RejectPage(DecisionPage):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        parts = [request.POST.get("reason", "").strip(), request.POST.get("message", "").strip()]
        reason = ". ".join(part.rstrip(".") for part in parts if part)
        succeeded, _result = attempt(
            request,
            lambda: reject_upload(self.subject, reason=reason, actor=self.actor),
            done=_("Sent back: %(document)s of %(student)s. The student gets a mail.")
            % {
                "document": self.subject.required_document.label,
                "student": self.subject.enrollment.full_name,
            },
        )
        return self.go_on() if succeeded else self.redraw()

    def redraw(self) -> HttpResponse:
        self.subject.refresh_from_db(fields=["state"])
        return self.render_to_response(self.get_context_data(**self.kwargs))


class UndoPage(DecisionPage):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        attempt(
            request,
            lambda: undo_decision(self.subject, actor=self.actor),
            done=_("Taken back. Decide again."),
        )
        return redirect(self.address_of(self.subject))
