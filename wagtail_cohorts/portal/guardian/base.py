"""What all of a guardian's pages share: which of them is open now, and the way through them."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_cohorts.agreements.models import GUARDIAN
from wagtail_cohorts.enrollments.models import Agreement, Enrollment, Guardian
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.portal.base import GuardianBase, see_other
from wagtail_cohorts.portal.signer.base import NOT_YET, SignerPage
from wagtail_cohorts.portal.signer.way import AGREEMENTS, SigningWay
from wagtail_cohorts.signing.cosigning import agreements_for_guardian, guardian_keys, guardian_signer
from wagtail_cohorts.signing.rendering import Signer

REVIEW = "review"


class GuardianWay(SigningWay):
    prefix = "guardian"

    def __init__(self, enrollment: Enrollment, link: uuid.UUID, *, guardian: Guardian) -> None:
        super().__init__(enrollment, link)
        self.guardian = guardian

    @property
    def owner_key(self) -> str:
        return self.guardian.signer_key

    @cached_property
    def to_sign(self) -> list[tuple[Agreement, str]]:
        return [(agreement, keys[0]) for agreement, keys in agreements_for_guardian(self.enrollment)]

    def _steps(self) -> list[tuple[str, str, str, int]]:
        count = len(self.to_sign)
        note = ngettext("Read it and fill in your part", "Read them and fill in your part", count)
        title = ngettext("The agreement", "The agreements", count)
        return [
            (AGREEMENTS, title, note, self._minutes_to_fill),
            (REVIEW, _("Check and sign"), _("You draw or type your signature, then sign"), 1),
        ]


class GuardianPage(SignerPage, GuardianBase):
    """A page that is there as long as the student takes part."""

    is_editing = False
    prefix, role_kind = "guardian", GUARDIAN

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.enrollment.state == EnrollmentState.DECLINED:
            return self.render("guardian/declined.html")
        if self.cohort.state in NOT_YET:
            return self.render("guardian/not_yet.html")
        if self.is_editing and not self.journey.to_sign:
            return see_other(self.own_url("status"))
        return super().answer(request, *args, **kwargs)

    @cached_property
    def journey(self) -> GuardianWay:  # type: ignore[override]
        return self.make_journey()

    def make_journey(self) -> GuardianWay:
        return GuardianWay(self.enrollment, self.link.uuid, guardian=self.guardian)

    def signer(self) -> Signer:
        return guardian_signer(self.guardian)

    def find_agreement(self, agreement: uuid.UUID) -> Agreement:
        """Only what waits for the guardian or was signed by a guardian, or 404."""
        found = super().find_agreement(agreement)
        if not any(one.pk == found.pk for one, _role in self.journey.to_sign) and not has_cosigned(found):
            raise Http404
        return found


class EditingPage(GuardianPage):
    """A page on which the guardian still does something: without anything to sign, all lead to the status."""

    is_editing = True


def has_cosigned(agreement: Agreement) -> bool:
    """A guardian's act stands on this revision (uses prefetched acts)."""
    keys = guardian_keys(agreement)
    return any(act.revision == agreement.revision and act.role_key in keys for act in agreement.acts.all())
