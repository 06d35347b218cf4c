"""A page of somebody who signs one student's agreements: its addresses, its own agreements, and what is next."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.states import AgreementState
from wagtail_cohorts.portal.base import PortalView, see_other
from wagtail_cohorts.portal.signer.way import SigningWay
from wagtail_cohorts.signing.rendering import Signer

NOT_YET = (CohortState.DRAFT, CohortState.INSTITUTION_SIGNING)
"""States in which nobody signs for a student yet: before the opening, or after a step back."""


class SignerPage(PortalView):
    """``prefix`` begins the names of this signer's addresses and is the folder of their templates."""

    prefix = ""
    role_kind = ""
    enrollment: Enrollment
    cohort: Cohort
    journey: SigningWay

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"wagtail_cohorts:{name}", kwargs={"link": self.link.uuid, **kwargs})

    def own_url(self, name: str, **kwargs: Any) -> str:
        """``name`` is the same for every kind of signer: agreement, review, ..."""
        return self.url(f"{self.prefix}_{name}", **kwargs)

    def make_journey(self) -> SigningWay:
        raise NotImplementedError

    def signer(self) -> Signer:
        raise NotImplementedError

    def go_on(self) -> HttpResponse:
        """To whatever is missing now."""
        self.enrollment.refresh_from_db()
        return see_other(self.make_journey().next_url)

    def find_agreement(self, agreement: uuid.UUID) -> Agreement:
        """The signer's own, or 404."""
        own = self.enrollment.agreements.filter(uuid=agreement).exclude(state=AgreementState.VOID)
        own = own.select_related("version__template", "current", "sealed")
        found = own.prefetch_related("acts").first()
        if found is None:
            raise Http404
        found.cohort, found.enrollment = self.cohort, self.enrollment
        return found

    def frame(self) -> dict[str, Any]:
        own = {"journey": self.journey} if hasattr(self, "enrollment") else {}
        return {**super().frame(), "layout": f"wagtail_cohorts/portal/{self.prefix}/base.html", **own}
