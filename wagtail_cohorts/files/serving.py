"""Answers that carry a private file: after the caller's scope check, never by a public URL."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from wagtail_cohorts.files.models import StoredFile

INLINE_TYPES = {"application/pdf", "image/jpeg", "image/png", "image/webp"}


def safe_name(name: str, *, fallback: str = "file") -> str:
    """A display name that is harmless in a header, in a ZIP and on any file system."""
    kept = "".join(
        c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] not in "CZ" or c == " "
    )
    kept = "".join("-" if c in '<>:"/\\|?*' else c for c in kept).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    kept = (f"{stem[:100]}.{ending[:10]}" if dot and stem else kept[:100]).strip(" .")
    reserved = {"CON", "PRN", "AUX", "NUL", *(f"{p}{n}" for p in ("COM", "LPT") for n in range(1, 10))}
    return fallback if not kept or kept.split(".")[0].upper() in reserved else kept


def serve(
    stored: StoredFile, *, name: str, request: HttpRequest | None = None, inline: bool = False
) -> HttpResponse:
    """The file as an attachment, or inline for the few types that browsers show safely."""
    show = inline and stored.content_type in INLINE_TYPES
    content_type = stored.content_type if stored.content_type in INLINE_TYPES else "application/octet-stream"
    if stored.content_type.startswith(("application/zip", "application/vnd.openxmlformats", "text/csv")):
        content_type = stored.content_type
    response: Any = FileResponse(
        stored.open(), as_attachment=not show, filename=safe_name(name), content_type=content_type
    )
    return protect(response)


def protect(response: HttpResponse) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Referrer-Policy"] = "no-referrer"
    patch_cache_control(response, private=True, no_store=True)
    return response
