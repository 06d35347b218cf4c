"""An agreement to read and to take away, and pictures of its pages in a few fixed widths."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse

from wagtail_cohorts import clock, pdf
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.turns import turn_of
from wagtail_cohorts.files.serving import protect, serve
from wagtail_cohorts.portal.signer.base import SignerPage
from wagtail_cohorts.signing.acts import shown_bytes
from wagtail_cohorts.signing.rendering import Signer, read_copy

WIDTHS = (160, 1200)


def image_response(read: Callable[[], bytes], *, page: int, width: int, pages: int) -> HttpResponse:
    """One page as WebP; any other width or page is not there."""
    if width not in WIDTHS or not 1 <= page <= pages:
        raise Http404
    return protect(HttpResponse(pdf.page_image(read(), page, width), content_type="image/webp"))


def bytes_now(agreement: Agreement, *, role_kind: str, signer: Signer, day: date) -> bytes:
    """What would be signed if it is this signer's turn, else what there is so far."""
    turn = turn_of(agreement)
    stored = agreement.sealed or agreement.current
    if turn is not None and turn.kind == role_kind:
        return shown_bytes(agreement, [turn.key], day=day, signer=signer)[1]
    return stored.read() if stored is not None else read_copy(agreement).render()


def shown_day(text: str) -> date:
    """The day that a review page fixed, if it is near; else today."""
    today = clock.today()
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return today
    return day if abs(day - today) <= timedelta(days=2) else today


class AgreementImage(SignerPage):
    def get(
        self, request: HttpRequest, link: uuid.UUID, agreement: uuid.UUID, page: int, width: int
    ) -> HttpResponse:
        found, day = self.find_agreement(agreement), shown_day(request.GET.get("day", ""))

        def read() -> bytes:
            return bytes_now(found, role_kind=self.role_kind, signer=self.signer(), day=day)

        return image_response(read, page=page, width=width, pages=len(found.version.pages))


class ReadAgreement(SignerPage):
    """All pages of one agreement, as they are now."""

    def get(self, request: HttpRequest, link: uuid.UUID, agreement: uuid.UUID) -> HttpResponse:
        found = self.find_agreement(agreement)
        pages = [
            (row["number"], self.own_url("page", agreement=found.uuid, page=row["number"], width=1200))
            for row in found.version.pages
        ]
        is_open = any(one.pk == found.pk for one, _role in self.journey.to_sign)
        back = self.own_url("agreement", agreement=found.uuid) if is_open else self.own_url("status")
        context = {"title": found.title, "pages": pages, "back": back, "agreement": found}
        return self.render("signer/read.html", context)


class AgreementCopy(SignerPage):
    """The signer's own copy: sealed when it is sealed, else with the signatures so far."""

    def get(self, request: HttpRequest, link: uuid.UUID, agreement: uuid.UUID) -> HttpResponse:
        found = self.find_agreement(agreement)
        stored = found.sealed or found.current
        if stored is None:
            raise Http404
        return serve(stored, name=f"{found.title}.pdf", request=request)
