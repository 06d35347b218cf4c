"""Files and page images for staff: each asks the scope again before a byte is read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.views import View

from wagtail_cohorts import pdf
from wagtail_cohorts.admin.pages import CohortPage, actor_of
from wagtail_cohorts.admin.scoping import ScopedPageMixin
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.exports.models import ExportFile
from wagtail_cohorts.exports.packing import CONTENT_TYPES, download_now
from wagtail_cohorts.files.serving import protect, serve
from wagtail_cohorts.flags import EXPORTS
from wagtail_cohorts.signing.rendering import read_copy
from wagtail_cohorts.uploads.models import Upload

WIDTHS = (200, 480, 800, 1200, 1600)
DEFAULT_WIDTH = 800
KEEP_SECONDS = 300


def width_of(request: HttpRequest) -> int:
    """One of a few widths, so that nobody makes the server draw thousands of sizes."""
    asked = request.GET.get("w", "")
    return int(asked) if asked.isdecimal() and len(asked) < 6 and int(asked) in WIDTHS else DEFAULT_WIDTH


def page_response(data: bytes, page: int, request: HttpRequest) -> HttpResponse:
    try:
        image = pdf.page_image(data, page, width_of(request))
    except pdf.PdfError as error:
        raise Http404 from error
    response = protect(HttpResponse(image, content_type="image/webp"))
    response.headers.pop("Cache-Control", None)
    patch_cache_control(response, private=True, max_age=KEEP_SECONDS)
    return response


class Download(ScopedPageMixin, View):
    """A file of an object in the scope."""

    permission_required = None


class DocumentFile(Download):
    """The clean PDF that people look at, in the browser."""

    model = Upload

    def subjects(self) -> Any:
        return Upload.objects.select_related("file", "original")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return serve(self.subject.file, name=f"{self.subject.name}.pdf", request=request, inline=True)


class DocumentOriginal(DocumentFile):
    """What the student sent, as it came."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return serve(self.subject.original, name=self.subject.name, request=request)


class DocumentPage(DocumentFile):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return page_response(self.subject.file.read(), kwargs["page"], request)


class AgreementFile(Download):
    """The agreement as it stands: sealed, signed by some, or still open."""

    model = Agreement

    def subjects(self) -> Any:
        return Agreement.objects.select_related(
            "current",
            "sealed",
            "version__template",
            "version__pdf",
            "enrollment",
            "cohort__programme",
            "cohort__sponsor",
            "cohort__institution",
        )

    def bytes_of(self) -> bytes:
        agreement: Agreement = self.subject
        stored = agreement.sealed or agreement.current
        return stored.read() if stored is not None else read_copy(agreement).render()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        agreement: Agreement = self.subject
        name, stored = self.name_of(agreement), agreement.sealed or agreement.current
        if stored is not None:
            return serve(stored, name=name, request=request, inline="download" not in request.GET)
        response = protect(HttpResponse(self.bytes_of(), content_type="application/pdf"))
        response["Content-Disposition"] = f'inline; filename="{slugify(agreement.title) or "agreement"}.pdf"'
        return response

    def name_of(self, agreement: Agreement) -> str:
        student = agreement.enrollment.full_name if agreement.enrollment else ""
        return f"{agreement.title} {student}".strip() + ".pdf"


class AgreementPage(AgreementFile):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return page_response(self.bytes_of(), kwargs["page"], request)


class CertificateFile(Download):
    """The certificate of completion of one student."""

    model = CompletionRecord

    def subjects(self) -> Any:
        return CompletionRecord.objects.select_related("certificate", "package", "enrollment")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = f"Certificate {self.subject.enrollment.full_name}.pdf"
        return serve(self.subject.certificate, name=name, request=request, inline=True)


class PackageFile(CertificateFile):
    """All papers of one student."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.subject.package is None:
            raise Http404
        return serve(self.subject.package, name=f"{self.subject.enrollment.full_name}.zip", request=request)


class ExportDownload(Download):
    """The result of a background export or ZIP."""

    model = ExportFile
    flag = EXPORTS

    def subjects(self) -> Any:
        return ExportFile.objects.select_related("file")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return serve(self.subject.file, name=self.subject.name, request=request)


class CohortExport(CohortPage):
    """The students of a cohort as Excel or CSV, at once."""

    flag = EXPORTS
    permission_required = "view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        format = "csv" if request.GET.get("format") == "csv" else "xlsx"
        data = download_now(self.cohort, format=format, actor=actor_of(request))
        response = protect(HttpResponse(data, content_type=CONTENT_TYPES[format]))
        stem = slugify(self.cohort.name) or "cohort"
        response["Content-Disposition"] = f'attachment; filename="{stem}-{date.today()}.{format}"'
        return response
