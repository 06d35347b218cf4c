"""The student's documents: one card for each that is asked for, with its files and its state."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_cohorts.cohorts.models import ACCEPTED_TYPES, RequiredDocument
from wagtail_cohorts.conf import settings
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.exceptions import BadInput, CohortsError
from wagtail_cohorts.portal.base import TEMPLATES, see_other
from wagtail_cohorts.portal.signer.pages import image_response
from wagtail_cohorts.portal.student.base import EditingPage, StudentPage
from wagtail_cohorts.portal.student.journey import Journey
from wagtail_cohorts.uploads.models import Upload, UploadState
from wagtail_cohorts.uploads.operations import add_upload, remove_upload

MOST_FILES = 20


@dataclass
class Card:
    """One required document: its files, its state and, after a refusal, what went wrong."""

    document: RequiredDocument
    uploads: list[Upload]
    error: str = ""

    @property
    def state(self) -> str:
        states = {upload.state for upload in self.uploads}
        if UploadState.REJECTED in states:
            return "sent_back"
        if self.uploads:
            return "accepted" if states == {UploadState.APPROVED} else "ready"
        return "missing" if self.document.is_required else "optional"

    @property
    def can_add(self) -> bool:
        return all(upload.state != UploadState.APPROVED for upload in self.uploads)

    @property
    def accept(self) -> str:
        return ",".join(ACCEPTED_TYPES[kind] for kind in self.document.accepts if kind in ACCEPTED_TYPES)

    @property
    def takes_photos(self) -> bool:
        return "photo" in self.document.accepts


def cards_of(journey: Journey) -> list[Card]:
    """Sent back ones first, then in the cohort's order."""
    cards = [
        Card(document, [one for one in journey.uploads if one.required_document_id == document.pk])
        for document in journey.documents
    ]
    return sorted(cards, key=lambda card: card.state != "sent_back")


class Documents(EditingPage):
    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        return self.page(cards_of(self.journey))

    def page(self, cards: list[Card], *, status: int = 200) -> HttpResponse:
        return self.render("student/documents.html", {
            "cards": cards, "sent_back": [card for card in cards if card.state == "sent_back"],
            "left": left_note(cards), "megabytes": settings.MAX_UPLOAD_BYTES // 1_000_000,
            "place": self.journey.place("documents"),
        }, status=status)  # fmt: skip

    def post(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        """Continue: to the next thing that is missing, wherever that is; past here even with gaps."""
        others = [one for one in self.journey.missing if one.step not in ("details", "documents")]
        return see_other(others[0].url if others else self.url("student_review"))


def left_note(cards: list[Card]) -> str:
    left = len([card for card in cards if card.state in ("missing", "sent_back")])
    if not left:
        return _("All documents are here")
    return ngettext("%d still to do", "%d still to do", left) % left


class DocumentAction(Documents):
    """A change to one card: a whole page for a plain form, the card alone for the script."""

    def find_document(self, document: uuid.UUID) -> RequiredDocument:
        found = self.cohort.required_documents.filter(uuid=document).first()
        if found is None:
            raise Http404
        return found

    def finish(self, document: RequiredDocument, *, error: str) -> HttpResponse:
        self.enrollment.refresh_from_db()
        cards = cards_of(Journey(self.enrollment, self.link.uuid))
        card = next(card for card in cards if card.document == document)
        card.error = error
        if self.request.headers.get("Accept") == "application/json":
            return self._card_alone(card, cards)
        if error:
            return self.page(cards)
        return see_other(f"{self.url('student_documents')}#doc-{document.uuid}")

    def _card_alone(self, card: Card, cards: list[Card]) -> HttpResponse:
        context = {**self.frame(), "card": card, "megabytes": settings.MAX_UPLOAD_BYTES // 1_000_000}
        html = render_to_string(f"{TEMPLATES}student/document_card.html", context, request=self.request)
        answer = {"card": html, "error": card.error, "left": left_note(cards)}
        return JsonResponse(answer)


class AddFiles(DocumentAction):
    """One or several files for one document; each is checked and kept on its own."""

    def get(self, request: HttpRequest, link: uuid.UUID, document: uuid.UUID) -> HttpResponse:  # type: ignore[override]
        return see_other(self.url("student_documents"))

    def post(self, request: HttpRequest, link: uuid.UUID, document: uuid.UUID) -> HttpResponse:  # type: ignore[override]
        found = self.find_document(document)
        return self.finish(found, error=self._take(found))

    def _take(self, document: RequiredDocument) -> str:
        files = [one for one in self.request.FILES.getlist("file") if one is not None][:MOST_FILES]
        if not files:
            return _("Choose a file or take a photo first.")
        try:
            for file in files:
                if (file.size or 0) > settings.MAX_UPLOAD_BYTES:
                    megabytes = settings.MAX_UPLOAD_BYTES // 1_000_000
                    raise BadInput(_("This file is larger than %d MB.") % megabytes, field="file")
                name = file.name or _("file")
                add_upload(self.enrollment, document, data=file.read(), name=name, actor=self.actor)
        except CohortsError as error:
            return str(error)
        return ""


class RemoveFile(DocumentAction):
    def get(self, request: HttpRequest, link: uuid.UUID, upload: uuid.UUID) -> HttpResponse:  # type: ignore[override]
        return see_other(self.url("student_documents"))

    def post(self, request: HttpRequest, link: uuid.UUID, upload: uuid.UUID) -> HttpResponse:  # type: ignore[override]
        found, error = own_upload(self, upload), ""
        try:
            remove_upload(found, actor=self.actor)
        except CohortsError as refusal:
            error = str(refusal)
        return self.finish(found.required_document, error=error)


class LookAtFile(StudentPage):
    """The file as we keep it, page by page."""

    def get(self, request: HttpRequest, link: uuid.UUID, upload: uuid.UUID) -> HttpResponse:
        found = own_upload(self, upload)
        pages = [
            (number, self.url("student_file_image", upload=found.uuid, page=number, width=1200))
            for number in range(1, found.pages + 1)
        ]
        title = found.required_document.label
        back = self.url(
            "student_status" if self.enrollment.state == EnrollmentState.COMPLETE else "student_documents"
        )
        return self.render("signer/read.html", {"title": title, "pages": pages, "back": back})


class FileImage(StudentPage):
    def get(
        self, request: HttpRequest, link: uuid.UUID, upload: uuid.UUID, page: int, width: int
    ) -> HttpResponse:
        found = own_upload(self, upload)
        return image_response(found.file.read, page=page, width=width, pages=found.pages)


def own_upload(view: StudentPage, upload: uuid.UUID) -> Upload:
    found = view.enrollment.uploads.current().filter(uuid=upload)
    row = found.select_related("file", "original", "required_document").first()
    if row is None:
        raise Http404
    return row
