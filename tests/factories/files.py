"""PDFs and photos, as small as they can be."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas


@lru_cache
def small_pdf(pages: int = 2, *, words: str = "Agreement") -> bytes:
    """A PDF of a few A4 pages with some text, the same bytes at each call."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for page in range(1, pages + 1):
        canvas.drawString(72, 780, f"{words}, page {page}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@lru_cache
def photo(seed: int = 1) -> bytes:
    """A small JPEG, different for each seed."""
    image = Image.new("RGB", (640, 400), (200, 220, 200 + seed % 50))
    ImageDraw.Draw(image).text((40, 40), f"SPECIMEN {seed}", fill="black")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()
