"""The agreements that a guardian reads, fills in and signs."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from wagtail_cohorts.exceptions import Incomplete
from wagtail_cohorts.portal.guardian.base import EditingPage, GuardianPage
from wagtail_cohorts.portal.signer import filling, pages, review, signature
from wagtail_cohorts.signing.cosigning import sign_as_guardian
from wagtail_cohorts.signing.models import Mark


class FillAgreement(filling.FillAgreement, EditingPage):
    pass


class SaveAnswers(filling.SaveAnswers, EditingPage):
    pass


class ReadAgreement(pages.ReadAgreement, GuardianPage):
    pass


class AgreementImage(pages.AgreementImage, GuardianPage):
    pass


class AgreementCopy(pages.AgreementCopy, GuardianPage):
    pass


class Signature(signature.Signature, EditingPage):
    pass


class MarkImage(signature.MarkImage, GuardianPage):
    pass


class Review(review.Review, EditingPage):
    def sign(self, mark: Mark | None, *, day: date, shown: dict[str, str]) -> None:
        if mark is None:
            raise Incomplete(_("Your signature is missing."))
        sign_as_guardian(self.guardian, mark=mark, day=day, shown=shown, actor=self.actor)
