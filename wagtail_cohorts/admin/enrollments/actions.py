"""What staff do with one student: each page calls one operation and shows what came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_cohorts.admin.addresses import cohort_url, student_url
from wagtail_cohorts.admin.enrollments.consequences import of_withdrawing
from wagtail_cohorts.admin.enrollments.forms import StudentForm
from wagtail_cohorts.admin.pages import ActsOnPost, Confirms, StaffPage
from wagtail_cohorts.admin.personal_links import address_of_link
from wagtail_cohorts.enrollments.leaving import readmit, withdraw
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import INVITABLE, change_student, invite_student, link_of
from wagtail_cohorts.exceptions import BadInput, CohortsError, WrongState
from wagtail_cohorts.links.operations import is_alive


class StudentPage(StaffPage):
    """A page about one student of the scope: ``self.enrollment``."""

    model = Enrollment
    header_icon = "user"

    @property
    def enrollment(self) -> Enrollment:
        return self.subject

    def subjects(self) -> Any:
        return Enrollment.objects.select_related("cohort__institution")

    def crumbs(self) -> list[dict[str, Any]]:
        cohort = self.enrollment.cohort
        return [
            {"url": cohort_url(cohort.pk), "label": str(cohort)},
            {"url": student_url(self.enrollment.pk), "label": str(self.enrollment)},
        ]

    @property
    def home_url(self) -> str:
        return student_url(self.enrollment.pk)

    def get_page_subtitle(self) -> str:
        return self.enrollment.full_name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"enrollment": self.enrollment, **kwargs})


class InviteStudentPage(ActsOnPost, StudentPage):
    """The first invitation, or again with a new link."""

    def act(self) -> Enrollment:
        return invite_student(self.enrollment, actor=self.actor)

    def done(self, result: Enrollment) -> str:
        return _("The link goes to %s.") % result.email


class WithdrawPage(Confirms, StudentPage):
    page_title = gettext_lazy("Withdraw from the cohort")
    button = gettext_lazy("Withdraw")
    needs_reason, is_destructive = True, True

    def consequences(self) -> list[str]:
        return of_withdrawing(self.enrollment)

    def act(self) -> Enrollment:
        return withdraw(self.enrollment, reason=self.reason, actor=self.actor)

    def done(self, result: Enrollment) -> str:
        return _("%s was withdrawn.") % result.full_name


class ReadmitPage(Confirms, StudentPage):
    page_title = gettext_lazy("Take back into the cohort")
    button = gettext_lazy("Take back")
    consequence = gettext_lazy(
        "The student goes on where the work stopped; what was sent is still there. The cohort waits for this student "
        "again. Send the link afterwards."
    )
    needs_reason = True

    def act(self) -> Enrollment:
        return readmit(self.enrollment, reason=self.reason, actor=self.actor)

    def done(self, result: Enrollment) -> str:
        return _("%s is back in the cohort.") % result.full_name


class ChangeStudentPage(StudentPage):
    """Details, the e-mail address among them; a new address kills the old link."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "wagtail_cohorts/admin/enrollments/change.html"
    page_title = gettext_lazy("Change details")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", StudentForm.of(self.enrollment))
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = StudentForm(request.POST)
        try:
            change_student(self.enrollment, form.raw(), actor=self.actor)
        except BadInput as error:
            form.add_refusal(error)
        except CohortsError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The details are saved."))
            return self.back()
        return self.render_to_response(self.get_context_data(form=form, **kwargs))


class LinkPage(StudentPage):
    """The student's link to copy: shown on a POST only, so that no address bar or prefetch meets it."""

    http_method_names = ["post", "options"]
    template_name = "wagtail_cohorts/admin/enrollments/link.html"
    page_title = gettext_lazy("Personal link")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            url = self.find_url()
        except CohortsError as error:
            messages.error(request, str(error))
            return self.back()
        return self.render_to_response(self.get_context_data(url=url, **kwargs))

    def find_url(self) -> str:
        if not self.enrollment.is_active or self.enrollment.cohort.state not in INVITABLE:
            raise WrongState(_("Links work after the institution has signed, for students who take part."))
        link = link_of(self.enrollment)
        if not is_alive(link):
            raise WrongState(_("This link is closed. Send it again to make a new one."))
        return address_of_link(link)
