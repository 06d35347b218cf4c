"""Which text is readable on an institution's colour (WCAG 2.2, "relative luminance")."""

from __future__ import annotations

DARK, LIGHT = "#1d2327", "#ffffff"


def text_on(colour: str) -> str:
    """Light or dark, whichever has the higher contrast on a colour like "#0f4c5c"."""
    return LIGHT if _contrast(colour, LIGHT) >= _contrast(colour, DARK) else DARK


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
