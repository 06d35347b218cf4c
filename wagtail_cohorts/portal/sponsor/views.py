"""Looking: the contact's cohorts, one cohort, one student, pages and documents."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from wagtail_cohorts import pdf
from wagtail_cohorts.cohorts.models import Cohort, SponsorInvitation
from wagtail_cohorts.cohorts.operations import note_sponsor_opened
from wagtail_cohorts.cohorts.queries import annotate_progress
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.states import AgreementState
from wagtail_cohorts.files.serving import protect, serve
from wagtail_cohorts.portal.base import SponsorBase, see_other
from wagtail_cohorts.portal.sponsor.base import CohortPage
from wagtail_cohorts.portal.sponsor.queries import (
    LATER,
    OPEN_TO_SPONSOR,
    SIGNED,
    TO_SIGN,
    Row,
    cohorts_of,
    dates_of,
    rows_of,
    totals_of,
)
from wagtail_cohorts.portal.sponsor.viewer import WIDTHS, pages_of, places_of
from wagtail_cohorts.signing.bulk import latest_batch
from wagtail_cohorts.signing.looking import note_looked
from wagtail_cohorts.signing.rendering import read_copy
from wagtail_cohorts.signing.signable import roles_of_contact


class Home(SponsorBase):
    """All cohorts of the contact; with one only, straight to it."""

    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        cohorts = list(annotate_progress(cohorts_of(self.contact)))
        if len(cohorts) == 1:
            given = {"link": link, "cohort": cohorts[0].uuid}
            return see_other(reverse("wagtail_cohorts:sponsor_cohort", kwargs=given))
        entries = sorted((self._entry(cohort) for cohort in cohorts), key=_what_waits_first)
        waiting = sum(entry["state"] == TO_SIGN for entry in entries)
        return self.render("sponsor/home.html", {"entries": entries, "waiting": waiting})

    def _entry(self, cohort: Cohort) -> dict[str, Any]:
        totals = totals_of(rows_of(cohort, self.contact)) if cohort.state in OPEN_TO_SPONSOR else None
        state = LATER
        if totals is not None and cohort.state != CohortState.COMPLETED:
            state = TO_SIGN if totals.to_sign_students else SIGNED
        return {"cohort": cohort, "totals": totals, "state": state}


class Overview(CohortPage):
    """Before the gate: progress only. After it: what is asked, who it is for, and the list."""

    needs_open_gate = False

    def get(self, request: HttpRequest, link: uuid.UUID, cohort: uuid.UUID) -> HttpResponse:
        if self.cohort.state not in OPEN_TO_SPONSOR:
            return self._closed()
        self._note_opened()
        rows = self.rows()
        shown = _filtered(rows, query=request.GET.get("q", ""), state=request.GET.get("show", ""))
        batch = latest_batch(self.cohort, self.contact)
        context = {
            "rows": shown, "totals": totals_of(rows), "dates": dates_of(self.cohort), "batch": batch,
            "query": request.GET.get("q", "")[:80], "show": request.GET.get("show", ""),
            "last_student": max((r.student_signed_at for r in rows if r.student_signed_at), default=None),
            "is_done": self.cohort.state in (CohortState.INSTITUTION_REVIEW, CohortState.COMPLETED),
            "chosen_documents": sum(len(row.to_sign) for row in shown),
            "chosen_students": sum(row.state == TO_SIGN for row in shown),
        }  # fmt: skip
        return self.render("sponsor/overview.html", context)

    def _closed(self) -> HttpResponse:
        """Numbers only: no name is shown before the gate opens."""
        cohort = annotate_progress(Cohort.objects.filter(pk=self.cohort.pk)).get()
        return self.render("sponsor/closed.html", {"progress": cohort})

    def _note_opened(self) -> None:
        """A GET may do this here: it carries the cookie that the exchange gave, which scanners and previews of
        links, each request of theirs being a first one, do not send; a browser's own prefetch says so."""
        if not self.is_seen_by_a_person():
            return
        unopened = SponsorInvitation.objects.filter(cohort=self.cohort, contact=self.contact, opened_at=None)
        if self.cohort.state == CohortState.READY_FOR_SPONSOR or unopened.exists():
            note_sponsor_opened(self.cohort, self.contact, actor=self.actor)
            self.cohort.refresh_from_db(fields=["state"])


def _what_waits_first(entry: dict[str, Any]) -> int:
    if entry["state"] == TO_SIGN:
        return 0
    return 2 if entry["cohort"].state == CohortState.COMPLETED else 1


def _filtered(rows: list[Row], *, query: str, state: str) -> list[Row]:
    words = query.casefold().split()
    return [
        row
        for row in rows
        if all(word in row.enrollment.full_name.casefold() for word in words)
        and (state not in (TO_SIGN, SIGNED, LATER) or row.state == state)
    ]


class Student(CohortPage):
    """One student's agreements, page by page. Nothing else of the student is shown."""

    def get(
        self,
        request: HttpRequest,
        link: uuid.UUID,
        cohort: uuid.UUID,
        enrollment: uuid.UUID,
        agreement: uuid.UUID | None = None,
    ) -> HttpResponse:
        place, row = self.row_of(enrollment)
        current = next((one for one in row.agreements if agreement in (None, one.uuid)), None)
        if current is None:
            raise Http404
        if self.is_seen_by_a_person():
            note_looked(current, actor=self.actor)
        pages = pages_of(current.version)
        page = _page_number(request.GET.get("page", ""), len(pages), first=self._first_page(current))
        rows = self.shown_rows()
        context = {
            "row": row, "agreement": current, "page": page, "pages": pages, "place": place + 1, "rows": rows,
            "before": rows[place - 1] if place else None,
            "after": rows[place + 1] if place + 1 < len(rows) else None,
            "marks": places_of(current, self._roles(), page=page),
            "is_signed": current in row.signed, "waits": current in row.to_sign,
        }  # fmt: skip
        return self.render("sponsor/student.html", context)

    def _roles(self) -> set[str]:
        return roles_of_contact(self.cohort, self.contact)

    def _first_page(self, agreement: Agreement) -> int:
        """The page with the contact's own signature: what they came for."""
        places = places_of(agreement, self._roles())
        return next((place.page for place in places if place.type == "signature"), 1)


def _page_number(text: str, most: int, *, first: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        return first
    return min(max(int(text), 1), most)


def bytes_of(agreement: Agreement) -> bytes:
    """A finished copy as it is kept; an open one as it stands now, with everything that would be signed."""
    stored = agreement.sealed or agreement.current
    if stored is not None and agreement.state != AgreementState.OPEN:
        return stored.read()
    return read_copy(agreement).render()


class PageImage(CohortPage):
    """A picture of one page, in one of a few widths."""

    def get(
        self,
        request: HttpRequest,
        link: uuid.UUID,
        cohort: uuid.UUID,
        enrollment: uuid.UUID,
        agreement: uuid.UUID,
        page: int,
        width: int,
    ) -> HttpResponse:
        found = self.agreement_of(enrollment, agreement)
        if width not in WIDTHS or not 1 <= page <= len(found.version.pages):
            raise Http404
        picture = pdf.page_image(bytes_of(found), page, width)
        return protect(HttpResponse(picture, content_type="image/webp"))


class Document(CohortPage):
    """One document to keep: sealed when it is sealed, else with the signatures so far."""

    def get(
        self,
        request: HttpRequest,
        link: uuid.UUID,
        cohort: uuid.UUID,
        enrollment: uuid.UUID,
        agreement: uuid.UUID,
    ) -> HttpResponse:
        found = self.agreement_of(enrollment, agreement)
        stored = found.sealed or found.current
        if stored is None:
            raise Http404(_("There is no signed document yet."))
        if self.is_seen_by_a_person():
            note_looked(found, actor=self.actor)
        name = found.enrollment.full_name if found.enrollment else ""
        return serve(stored, name=f"{name} - {found.title}.pdf", request=request)
