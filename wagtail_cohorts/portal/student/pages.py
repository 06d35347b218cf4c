"""Pictures of pages: of a student's own agreements and files, in a few fixed widths."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from wagtail_cohorts import pdf
from wagtail_cohorts.agreements.models import STUDENT
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.enrollments.turns import turn_of
from wagtail_cohorts.files.serving import protect, serve
from wagtail_cohorts.portal.student.base import StudentPage
from wagtail_cohorts.signing.acts import shown_bytes
from wagtail_cohorts.signing.rendering import read_copy
from wagtail_cohorts.signing.submission import student_signer

WIDTHS = (160, 1200)


def image_response(read: Callable[[], bytes], *, page: int, width: int, pages: int) -> HttpResponse:
    """One page as WebP; any other width or page is not there."""
    if width not in WIDTHS or not 1 <= page <= pages:
        raise Http404
    return protect(HttpResponse(pdf.page_image(read(), page, width), content_type="image/webp"))


def bytes_now(agreement: Agreement, *, day: date) -> bytes:
    """What the student would sign if it is the student's turn, else what there is so far."""
    turn = turn_of(agreement)
    stored = agreement.sealed or agreement.current
    if turn is not None and turn.kind == STUDENT and agreement.enrollment is not None:
        signer = student_signer(agreement.enrollment)
        return shown_bytes(agreement, [turn.key], day=day, signer=signer)[1]
    return stored.read() if stored is not None else read_copy(agreement).render()


def shown_day(text: str) -> date:
    """The day that a review page fixed, if it is near; else today."""
    today = timezone.localdate()
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return today
    return day if abs(day - today) <= timedelta(days=2) else today


class AgreementImage(StudentPage):
    def get(
        self, request: HttpRequest, link: uuid.UUID, agreement: uuid.UUID, page: int, width: int
    ) -> HttpResponse:
        found, day = self.find_agreement(agreement), shown_day(request.GET.get("day", ""))
        return image_response(
            lambda: bytes_now(found, day=day), page=page, width=width, pages=len(found.version.pages)
        )


class ReadAgreement(StudentPage):
    """All pages of one agreement, as they are now."""

    def get(self, request: HttpRequest, link: uuid.UUID, agreement: uuid.UUID) -> HttpResponse:
        found = self.find_agreement(agreement)
        pages = [
            (row["number"], self.url("student_page", agreement=found.uuid, page=row["number"], width=1200))
            for row in found.version.pages
        ]
        turn = turn_of(found)
        is_open = (
            turn is not None and turn.kind == STUDENT and self.enrollment.state != EnrollmentState.COMPLETE
        )
        back = self.url("student_agreement", agreement=found.uuid) if is_open else self.url("student_status")
        context = {"title": found.title, "pages": pages, "back": back, "agreement": found}
        return self.render("student/read.html", context)


class AgreementCopy(StudentPage):
    """The student's own copy: sealed when it is sealed, else with the signatures so far."""

    def get(self, request: HttpRequest, link: uuid.UUID, agreement: uuid.UUID) -> HttpResponse:
        found = self.find_agreement(agreement)
        stored = found.sealed or found.current
        if stored is None:
            raise Http404
        return serve(stored, name=f"{found.title}.pdf", request=request)
