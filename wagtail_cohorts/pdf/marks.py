"""Marks: the pictures of signatures and initials, always drawn anew here from what a browser sent."""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from . import fonts
from .errors import FieldError, PdfRefused
from .images import opened_image
from .limits import DEFAULT, Limits

INK = (16, 32, 110)
_PREFIX = "data:image/png;base64,"
_LEAST_INK = 40  # pixels of a stroke, at least
_LEAST_ALPHA = 40
_PAPER = 200  # brighter than this is paper when a picture has no transparency
_WIDEST, _HIGHEST = 1200, 480
_TYPED_SIZE = 120
_AXES = (300, 85)  # weight and width
_LONGEST = {"signature": 80, "initials": 6}


@dataclass(frozen=True)
class Marks:
    """What one role puts on a document: PNG pictures made here, and a line printed under each signature."""

    signature: bytes | None = None
    initials: bytes | None = None
    caption: str = ""


def mark_from_png(data: bytes, limits: Limits = DEFAULT) -> bytes:
    """A drawn mark as a new transparent PNG, cut to its ink. PdfRefused for anything but a PNG with ink."""
    with opened_image(
        data, formats=("PNG",), max_bytes=limits.max_mark_bytes, max_pixels=limits.max_mark_pixels
    ) as image:
        drawn = image.convert("RGBA")
    return _encoded(_cut_to_ink(_without_paper(drawn)))


def mark_from_data_url(url: str, limits: Limits = DEFAULT) -> bytes:
    """A drawn mark from the `data:` address that a browser's canvas gives. Raises PdfRefused."""
    if not url.startswith(_PREFIX):
        raise PdfRefused("not_an_image", "The signature did not arrive as a picture. Please draw it again.")
    encoded = url[len(_PREFIX) :]
    if len(encoded) > limits.max_mark_bytes * 4 // 3 + 4:
        raise PdfRefused("image_too_large", "The signature's picture is too large. Please draw it again.")
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PdfRefused(
            "image_damaged", "The signature did not arrive whole. Please draw it again."
        ) from error
    return mark_from_png(data, limits)


@lru_cache(maxsize=64)  # a preview is followed by the signature itself
def mark_from_text(text: str, *, initials: bool = False) -> bytes:
    """A typed mark: the text in a slanted hand in ink blue on a transparent PNG. Raises FieldError."""
    word = "initials" if initials else "signature"
    plain = " ".join(fonts.printable(text).split())
    if not plain:
        raise FieldError("required", f"Type your {'initials' if initials else 'name'}.")
    if len(plain) > _LONGEST[word]:
        raise FieldError(
            "too_long", f"Your {word} may have {_LONGEST[word]} characters. You typed {len(plain)}."
        )
    missing = fonts.missing_glyphs(plain)
    if missing:
        raise FieldError(
            "missing_glyph", f"These characters cannot be printed: {missing}. You typed “{plain}”."
        )
    font = ImageFont.truetype(fonts.path(slanted=True), _TYPED_SIZE, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes(list(_AXES))
    left, top, right, bottom = (round(side) for side in font.getbbox(plain))
    size = (right - left + 16, bottom - top + 16)
    ink = Image.new("L", size, 0)
    ImageDraw.Draw(ink).text((8 - left, 8 - top), plain, font=font, fill=255)
    image = Image.new("RGBA", size, (*INK, 0))
    image.putalpha(ink)
    return _encoded(_cut_to_ink(image))


def _without_paper(image: Image.Image) -> Image.Image:
    """The picture with its bright paper made transparent, if it came without transparency."""
    low, _ = image.getchannel("A").getextrema()
    if isinstance(low, int | float) and low < 255:
        return image
    darkness = image.convert("L").point(lambda value: 0 if value > _PAPER else 255 - value)
    image.putalpha(darkness)
    return image


def _cut_to_ink(image: Image.Image) -> Image.Image:
    ink = image.getchannel("A").point(lambda value: 255 if value >= _LEAST_ALPHA else 0)
    box = ink.getbbox()
    if box is None or ink.histogram()[255] < _LEAST_INK:
        raise PdfRefused("blank_mark", "The signature is empty. Please draw it again.")
    cut = image.crop(box)
    cut.thumbnail((_WIDEST, _HIGHEST), Image.Resampling.LANCZOS)
    return cut


def _encoded(image: Image.Image) -> bytes:
    """PNG bytes with nothing in them but the pixels; what is transparent is one colour, so it packs well."""
    alpha = image.getchannel("A")
    clear = Image.new("RGBA", image.size, (255, 255, 255, 0))
    flat = Image.composite(image, clear, alpha.point(lambda value: 255 if value else 0))
    target = io.BytesIO()
    flat.save(target, "PNG", optimize=False, compress_level=6)
    return target.getvalue()
