"""PDFs and pictures for the engine's tests, made in memory."""

from __future__ import annotations

import io
import zlib
from functools import cache
from typing import Any

from PIL import Image, ImageDraw
from reportlab.pdfgen import canvas

from wagtail_cohorts.pdf import Field, Marks, compile, fill, parse_fields

A4 = (595.0, 842.0)


def raw_pdf(objects: list[bytes], *, trailer: bytes = b"", root: int = 1) -> bytes:
    """A file with these objects, numbered from 1, and a right cross-reference table."""
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, root, trailer, start,
    )  # fmt: skip
    return bytes(out)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def deflated(data: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(data), entries + b"/Filter/FlateDecode")


def one_page(
    *,
    page: bytes = b"/MediaBox[0 0 595 842]",
    tree: bytes = b"",
    catalog: bytes = b"",
    content: bytes = b"0.9 g 40 40 200 30 re f",
    more: list[bytes] | None = None,
) -> bytes:
    """One page: 1 catalog, 2 page tree, 3 page, 4 content, 5 Helvetica, then `more` from 6."""
    resources = b"" if b"/Resources" in page + tree else b"/Resources<</Font<</F1 5 0 R>>>>"
    return raw_pdf([
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[3 0 R]/Count 1%s>>" % tree,
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s%s>>" % (page, resources),
        stream(content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *(more or []),
    ])  # fmt: skip


def agreement(pages: int = 12) -> bytes:
    """Pages of text and a picture, the same bytes each time."""
    target = io.BytesIO()
    paper = canvas.Canvas(target, pagesize=A4, invariant=1)
    for number in range(1, pages + 1):
        paper.setFont("Helvetica-Bold", 14)
        paper.drawString(60, 780, f"{number}. What the parties agree on page {number}")
        paper.setFont("Helvetica", 10)
        for line in range(30):
            paper.drawString(
                60, 750 - 16 * line, f"Clause {number}.{line}: the student attends every lesson."
            )
        paper.line(60, 120, 300, 120)
        paper.showPage()
    paper.save()
    return target.getvalue()


@cache
def filled_agreement() -> bytes:
    """Two pages with a name and a signature."""
    template = compile(agreement(2), [field(), field(key="s", type="signature", y=400_000)])
    return fill(template, {"name": "Ṱhandi"}, {"student": Marks(signature())})


def field(**settings: Any) -> Field:
    return parse_fields([field_dict(**settings)])[0]


def field_dict(**settings: Any) -> dict[str, Any]:
    base = {"key": "name", "role": "student", "type": "text", "page": 1}
    return {**base, "x": 100_000, "y": 100_000, "w": 400_000, "h": 25_000, **settings}


def ink(width: int = 300, height: int = 100, *, color: tuple[int, int, int] = (200, 0, 0)) -> bytes:
    """A PNG that is ink from edge to edge."""
    return png(Image.new("RGBA", (width, height), (*color, 255)))


def signature(seed: int = 0) -> bytes:
    """A transparent PNG with a drawn line."""
    image = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    points = [(20 + 14 * i, 100 + (i * (37 + seed) % 140) - 70) for i in range(40)]
    ImageDraw.Draw(image).line(points, fill=(10, 20, 110, 255), width=5)
    return png(image)


def png(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A small PNG that claims to be large: its pixels are zeros."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"
    rows = zlib.compress(bytes(min((width + 1) * height, 5_000_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
