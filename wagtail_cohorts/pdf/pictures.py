"""A mark's PNG as image XObjects: colour, and apart from it transparency (ISO 32000-2, 8.9.5, 11.6.5.2)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from . import syntax
from .images import opened_image
from .limits import DEFAULT

_HEAD = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/Filter/FlateDecode"


@dataclass(frozen=True)
class Picture:
    """Size in pixels and the ready stream bodies; `colour` wants the number of the mask."""

    width: int
    height: int
    colour_data: bytes
    mask_data: bytes

    def colour(self, mask: int) -> bytes:
        return _object(self, self.colour_data, b"/ColorSpace/DeviceRGB/SMask %d 0 R" % mask)

    def mask(self) -> bytes:
        return _object(self, self.mask_data, b"/ColorSpace/DeviceGray")


@lru_cache(maxsize=128)
def picture(png: bytes) -> Picture:
    """The picture of a mark; made once for the marks that are used again and again. Raises PdfRefused."""
    with opened_image(
        png, formats=("PNG",), max_bytes=DEFAULT.max_mark_bytes, max_pixels=DEFAULT.max_mark_pixels
    ) as image:
        pixels = image.convert("RGBA")
    colour = Image.merge("RGB", [pixels.getchannel(name) for name in "RGB"])
    return Picture(
        pixels.width,
        pixels.height,
        zlib.compress(colour.tobytes(), 6),
        zlib.compress(pixels.getchannel("A").tobytes(), 6),
    )


def _object(of: Picture, data: bytes, entries: bytes) -> bytes:
    return syntax.stream(data, _HEAD % (of.width, of.height) + entries)
