"""The way through a student's pages: steps, what is missing, where to go next, and how far it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.cohorts.models import RequiredDocument
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.signing.answers import editable_fields, missing_answers
from wagtail_cohorts.signing.marks import latest_mark
from wagtail_cohorts.signing.models import Mark
from wagtail_cohorts.signing.submission import agreements_to_sign
from wagtail_cohorts.uploads.models import Upload
from wagtail_cohorts.uploads.operations import missing_documents

DETAILS, DOCUMENTS, AGREEMENTS, REVIEW = "details", "documents", "agreements", "review"


@dataclass(frozen=True)
class Step:
    """``note`` says in a few words what is asked; ``minutes`` is an honest guess."""

    key: str
    number: int
    title: str
    note: str
    minutes: int


@dataclass(frozen=True)
class Missing:
    """One thing that is not there yet, with the place where it is given."""

    step: str
    sentence: str
    url: str


class Journey:
    """Reads once what one page needs; make a new one after a change."""

    def __init__(self, enrollment: Enrollment, link: uuid.UUID) -> None:
        self.enrollment, self.link = enrollment, link

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"wagtail_cohorts:{name}", kwargs={"link": self.link, **kwargs})

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
    def mark(self) -> Mark | None:
        return latest_mark(self.enrollment.stream_key)

    @property
    def is_sent_back(self) -> bool:
        """Sent once, and something was returned since."""
        enrollment = self.enrollment
        return enrollment.submitted_at is not None and enrollment.state == EnrollmentState.IN_PROGRESS

    @cached_property
    def has_signed(self) -> bool:
        """The details stand on a signed agreement: they are no longer the student's alone to change."""
        return self.enrollment.agreements.filter(acts__revision=F("revision")).exists()

    @property
    def needs_initials(self) -> bool:
        return any(definition_of(one.version).needs_initials(role) for one, role in self.to_sign)

    # Steps

    @cached_property
    def steps(self) -> list[Step]:
        found: list[tuple[str, Any, Any, int]] = [
            (DETAILS, _("Your details"), _("Name, contact and a few facts about you"), 2)
        ]
        count, agreements = len(self.documents), len(self.to_sign)
        if count:
            note = ngettext("%d photo or file", "%d photos or files", count) % count
            found.append((DOCUMENTS, _("Your documents"), note, count))
        if agreements:
            note = ngettext("Fill in and sign %d agreement", "Fill in and sign %d agreements", agreements)
            found.append((AGREEMENTS, _("Your agreements"), note % agreements, self._minutes_to_fill))
        found.append((REVIEW, _("Check and send"), _("You read everything once more, then send it"), 1))
        return [Step(key, place, *rest) for place, (key, *rest) in enumerate(found, start=1)]

    @property
    def _minutes_to_fill(self) -> int:
        questions = sum(len(editable_fields(agreement, role)) for agreement, role in self.to_sign)
        return max(1, round(len(self.to_sign) + questions / 6))

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    def place(self, key: str) -> str:
        """ "Step 2 of 4" """
        step = self.step(key)
        if step is None:
            return ""
        return _("Step %(number)d of %(count)d") % {"number": step.number, "count": len(self.steps)}

    # What is missing

    @cached_property
    def missing(self) -> list[Missing]:
        return [
            *self._missing_details(),
            *self._missing_documents(),
            *self._missing_answers(),
            *self._missing_mark(),
        ]

    def _missing_details(self) -> Iterator[Missing]:
        if self.enrollment.details_confirmed_at is None:
            yield Missing(DETAILS, _("Your details are not confirmed yet."), self.url("student_details"))

    def _missing_documents(self) -> Iterator[Missing]:
        for document in missing_documents(self.enrollment):
            url = f"{self.url('student_documents')}#doc-{document.uuid}"
            yield Missing(DOCUMENTS, _("“%s” is missing.") % document.label, url)

    def _missing_answers(self) -> Iterator[Missing]:
        for agreement, role in self.to_sign:
            url = self.url("student_agreement", agreement=agreement.uuid)
            for one, sentence in missing_answers(agreement, role):
                yield Missing(AGREEMENTS, sentence, f"{url}#f-{one.key}")

    def _missing_mark(self) -> Iterator[Missing]:
        if self.to_sign and self.mark is None:
            yield Missing("signature", _("Your signature is missing."), self.url("student_signature"))

    @property
    def next_url(self) -> str:
        """The first thing that is missing; the last page when nothing is."""
        if self.enrollment.state == EnrollmentState.COMPLETE:
            return self.url("student_status")
        return self.missing[0].url if self.missing else self.url("student_review")

    @property
    def percent(self) -> int:
        """How much of all that is asked is there: for the bar at the foot."""
        asked = sum(len([f for f in editable_fields(one, role) if f.required]) for one, role in self.to_sign)
        required = len([document for document in self.documents if document.is_required])
        whole = 2 + required + asked + bool(self.to_sign)  # details, and sending itself
        return round(100 * max(0, whole - 1 - len(self.missing)) / whole)

    @property
    def signature_places(self) -> list[tuple[str, list[int], list[int]]]:
        """Where the marks will stand: title, pages with the signature, pages with the initials."""
        found = []
        for agreement, role in self.to_sign:
            own = [one for one in definition_of(agreement.version).fields if one.role == role]
            pages = [sorted({f.page for f in own if f.type == kind}) for kind in ("signature", "initials")]
            found.append((agreement.title, pages[0], pages[1]))
        return found
