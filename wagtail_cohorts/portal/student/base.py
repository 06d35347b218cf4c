"""What all of a student's pages share: which of them is open now, and the way through them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import cached_property

from wagtail_cohorts.agreements.models import STUDENT
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.portal.base import StudentBase, see_other
from wagtail_cohorts.portal.signer.base import NOT_YET, SignerPage
from wagtail_cohorts.portal.student.journey import Journey
from wagtail_cohorts.signing.rendering import Signer
from wagtail_cohorts.signing.submission import student_signer


class StudentPage(SignerPage, StudentBase):
    """A page that is there in every state in which the student takes part."""

    is_editing = False
    prefix, role_kind = "student", STUDENT

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.enrollment.state == EnrollmentState.DECLINED:
            return self.render("student/declined.html")
        if self.cohort.state in NOT_YET:
            return self.render("student/not_yet.html")
        if self.is_editing and self.enrollment.state == EnrollmentState.COMPLETE:
            return see_other(self.url("student_status"))
        return super().answer(request, *args, **kwargs)

    @cached_property
    def journey(self) -> Journey:  # type: ignore[override]
        return self.make_journey()

    def make_journey(self) -> Journey:
        return Journey(self.enrollment, self.link.uuid)

    def signer(self) -> Signer:
        return student_signer(self.enrollment)


class EditingPage(StudentPage):
    """A page on which the student still changes something: after sending, all of them lead to the status."""

    is_editing = True
