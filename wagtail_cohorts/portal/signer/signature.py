"""A signer's signature and initials: drawn or typed once, used on every agreement."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse

from wagtail_cohorts.exceptions import BadInput
from wagtail_cohorts.files.serving import protect
from wagtail_cohorts.portal.base import see_other
from wagtail_cohorts.portal.signer.base import SignerPage
from wagtail_cohorts.signing.marks import latest_mark, make_mark

DRAW, TYPE = "draw", "type"


class Signature(SignerPage):
    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        if not self.journey.to_sign:
            return self.go_on()
        return self._page(typed=self.signer().name)

    def post(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        """A new mark, or the one that is there; then everything once more."""
        method, typed = request.POST.get("method", TYPE), request.POST.get("typed_name", "")
        drawn = request.POST.get("drawn_signature", "") if method == DRAW else ""
        if method == DRAW and not drawn and self.journey.mark is not None:
            return see_other(self.own_url("review"))
        try:
            self._make(method, typed=typed, drawn=drawn)
        except BadInput as error:
            return self._page(typed=typed[:120], method=method, error=str(error))
        return see_other(self.own_url("review"))

    def _make(self, method: str, *, typed: str, drawn: str) -> None:
        """Initials that were not drawn are made from the name."""
        name = typed if method != DRAW else self.signer().name if drawn else ""
        make_mark(
            institution_id=self.enrollment.institution_id,
            owner_key=self.journey.owner_key,
            typed_name=name,
            drawn_signature=drawn,
            drawn_initials=self.request.POST.get("drawn_initials", "") if drawn else "",
        )

    def _page(self, *, typed: str, method: str = TYPE, error: str = "", status: int = 200) -> HttpResponse:
        return self.render("signer/signature.html", {
            "typed": typed, "method": method, "error": error, "mark": self.journey.mark,
            "places": self.journey.signature_places, "needs_initials": self.journey.needs_initials,
        }, status=status)  # fmt: skip


class MarkImage(SignerPage):
    """The signer's own latest signature or initials."""

    def get(self, request: HttpRequest, link: uuid.UUID, part: str) -> HttpResponse:
        mark = latest_mark(self.journey.owner_key)
        stored = getattr(mark, part, None) if part in ("signature", "initials") else None
        if stored is None:
            raise Http404
        return protect(HttpResponse(stored.read(), content_type="image/png"))
