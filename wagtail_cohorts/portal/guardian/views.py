"""The first page, the guardian's no, and what there is after signing."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse

from wagtail_cohorts.enrollments.guardians import refuse_as_guardian
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.turns import copies_of
from wagtail_cohorts.portal.guardian.base import EditingPage, GuardianPage, has_cosigned
from wagtail_cohorts.portal.signer.decline import Declines


class Welcome(GuardianPage):
    """Who asks, for whom and what, before the first question."""

    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        if not self.journey.to_sign:
            return self.render_done()
        return self.render(
            "guardian/welcome.html", {"agreements": [one for one, _role in self.journey.to_sign]}
        )

    def render_done(self) -> HttpResponse:
        signed = _signed_by_guardian(self)
        template = "guardian/status.html" if signed else "guardian/not_yet.html"
        return self.render(template, {"signed": signed})


class Status(Welcome):
    """The guardian's own copies; sealed once everybody has signed."""

    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        return self.render_done()


def _signed_by_guardian(page: GuardianPage) -> list[Agreement]:
    return [one for one in copies_of(page.enrollment) if has_cosigned(one)]


class Decline(Declines, EditingPage):
    def refuse_with(self, reason: str) -> None:
        refuse_as_guardian(self.guardian, reason=reason, actor=self.actor)
