"""The way through a student's pages: details, guardian, documents, agreements, and sending."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_cohorts.cohorts.models import RequiredDocument
from wagtail_cohorts.enrollments.guardians import guardian_of
from wagtail_cohorts.enrollments.models import Agreement, Guardian
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.enrollments.turns import asks_guardian
from wagtail_cohorts.portal.signer.way import AGREEMENTS, Missing, SigningWay
from wagtail_cohorts.signing.submission import agreements_to_sign
from wagtail_cohorts.uploads.models import Upload
from wagtail_cohorts.uploads.operations import missing_documents

DETAILS, GUARDIAN, DOCUMENTS, REVIEW = "details", "guardian", "documents", "review"


class Journey(SigningWay):
    prefix = "student"

    @property
    def owner_key(self) -> str:
        return self.enrollment.stream_key

    @property
    def before_agreements(self) -> str:
        if self.documents:
            return self.url("documents")
        return self.before_documents

    @property
    def before_documents(self) -> str:
        return self.url("guardian" if self.asks_guardian else "details")

    @cached_property
    def documents(self) -> list[RequiredDocument]:
        return list(self.enrollment.cohort.required_documents.order_by("position", "pk"))

    @cached_property
    def uploads(self) -> list[Upload]:
        current = self.enrollment.uploads.current()
        return list(current.select_related("file", "original", "required_document"))

    @cached_property
    def to_sign(self) -> list[tuple[Agreement, str]]:
        return agreements_to_sign(self.enrollment)

    @cached_property
    def asks_guardian(self) -> bool:
        """A guardian signs too; what the student has signed already keeps its answer."""
        return asks_guardian(self.enrollment)

    @cached_property
    def guardian(self) -> Guardian | None:
        return guardian_of(self.enrollment)

    @property
    def is_sent_back(self) -> bool:  # type: ignore[override]
        """Sent once, and something was returned since."""
        enrollment = self.enrollment
        return enrollment.submitted_at is not None and enrollment.state == EnrollmentState.IN_PROGRESS

    @cached_property
    def has_signed(self) -> bool:
        """The details stand on a signed agreement: they are no longer the student's alone to change."""
        return self.enrollment.agreements.filter(acts__revision=F("revision")).exists()

    def _steps(self) -> list[tuple[str, str, str, int]]:
        found = [(DETAILS, _("Your details"), _("Name, contact and a few facts about you"), 2)]
        if self.asks_guardian:
            note = _("You are under 18: a parent or guardian signs too")
            found.append((GUARDIAN, _("Your guardian"), note, 1))
        count, agreements = len(self.documents), len(self.to_sign)
        if count:
            note = ngettext("%d photo or file", "%d photos or files", count) % count
            found.append((DOCUMENTS, _("Your documents"), note, count))
        if agreements:
            note = ngettext("Fill in and sign %d agreement", "Fill in and sign %d agreements", agreements)
            found.append((AGREEMENTS, _("Your agreements"), note % agreements, self._minutes_to_fill))
        found.append((REVIEW, _("Check and send"), _("You read everything once more, then send it"), 1))
        return found

    def _missing_before(self) -> Iterator[Missing]:
        if self.enrollment.details_confirmed_at is None:
            yield Missing(DETAILS, _("Your details are not confirmed yet."), self.url("details"))
        if self.asks_guardian and self.guardian is None:
            yield Missing(GUARDIAN, _("Your guardian is not named yet."), self.url("guardian"))
        for document in missing_documents(self.enrollment):
            url = f"{self.url('documents')}#doc-{document.uuid}"
            yield Missing(DOCUMENTS, _("“%s” is missing.") % document.label, url)

    @property
    def next_url(self) -> str:
        if self.enrollment.state == EnrollmentState.COMPLETE:
            return self.url("status")
        return super().next_url

    def _asked_before(self) -> int:
        """The details, the guardian and each required document."""
        return 1 + self.asks_guardian + len([one for one in self.documents if one.is_required])
