"""Texts that editors write for others: ``{language: text}``, with the institution's language required."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

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


def clean_paragraph(value: Any) -> str:
    """Free text of several lines, without control characters (PostgreSQL refuses NUL) and outer space."""
    text = unicodedata.normalize("NFC", str(value or "")).replace("\r\n", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
