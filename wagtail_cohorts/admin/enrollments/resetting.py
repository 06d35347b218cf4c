"""The page on which staff take a student back to the start."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_cohorts.admin.enrollments.actions import StudentPage
from wagtail_cohorts.admin.enrollments.consequences import of_resetting
from wagtail_cohorts.admin.pages import Confirms
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import INVITABLE
from wagtail_cohorts.signing.resetting import RESETTABLE, Undone, reset_student, what_reset_undoes


class ResetPage(Confirms, StudentPage):
    """Says what no longer counts, and asks what is to become of the documents."""

    template_name = "wagtail_cohorts/admin/enrollments/reset.html"
    page_title = gettext_lazy("Back to the start")
    button = gettext_lazy("Take back to the start")
    needs_reason, is_destructive = True, True

    @cached_property
    def undone(self) -> Undone:
        return what_reset_undoes(self.enrollment)

    def consequences(self) -> list[str]:
        return of_resetting(self.undone)

    def problems(self) -> list[str]:
        if self.enrollment.state not in RESETTABLE:
            state = self.enrollment.get_state_display()
            return [_("%(student)s is now “%(state)s”.") % {"student": self.enrollment, "state": state}]
        if self.enrollment.cohort.state not in INVITABLE:
            return [_("This is not possible in this cohort now.")]
        return []

    def act(self) -> Enrollment:
        keep = self.request.POST.get("documents") == "keep"
        return reset_student(self.enrollment, reason=self.reason, keep_documents=keep, actor=self.actor)

    def done(self, result: Enrollment) -> str:
        if not result.email:
            return _("%s starts again. There is no e-mail address, so tell the student yourself.") % result
        return _("%s starts again and gets a mail that says so.") % result

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            undone=self.undone, keeps=self.request.POST.get("documents", "keep") == "keep", **kwargs
        )
