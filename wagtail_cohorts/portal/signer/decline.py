"""Saying no is a decision like any other: with a reason, and a person to call."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wagtail_cohorts.exceptions import CohortsError
from wagtail_cohorts.portal.base import see_other
from wagtail_cohorts.portal.signer.base import SignerPage


class Declines(SignerPage):
    def refuse_with(self, reason: str) -> None:
        """The operation behind the button."""
        raise NotImplementedError

    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        reason = request.POST.get("reason", "").replace("\x00", "").strip()
        if not reason:
            return self._page(error=_("Write a few words, so that we know why."))
        try:
            self.refuse_with(reason)
        except CohortsError as error:
            return self._page(error=str(error), reason=reason, status=409)
        return see_other(self.own_url("welcome"))

    def _page(self, *, error: str = "", reason: str = "", status: int = 200) -> HttpResponse:
        context = {"error": error, "reason": reason}
        return self.render(f"{self.prefix}/decline.html", context, status=status)
