"""Everything once more, and the one button that signs and sends."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wagtail_cohorts import clock
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.evidence.canonical import sha256_hex
from wagtail_cohorts.exceptions import BadInput, Changed, Incomplete
from wagtail_cohorts.portal.base import see_other
from wagtail_cohorts.portal.signer.base import SignerPage
from wagtail_cohorts.portal.signer.way import AGREEMENTS, Missing
from wagtail_cohorts.signing.acts import shown_bytes
from wagtail_cohorts.signing.consent import consent_words
from wagtail_cohorts.signing.models import Mark

SALT = "wagtail-cohorts.review"


@dataclass(frozen=True)
class Shown:
    """One agreement as the page shows it: the fingerprint is of the exact bytes."""

    agreement: Agreement
    sha256: str
    pages: list[tuple[int, str, str]]
    problem: str = ""


class Review(SignerPage):
    """The day and the fingerprints travel in one signed value: what is signed is what was shown."""

    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        seen = self._seen(request.POST.get("seen", ""))
        if seen is None:
            note = _("This page was open for long. Look at it once more, then sign.")
            return self._page(note=note, status=409)
        day, shown = seen
        if self.journey.to_sign and day != clock.today():
            note = _("The date has changed since you opened this page. Look at it once more, then sign.")
            return self._page(note=note, status=409)
        if self.journey.to_sign and not request.POST.get("consent"):
            error = _("Tick this box if you agree. Without it nothing is signed.")
            return self._page(consent_error=error)
        return self._submit(day, shown)

    def sign(self, mark: Mark | None, *, day: date, shown: dict[str, str]) -> None:
        """The operation behind the button."""
        raise NotImplementedError

    def more(self) -> dict[str, Any]:
        """What the page shows beside the agreements."""
        return {}

    def _submit(self, day: date, shown: dict[str, str]) -> HttpResponse:
        mark = self.journey.mark if self.journey.to_sign else None
        try:
            self.sign(mark, day=day, shown=shown)
        except Incomplete:
            return self._page(status=409)
        except (Changed, BadInput) as error:
            return self._page(note=str(error), consented=True, status=409)
        return see_other(self.own_url("status"))

    def _seen(self, text: str) -> tuple[date, dict[str, str]] | None:
        try:
            data = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        if data.get("signer") != self.signer().key:
            return None
        return date.fromisoformat(data["day"]), data["shown"]

    def _page(
        self, *, note: str = "", consent_error: str = "", consented: bool = False, status: int = 200
    ) -> HttpResponse:
        today = clock.today()
        shown = [self._shown(agreement, role, today) for agreement, role in self.journey.to_sign]
        seen = {"signer": self.signer().key, "day": today.isoformat(),
                "shown": {str(one.agreement.uuid): one.sha256 for one in shown}}  # fmt: skip
        return self.render(f"{self.prefix}/review.html", {
            "note": note, "consent_error": consent_error, "consented": consented, "day": today, "shown": shown,
            "seen": signing.dumps(seen, salt=SALT, compress=True), "consent": consent_words(),
            "missing": [*self.journey.missing, *self._unprintable(shown)], "mark": self.journey.mark,
            "was_tried": status == 409 and not note, **self.more(),
        }, status=status)  # fmt: skip

    def _shown(self, agreement: Agreement, role: str, day: date) -> Shown:
        def url(page: int, width: int) -> str:
            place = self.own_url("page", agreement=agreement.uuid, page=page, width=width)
            return f"{place}?day={day.isoformat()}"

        numbers = [row["number"] for row in agreement.version.pages]
        pages = [(number, url(number, 160), url(number, 1200)) for number in numbers]
        try:
            data = shown_bytes(agreement, [role], day=day, signer=self.signer())[1]
        except BadInput as error:
            return Shown(agreement, "", pages, problem=str(error))
        return Shown(agreement, sha256_hex(data), pages)

    def _unprintable(self, shown: list[Shown]) -> list[Missing]:
        return [
            Missing(AGREEMENTS, f"{one.agreement.title}: {one.problem}",
                    self.own_url("agreement", agreement=one.agreement.uuid))
            for one in shown if one.problem
        ]  # fmt: skip
