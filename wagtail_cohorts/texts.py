"""Texts that editors write for others: ``{language: text}``, with the institution's language required."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language


def in_language(texts: Mapping[str, str] | None, *, language: str | None = None) -> str:
    """The text in the asked language, else its base language, else the first one written."""
    if not texts:
        return ""
    wanted = language or get_language() or "en"
    for key in (wanted, wanted.split("-")[0]):
        if texts.get(key):
            return texts[key]
    return next((text for text in texts.values() if text), "")
