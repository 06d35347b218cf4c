"""Pictures of pages, drawn by PDFium. It is not thread-safe, so one lock guards every use in this process."""

from __future__ import annotations

import io
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
from PIL import Image

from .errors import PdfRefused
from .limits import MADE
from .reader import boundary, check_bytes, refused

WIDEST, HIGHEST = 4000, 8000  # pixels
_QUALITY = {"webp": 75, "jpeg": 75, "png": 0}
_METHOD = 2  # WebP effort: half the time of the default for a few per cent more bytes
_JUST_UNDER = 1 - 1e-9  # sides are rounded up: a width that comes out whole must stay so
_lock = threading.Lock()


@contextmanager
def _document(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    check_bytes(data, MADE)
    with _lock, boundary():
        document = pypdfium2.PdfDocument(data)
        try:
            yield document
        finally:
            document.close()


def page_sizes(data: bytes) -> tuple[tuple[float, float], ...]:
    """Width and height of each visible, rotated page as PDFium sees it (UserUnit not counted)."""
    with _document(data) as document:
        return tuple(document.get_page_size(index) for index in range(len(document)))


def page_image(data: bytes, page: int, width: int, *, format: str = "webp") -> bytes:
    """A picture of a page (from 1), `width` pixels wide, as webp, jpeg or png. Raises PdfRefused."""
    if format not in _QUALITY:
        raise PdfRefused("bad_format", "Page pictures are made as webp, jpeg or png.")
    return _encoded(_drawn(data, page, width), format)


def _drawn(data: bytes, page: int, width: int) -> Image.Image:
    with _document(data) as document:
        if not 1 <= page <= len(document):
            raise PdfRefused("no_such_page", f"There is no page {page}; the PDF has {len(document)}.")
        sheet = document[page - 1]
        across, down = sheet.get_size()
        if not (across > 0 and down > 0 and math.isfinite(across) and math.isfinite(down)):
            raise refused("page_size", page=page)
        scale = min(max(1, min(width, WIDEST)) / across, HIGHEST / down) * _JUST_UNDER
        bitmap = sheet.render(scale=scale, draw_annots=True, may_draw_forms=False)
        picture: Image.Image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        sheet.close()
        return picture


def _encoded(picture: Image.Image, format: str) -> bytes:
    target = io.BytesIO()
    if format == "png":
        picture.save(target, "PNG", compress_level=4)
    elif format == "jpeg":
        picture.save(target, "JPEG", quality=_QUALITY[format])
    else:
        picture.save(target, "WEBP", quality=_QUALITY[format], method=_METHOD)
    return target.getvalue()
