"""Pictures that people upload: bounded before decoding, upright, without metadata, and as A4 pages."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageOps

from . import syntax
from .errors import PdfError, PdfRefused
from .limits import DEFAULT, Limits

A4 = (595.276, 841.89)  # points
RESOLUTION = 200  # dots per inch on the page, at most
_MARGIN = 0.0
_QUALITY = 82
_NAMES = {"JPEG": "jpeg", "PNG": "png", "WEBP": "webp", "HEIF": "heic"}
_MESSAGES = {
    "empty": "The file is empty.",
    "not_an_image": "This file cannot be used. Choose a photo (JPEG, PNG or WebP) or a PDF.",
    "image_damaged": "The picture is damaged and cannot be read.",
    "image_too_large": "The picture is too large. It may have at most {limit}.",
    "animated": "Moving pictures cannot be used. Choose a still picture.",
}

try:
    from pillow_heif import register_heif_opener
except ImportError:
    _FORMATS: tuple[str, ...] = ("JPEG", "PNG", "WEBP")
else:
    register_heif_opener(thumbnails=False)
    _FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")


@dataclass(frozen=True)
class ImageInfo:
    """Format (jpeg, png, webp, heic) and the size in pixels as stored, before turning upright."""

    format: str
    width: int
    height: int


def refused(code: str, **details: object) -> PdfRefused:
    return PdfRefused(code, _MESSAGES[code].format(**details))


@contextmanager
def opened_image(
    data: bytes, *, formats: tuple[str, ...] = _FORMATS, max_bytes: int, max_pixels: int
) -> Iterator[Image.Image]:
    """A picture whose header is judged and whose pixels are not decoded yet; all faults become PdfRefused."""
    if not data:
        raise refused("empty")
    if len(data) > max_bytes:
        raise refused("image_too_large", limit=f"{max_bytes // 1_000_000} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = _header(data, formats)
        with image:
            if image.width * image.height > max_pixels:
                raise refused("image_too_large", limit=f"{max_pixels // 1_000_000} million pixels")
            if getattr(image, "n_frames", 1) > 1 and image.format != "HEIF":
                raise refused("animated")
            yield image
    except PdfError:
        raise
    except Exception as error:
        raise refused("image_damaged") from error


def _header(data: bytes, formats: tuple[str, ...]) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=formats)
    except Image.DecompressionBombError as error:
        raise refused("image_too_large", limit="40 million pixels") from error
    except Exception as error:
        raise refused("not_an_image") from error


def check_image(data: bytes, limits: Limits = DEFAULT) -> ImageInfo:
    """Judge a picture: format and size from its header, then a full decode. Raises PdfRefused."""
    with opened_image(data, max_bytes=limits.max_image_bytes, max_pixels=limits.max_image_pixels) as image:
        info = ImageInfo(_NAMES[image.format or ""], image.width, image.height)
        image.load()
        return info


def photo_to_pdf(data: bytes, limits: Limits = DEFAULT) -> bytes:
    """One A4 page (lying when the picture is wider than high), the picture upright and without its metadata.

    At most 200 dots per inch are kept. The same picture gives the same bytes. Raises PdfRefused.
    """
    with opened_image(data, max_bytes=limits.max_image_bytes, max_pixels=limits.max_image_pixels) as image:
        largest = round(A4[1] / 72 * RESOLUTION)
        if image.format == "JPEG":
            image.draft("RGB", (largest, largest))
        upright = _flat(ImageOps.exif_transpose(image))
    page = A4 if upright.height >= upright.width else A4[::-1]
    scale = min(page[0] / upright.width, page[1] / upright.height)
    most = RESOLUTION / 72 * scale
    if most < 1:
        size = (max(1, round(upright.width * most)), max(1, round(upright.height * most)))
        upright = upright.resize(size, Image.Resampling.LANCZOS)
    return _page(upright, page)


def _flat(image: Image.Image) -> Image.Image:
    """Grey or RGB on white."""
    if image.mode in ("L", "RGB"):
        return image
    if image.mode in ("1", "I;16", "I", "F"):
        return image.convert("L")
    if image.mode == "CMYK":
        return image.convert("RGB")
    layered = image.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")


def _page(image: Image.Image, page: tuple[float, float]) -> bytes:
    encoded = io.BytesIO()
    image.info.clear()
    image.save(encoded, "JPEG", quality=_QUALITY, optimize=True)
    scale = min(page[0] / image.width, page[1] / image.height)
    w, h = image.width * scale, image.height * scale
    place = syntax.numbers((w, 0, 0, h, (page[0] - w) / 2, (page[1] - h) / 2))
    space = b"/DeviceGray" if image.mode == "L" else b"/DeviceRGB"
    body = syntax.Body()
    root = body.add(b"<</Type/Catalog/Pages 2 0 R>>")
    body.add(b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
    body.add(
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s]/Resources<</XObject<</Photo 5 0 R>>>>/Contents 4 0 R>>"
        % syntax.numbers(page)
    )
    body.add(syntax.stream(b"q " + place + b" cm /Photo Do Q"))
    entries = (
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace%s/Filter/DCTDecode"
    )
    body.add(syntax.stream(encoded.getvalue(), entries % (image.width, image.height, space)))
    info = body.add(syntax.dictionary({b"/Producer": syntax.text_string("wagtail-cohorts")}))
    return body.file(root=root, info=info)
