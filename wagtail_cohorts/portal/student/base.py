"""What all of a student's pages share: which of them is open now, and the way through them."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property

from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.states import AgreementState, EnrollmentState
from wagtail_cohorts.portal.base import StudentBase, see_other
from wagtail_cohorts.portal.student.journey import Journey

NOT_YET = (CohortState.DRAFT, CohortState.INSTITUTION_SIGNING)


class StudentPage(StudentBase):
    """A page that is there in every state in which the student takes part."""

    is_editing = False

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.enrollment.state == EnrollmentState.DECLINED:
            return self.render("student/declined.html")
        if self.cohort.state in NOT_YET:
            return self.render("student/not_yet.html")
        if self.is_editing and self.enrollment.state == EnrollmentState.COMPLETE:
            return see_other(self.url("student_status"))
        return super().answer(request, *args, **kwargs)

    @cached_property
    def journey(self) -> Journey:
        return Journey(self.enrollment, self.link.uuid)

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"wagtail_cohorts:{name}", kwargs={"link": self.link.uuid, **kwargs})

    def go_on(self) -> HttpResponse:
        """To whatever is missing now."""
        self.enrollment.refresh_from_db()
        return see_other(Journey(self.enrollment, self.link.uuid).next_url)

    def find_agreement(self, agreement: uuid.UUID) -> Agreement:
        """The student's own, or 404."""
        own = self.enrollment.agreements.filter(uuid=agreement).exclude(state=AgreementState.VOID)
        own = own.select_related("version__template", "current", "sealed")
        found = own.prefetch_related("acts").first()
        if found is None:
            raise Http404
        found.cohort, found.enrollment = self.cohort, self.enrollment
        return found

    def frame(self) -> dict[str, Any]:
        own = {"journey": self.journey} if hasattr(self, "enrollment") else {}
        return {**super().frame(), **own}


class EditingPage(StudentPage):
    """A page on which the student still changes something: after sending, all of them lead to the status."""

    is_editing = True
