"""An institution's colour as six CSS variables, checked for contrast, in a file named by its hash."""

from __future__ import annotations

import colorsys
import hashlib
import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from wagtail_cohorts.institutions.models import Institution

Colour = tuple[float, float, float]
WHITE, BLACK = (255.0, 255.0, 255.0), (0.0, 0.0, 0.0)
INK, GROUND, DARK_PAPER = (23.0, 33.0, 43.0), (243.0, 245.0, 246.0), (24.0, 34.0, 42.0)
READABLE = 4.6
STEPS = 50
VERSION = "1"


def read_colour(text: str) -> Colour:
    try:
        red, green, blue = bytes.fromhex(text.lstrip("#"))
    except ValueError:
        return (15.0, 76.0, 92.0)
    return float(red), float(green), float(blue)


def hex_of(colour: Colour) -> str:
    return "#" + "".join(f"{round(part):02x}" for part in colour)


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """``share`` of the other colour in the first."""
    red, green, blue = (a + (b - a) * share for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2, "contrast ratio"."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _until_readable(colour: Colour, *, towards: Colour, on: tuple[Colour, ...]) -> Colour:
    """The nearest mix that can be read as text on all the grounds."""
    for step in range(STEPS + 1):
        found = mix(colour, towards, step / STEPS)
        if all(contrast(found, ground) >= READABLE for ground in on):
            return found
    return towards


def variables(text: str) -> dict[str, str]:
    """The six variables of the public style sheet for one institution's colour."""
    base = read_colour(text)
    tint, dark_tint = mix(base, WHITE, 0.9), mix(base, DARK_PAPER, 0.78)
    light = _until_readable(base, towards=BLACK, on=(GROUND, tint, WHITE))
    dark = _until_readable(_lighter(base), towards=WHITE, on=(DARK_PAPER, dark_tint))
    return {
        "institution": hex_of(light),
        "on-institution": hex_of(_best_text(light)),
        "institution-tint": hex_of(tint),
        "institution-dark": hex_of(dark),
        "on-institution-dark": hex_of(_best_text(dark)),
        "institution-tint-dark": hex_of(dark_tint),
    }


def _lighter(colour: Colour) -> Colour:
    """The same hue, light and not too loud, for a dark page."""
    hue, light, loud = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    red, green, blue = colorsys.hls_to_rgb(hue, max(light, 0.69), min(loud, 0.55))
    return red * 255, green * 255, blue * 255


def _best_text(ground: Colour) -> Colour:
    return max((WHITE, INK), key=lambda text: contrast(text, ground))


def digest_of(institution: Institution) -> str:
    return hashlib.sha256(f"{VERSION}:{institution.colour}".encode()).hexdigest()[:12]


def style_url(institution: Institution) -> str:
    return reverse("wagtail_cohorts:institution_style", args=[institution.uuid, digest_of(institution)])


def institution_style(request: HttpRequest, institution: uuid.UUID, digest: str) -> HttpResponse:
    """Cacheable by anyone for a year: another colour has another name. It holds a colour and nothing else."""
    found = Institution.objects.filter(uuid=institution).first()
    if found is None or digest != digest_of(found):
        raise Http404
    rules = "".join(f"--{name}:{value};" for name, value in variables(found.colour).items())
    response = HttpResponse(f":root{{{rules}}}\n", content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
