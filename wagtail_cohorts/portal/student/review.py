"""Everything once more, and the one button that signs and sends."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.students import identity_of
from wagtail_cohorts.evidence.canonical import sha256_hex
from wagtail_cohorts.exceptions import BadInput, Changed, Incomplete
from wagtail_cohorts.portal.base import see_other
from wagtail_cohorts.portal.student.base import EditingPage
from wagtail_cohorts.portal.student.journey import Missing
from wagtail_cohorts.signing.acts import shown_bytes
from wagtail_cohorts.signing.consent import consent_words
from wagtail_cohorts.signing.submission import student_signer, submit

SALT = "wagtail-cohorts.review"


@dataclass(frozen=True)
class Shown:
    """One agreement as the page shows it: the fingerprint is of the exact bytes."""

    agreement: Agreement
    sha256: str
    pages: list[tuple[int, str, str]]
    problem: str = ""


class Review(EditingPage):
    """The day and the fingerprints travel in one signed value: what is signed is what was shown."""

    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        seen = self._seen(request.POST.get("seen", ""))
        if seen is None:
            note = _("This page was open for long. Look at it once more, then sign.")
            return self._page(note=note, status=409)
        day, shown = seen
        if self.journey.to_sign and day != timezone.localdate():
            note = _("The date has changed since you opened this page. Look at it once more, then sign.")
            return self._page(note=note, status=409)
        if self.journey.to_sign and not request.POST.get("consent"):
            error = _("Tick this box if you agree. Without it nothing is signed.")
            return self._page(consent_error=error)
        return self._submit(day, shown)

    def _submit(self, day: date, shown: dict[str, str]) -> HttpResponse:
        mark = self.journey.mark if self.journey.to_sign else None
        try:
            submit(self.enrollment, mark=mark, day=day, shown=shown, actor=self.actor)
        except Incomplete:
            return self._page(status=409)
        except (Changed, BadInput) as error:
            return self._page(note=str(error), consented=True, status=409)
        return see_other(self.url("student_status"))

    def _seen(self, text: str) -> tuple[date, dict[str, str]] | None:
        try:
            data = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        if data.get("enrollment") != str(self.enrollment.uuid):
            return None
        return date.fromisoformat(data["day"]), data["shown"]

    def _page(
        self, *, note: str = "", consent_error: str = "", consented: bool = False, status: int = 200
    ) -> HttpResponse:
        today = timezone.localdate()
        shown = [self._shown(agreement, role, today) for agreement, role in self.journey.to_sign]
        seen = {"enrollment": str(self.enrollment.uuid), "day": today.isoformat(),
                "shown": {str(one.agreement.uuid): one.sha256 for one in shown}}  # fmt: skip
        return self.render("student/review.html", {
            "note": note, "consent_error": consent_error, "consented": consented, "day": today, "shown": shown,
            "seen": signing.dumps(seen, salt=SALT, compress=True), "consent": consent_words(),
            "missing": [*self.journey.missing, *self._unprintable(shown)], "mark": self.journey.mark,
            "identity_number": _masked(identity_of(self.enrollment)), "documents": self._documents(),
            "was_tried": status == 409 and not note,
        }, status=status)  # fmt: skip

    def _shown(self, agreement: Agreement, role: str, day: date) -> Shown:
        def url(page: int, width: int) -> str:
            place = self.url("student_page", agreement=agreement.uuid, page=page, width=width)
            return f"{place}?day={day.isoformat()}"

        numbers = [row["number"] for row in agreement.version.pages]
        pages = [(number, url(number, 160), url(number, 1200)) for number in numbers]
        try:
            data = shown_bytes(agreement, [role], day=day, signer=student_signer(self.enrollment))[1]
        except BadInput as error:
            return Shown(agreement, "", pages, problem=str(error))
        return Shown(agreement, sha256_hex(data), pages)

    def _unprintable(self, shown: list[Shown]) -> list[Missing]:
        return [
            Missing("agreements", f"{one.agreement.title}: {one.problem}",
                    self.url("student_agreement", agreement=one.agreement.uuid))
            for one in shown if one.problem
        ]  # fmt: skip

    def _documents(self) -> list[tuple[str, int]]:
        """Name and number of pages of each document that is here."""
        found = []
        for document in self.journey.documents:
            own = [one for one in self.journey.uploads if one.required_document_id == document.pk]
            found.append((document.label, sum(one.pages for one in own if one.state != "rejected")))
        return found


def _masked(number: str) -> str:
    """Enough to know one's own number by; the page may be seen over a shoulder."""
    return f"{number[:6]} {'•' * 4} {number[-3:]}" if len(number) == 13 else number
