"""The way in: a link's token is exchanged for a cookie; whoever holds a dead one may ask for a new one."""

from __future__ import annotations

import time
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from wagtail_cohorts.conf import settings
from wagtail_cohorts.links.operations import find_link
from wagtail_cohorts.portal import access, limits
from wagtail_cohorts.portal.base import PublicView, see_other
from wagtail_cohorts.portal.headers import TOKEN_PAGE
from wagtail_cohorts.portal.renewal import send_new_links
from wagtail_cohorts.watching.masks import forget_token
from wagtail_cohorts.watching.refusals import DEAD_TOKEN, tell_refusal

EQUAL_SECONDS = 0.25


class OpenLink(PublicView):
    """GET and HEAD change nothing: a mail scanner may follow the link as often as it likes."""

    referrer = TOKEN_PAGE

    @sensitive_variables()
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The view alone knows the token from here on: no log line, error mail or report finds it in the request."""
        super().setup(request, *args, **kwargs)
        forget_token(request)

    def own_address(self) -> str:
        return reverse("wagtail_cohorts:open_link", kwargs=self.kwargs)

    @sensitive_variables()
    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        if limits.is_used_up(request, "token"):
            return self.too_many()
        link = find_link(token)
        if link is None or access.subject_of(link, request) is None:
            limits.take_from(request, "token")
            tell_refusal(DEAD_TOKEN, link=link and str(link.uuid))
            return self.link_closed()
        response = see_other(access.home_of(link))
        access.give_cookie(response, link, is_secure=request.is_secure())
        return response


class AskForLink(PublicView):
    """The same answer for every address, in the same time."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render("link_closed.html", {"is_asking": True})

    def post(self, request: HttpRequest) -> HttpResponse:
        began = time.monotonic()
        if not limits.take_from(request, "token"):
            return self.too_many()
        email = request.POST.get("email", "").strip()
        try:
            validate_email(email)
        except ValidationError:
            return self.render("link_closed.html", self._wrong(email))
        if self._may_ask(email.casefold()):
            send_new_links(email, ip=limits.client_ip(request))
        time.sleep(max(0.0, EQUAL_SECONDS - (time.monotonic() - began)))
        return self.render("link_closed.html", {"is_asking": True, "is_sent": True})

    def _may_ask(self, email: str) -> bool:
        """Once a minute, and a few times an hour, for one e-mail address."""
        most, seconds = settings.RATE_LIMITS["renew"]
        return limits.take(email, most=1, seconds=60, kind="renew") and limits.take(
            email, most=most, seconds=seconds, kind="renew"
        )

    def _wrong(self, email: str) -> dict[str, Any]:
        shown = email[:80]
        error = _("“%s” is not an e-mail address.") % shown if shown else _("Type your e-mail address.")
        return {"is_asking": True, "email": shown, "error": error}


class LeaveView(PublicView):
    """Forget this person on this device, as on a shared computer; also while everything else is closed."""

    def admit(self) -> str | None:
        return None

    def post(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        response = self.render("left.html")
        access.take_cookie(response, link)
        return response
