"""A draft as it will look: its pages with sample values, drawn by the engine."""

from __future__ import annotations

import base64
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from wagtail_cohorts import clock, pdf
from wagtail_cohorts.agreements.models import AgreementTemplate

WIDTH = 900
MOST_PAGES = 40
NUMBER, IDENTITY_NUMBER, PHONE, EMAIL = "12", "9001015009087", "0825550142", "name@example.com"


def sample_values(fields: tuple[pdf.Field, ...], *, language: str) -> dict[str, Any]:
    """Something plausible for each field that prints a value."""
    return {
        field.key: _sample(field, language) for field in fields if field.type not in ("signature", "initials")
    }


def _sample(field: pdf.Field, language: str) -> Any:
    today = clock.today().isoformat()
    fixed: dict[str, Any] = {
        "number": field.min or NUMBER,
        "date": field.min or today,
        "date_signed": today,
        "checkbox": True,
        "phone": PHONE,
        "email": EMAIL,
        "national_id": IDENTITY_NUMBER,
        "static": field.default,
    }
    if field.type in fixed:
        return fixed[field.type]
    if field.options:
        return field.default or field.options[0].value
    text = field.default or field.name(language)
    longest = min(field.max_length or 200, field.cells or 200)
    return text[:longest]


@lru_cache(maxsize=32)
def _marks(name: str) -> pdf.Marks:
    return pdf.Marks(signature=pdf.mark_from_text(name), initials=pdf.mark_from_text(name[:2], initials=True))


def sample_pdf(template: AgreementTemplate) -> bytes:
    """The draft filled in. Raises pdf.PdfError when its fields cannot be drawn yet."""
    assert template.source is not None
    language = template.institution.language
    fields = pdf.parse_fields(template.fields)
    marks = {row["key"]: _marks(row["name"][:30] or _("Name")) for row in template.roles}
    values = sample_values(fields, language=language)
    source = template.source.read() if template.source else b""
    return pdf.fill(pdf.compile(source, fields), values, marks, language=language)


def sample_pages(template: AgreementTemplate) -> dict[str, Any]:
    """Pictures of the first pages as ``data:`` addresses, and the sentence that says why there are none."""
    if template.source is None:
        return {"pages": [], "problem": _("There is no PDF yet. Add one and the preview shows its pages.")}
    try:
        data = sample_pdf(template)
        numbers = [page["number"] for page in template.pages[:MOST_PAGES]]
        pages = [
            {"number": number, "address": _address(pdf.page_image(data, number, WIDTH))} for number in numbers
        ]
    except pdf.PdfError as error:
        return {"pages": [], "problem": str(error)}
    return {"pages": pages, "problem": "", "left_out": max(0, len(template.pages) - MOST_PAGES)}


def _address(image: bytes) -> str:
    return f"data:image/webp;base64,{base64.b64encode(image).decode()}"
