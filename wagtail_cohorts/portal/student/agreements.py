"""A student's agreements: read, filled in, signed and sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from wagtail_cohorts.enrollments.students import identity_of
from wagtail_cohorts.portal.signer import filling, pages, review, signature
from wagtail_cohorts.portal.student.base import EditingPage, StudentPage
from wagtail_cohorts.signing.models import Mark
from wagtail_cohorts.signing.submission import submit


class FillAgreement(filling.FillAgreement, EditingPage):
    pass


class SaveAnswers(filling.SaveAnswers, EditingPage):
    pass


class ReadAgreement(pages.ReadAgreement, StudentPage):
    pass


class AgreementImage(pages.AgreementImage, StudentPage):
    pass


class AgreementCopy(pages.AgreementCopy, StudentPage):
    pass


class Signature(signature.Signature, EditingPage):
    pass


class MarkImage(signature.MarkImage, StudentPage):
    pass


class Review(review.Review, EditingPage):
    """With the details and the documents, which are sent too."""

    def sign(self, mark: Mark | None, *, day: date, shown: dict[str, str]) -> None:
        submit(self.enrollment, mark=mark, day=day, shown=shown, actor=self.actor)

    def more(self) -> dict[str, Any]:
        return {
            "identity_number": _masked(identity_of(self.enrollment)), "documents": self._documents(),
            "named_guardian": self.journey.guardian if self.journey.asks_guardian else None,
        }  # fmt: skip

    def _documents(self) -> list[tuple[str, int]]:
        """Name and number of pages of each document that is here."""
        found = []
        for document in self.journey.documents:
            own = [one for one in self.journey.uploads if one.required_document_id == document.pk]
            found.append((document.label, sum(one.pages for one in own if one.state != "rejected")))
        return found


def _masked(number: str) -> str:
    """Enough to know one's own number by; the page may be seen over a shoulder."""
    return f"{number[:6]} {'•' * 4} {number[-3:]}" if len(number) == 13 else number
