"""Views of the template editor: saving with a word on what a PDF lost, page pictures, and versions as PDF."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views import View
from wagtail.admin import messages
from wagtail.snippets.views import snippets

from wagtail_cohorts import pdf
from wagtail_cohorts.admin.limits import unquoted
from wagtail_cohorts.files.serving import protect, serve
from wagtail_cohorts.models import AgreementTemplate

WIDTHS = (200, 1600)
DAY = 24 * 3600


class TellRemoved:
    """After saving a new PDF, name what was taken out of it."""

    form: Any
    request: HttpRequest

    def save_instance(self) -> Any:
        saved = super().save_instance()  # type: ignore[misc]
        removed = self.form.removed_words()
        if removed:
            sentence = _("The PDF was taken without: %s.") % ", ".join(removed)
            messages.warning(self.request, sentence)
        return saved


class TemplateCreateView(TellRemoved, snippets.CreateView):
    pass


class TemplateEditView(TellRemoved, snippets.EditView):
    pass


class OneTemplateView(View):
    """A view of one template in scope; whoever may see the institution's templates may call it."""

    model = AgreementTemplate
    permission_policy: Any = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.permission_policy.user_has_permission(request.user, "view"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def find_template(self, pk: str) -> AgreementTemplate:
        """Its latest draft: the scope was checked in ``setup``."""
        found = AgreementTemplate.objects.select_related("latest_revision").get(pk=unquoted(pk))
        return found.get_latest_revision_as_object()


class PageImageView(OneTemplateView):
    """A picture of one page of the draft's PDF."""

    def get(self, request: HttpRequest, pk: str, page: int) -> HttpResponse:
        source = self.find_template(pk).source
        if source is None:
            raise Http404
        try:
            image = pdf.page_image(source.read(), page, self._width(request))
        except pdf.PdfRefused as error:
            raise Http404 from error
        response = protect(HttpResponse(image, content_type="image/webp"))
        del response["Cache-Control"]
        patch_cache_control(response, private=True, max_age=DAY)
        return response

    def _width(self, request: HttpRequest) -> int:
        asked = request.GET.get("width", "")
        width = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else WIDTHS[1]
        return max(WIDTHS[0], min(width, WIDTHS[1]))


class VersionPdfView(OneTemplateView):
    """A published version's PDF, empty as it was published."""

    def get(self, request: HttpRequest, pk: str, number: int) -> HttpResponse:
        version = self.find_template(pk).versions.filter(number=number).select_related("pdf").first()
        if version is None:
            raise Http404
        return serve(version.pdf, name=f"{version.title} v{version.number}.pdf", request=request, inline=True)
