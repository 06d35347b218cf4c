"""A page of one cohort of the contact: another contact's cohort is not there."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404
from django.urls import reverse

from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.portal.base import SponsorBase
from wagtail_cohorts.portal.sponsor.queries import (
    LATER,
    OPEN_TO_SPONSOR,
    Row,
    agreement_for,
    cohort_of,
    cohorts_of,
    rows_of,
)
from wagtail_cohorts.watching.context import bind
from wagtail_cohorts.watching.refusals import NOT_THEIRS, tell_refusal


class CohortPage(SponsorBase):
    """``cohort`` is one of the contact's own, or the page is not there."""

    needs_open_gate = True
    cohort: Cohort

    def admit(self) -> str | None:
        refused = super().admit()
        if refused is not None:
            return refused
        cohort = cohort_of(self.contact, self.kwargs["cohort"])
        if cohort is None or (self.needs_open_gate and cohort.state not in OPEN_TO_SPONSOR):
            tell_refusal(NOT_THEIRS)
            return "link_closed"
        self.cohort = cohort
        bind(cohort=cohort.uuid)
        return None

    def address(self, name: str, **more: Any) -> str:
        """The address of another page of this cohort."""
        given = {"link": self.link.uuid, "cohort": self.cohort.uuid, **more}
        return reverse(f"wagtail_cohorts:{name}", kwargs=given)

    def frame(self) -> dict[str, Any]:
        if not hasattr(self, "cohort"):
            return super().frame()
        own = {"cohort": self.cohort, "overview": self.address("sponsor_cohort")}
        if cohorts_of(self.contact).count() > 1:
            own["all_cohorts"] = reverse("wagtail_cohorts:sponsor_home", kwargs={"link": self.link.uuid})
        return {**super().frame(), **own}

    def is_seen_by_a_person(self) -> bool:
        """Not a HEAD, nor a page that a browser fetches before it is asked for."""
        return self.request.method == "GET" and "prefetch" not in self.request.headers.get("Sec-Purpose", "")

    def rows(self) -> list[Row]:
        if not hasattr(self, "_rows"):
            self._rows = rows_of(self.cohort, self.contact)
        return self._rows

    def shown_rows(self) -> list[Row]:
        """Students whose documents the contact may look at: not those who are not ready yet."""
        return [row for row in self.rows() if row.state != LATER]

    def row_of(self, enrollment: uuid.UUID) -> tuple[int, Row]:
        """The student's place among those who are shown, from 0. Raises Http404 for anybody else."""
        for place, row in enumerate(self.shown_rows()):
            if row.enrollment.uuid == enrollment:
                return place, row
        raise Http404

    def agreement_of(self, enrollment: uuid.UUID, agreement: uuid.UUID) -> Agreement:
        """Raises Http404 for one that this contact may not look at."""
        found = agreement_for(self.cohort, self.contact, enrollment=enrollment, agreement=agreement)
        if found is None:
            raise Http404
        return found
