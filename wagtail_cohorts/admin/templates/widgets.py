"""The field editor: a JSON text area that a script turns into a list, the pages and a form for one field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.widgets import Media, Script
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from wagtail_cohorts.admin.templates import words
from wagtail_cohorts.agreements.models import AgreementTemplate

PAGE_IMAGE = "wagtailsnippets_wagtail_cohorts_agreementtemplate:page_image"
IMAGE_WIDTH = 1100
EDITOR_SCRIPTS = ("field-facts", "field-drawing", "field-form")  # in this order: each uses those before


class FieldFormWidget(forms.Textarea):
    """``template_object`` is the draft being edited; without a PDF there are no pages to show yet."""

    template_name = "wagtail_cohorts/admin/templates/field_form.html"
    template_object: AgreementTemplate | None = None

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        draft = self.template_object
        pages = self._pages(draft) if draft is not None else []
        context.update(
            pages=pages,
            types=words.TYPES.items(),
            sources=words.SOURCES.items(),
            patterns=words.PATTERNS.items(),
            alignments=words.ALIGNMENTS.items(),
            date_orders=words.DATE_ORDERS.items(),
            setup={"pages": pages, "language": self._language(draft), "words": self._words()},
        )
        return context

    def _pages(self, draft: AgreementTemplate) -> list[dict[str, Any]]:
        """Sizes in points; the picture's address names the file's hash, so that a browser may keep it."""
        if draft.pk is None or draft.source is None:
            return []
        query = f"?width={IMAGE_WIDTH}&v={draft.source.sha256[:12]}"
        return [
            {**page, "address": reverse(PAGE_IMAGE, args=[draft.pk, page["number"]]) + query}
            for page in draft.pages
        ]

    def _language(self, draft: AgreementTemplate | None) -> str:
        return draft.institution.language if draft is not None and draft.institution_id else "en"

    def _words(self) -> dict[str, str]:
        """What the script writes."""
        return {
            "new": _("New field"),
            "page": _("Page {number} of {count}"),
            "short": _("p{number}"),
            "added": _("Added: {name}"),
            "removed": _("Removed: {name}"),
            "moved": _("{name} is number {place} now"),
            "option": _("Option"),
            "nobody": _("No role yet"),
            "copy": _("{name} (copy)"),
            "image": _("Page {number} of the PDF"),
        }

    @cached_property
    def media(self) -> Media:
        return forms.Media(
            css={"all": ["wagtail_cohorts/css/field-form.css"]},
            js=[Script(f"wagtail_cohorts/js/{name}.js", type="module") for name in EDITOR_SCRIPTS],  # type: ignore[misc]
        )
