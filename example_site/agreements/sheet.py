"""A sheet of paper to write on: pages, running text, headings and tables.

Units are points from the top left of the visible page, as a reader sees it, also where the page is turned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from example_site.agreements import typeface

INK, MUTED, LINE, TINT = HexColor(0x17212B), HexColor(0x4A5662), HexColor(0x77838F), HexColor(0xE6EFF1)
ACCENT = HexColor(0x0F4C5C)
MARGIN = 56.0
TOP, BOTTOM = 84.0, 78.0


def _style(name: str, size: float, leading: float, **rules: object) -> ParagraphStyle:
    values = {"fontName": typeface.REGULAR, "textColor": INK, **rules}
    return ParagraphStyle(name, fontSize=size, leading=leading, **values)


BODY = _style("body", 10.4, 15.2)
SMALL = _style("small", 7.8, 10.4, textColor=MUTED)
CELL = _style("cell", 8.6, 11.4)
HEAD_CELL = _style("head cell", 8.4, 11, fontName=typeface.BOLD, textColor=ACCENT)
TITLE = _style("title", 25, 31, fontName=typeface.BOLD, textColor=ACCENT)
HEADING = _style("heading", 13, 17, fontName=typeface.BOLD, textColor=ACCENT)
LEAD = _style("lead", 11.5, 16.5)


@dataclass(frozen=True)
class Box:
    """A place on a page: its left top corner and its size."""

    x: float
    y: float
    w: float
    h: float


class Sheet:
    """Draws one document; `y` is where the next line of running text begins."""

    def __init__(self, *, title: str, author: str) -> None:
        typeface.register()
        self._file = BytesIO()
        self.canvas = Canvas(self._file, pagesize=A4, invariant=1, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.page = 0
        self.width, self.height = A4
        self.y = TOP

    def start_page(self, *, size: tuple[float, float] = A4, turned: bool = False) -> None:
        """Ends the page before it. A turned page is stored upright and shown a quarter turn to the right."""
        if self.page:
            self.canvas.showPage()
        self.page += 1
        self.width, self.height = reversed(size) if turned else size
        self.canvas.setPageSize((self.width, self.height))  # the canvas swaps the two for a turned page
        self.canvas.setPageRotation(90 if turned else 0)
        if turned:
            self.canvas.transform(0, 1, -1, 0, self.height, 0)
        self.y = TOP

    def finish(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self._file.getvalue()

    @property
    def text_width(self) -> float:
        return self.width - 2 * MARGIN

    def write(self, text: str, style: ParagraphStyle, box: Box) -> float:
        """Writes into the box's width from its top; returns the height it took."""
        paragraph = Paragraph(text, style)
        _, height = paragraph.wrap(box.w, 10_000)
        paragraph.drawOn(self.canvas, box.x, self.height - box.y - height)
        return float(height)

    def rule(self, x: float, y: float, w: float) -> None:
        self.canvas.setStrokeColor(LINE)
        self.canvas.setLineWidth(0.7)
        self.canvas.line(x, self.height - y, x + w, self.height - y)

    def frame(self, box: Box) -> None:
        self.canvas.setStrokeColor(LINE)
        self.canvas.setLineWidth(0.7)
        self.canvas.rect(box.x, self.height - box.y - box.h, box.w, box.h)

    def tint(self, box: Box) -> None:
        self.canvas.setFillColor(TINT)
        self.canvas.rect(box.x, self.height - box.y - box.h, box.w, box.h, stroke=0, fill=1)

    def bar(self, box: Box) -> None:
        self.canvas.setFillColor(ACCENT)
        self.canvas.rect(box.x, self.height - box.y - box.h, box.w, box.h, stroke=0, fill=1)

    def paragraph(
        self, text: str, style: ParagraphStyle = BODY, *, indent: float = 0, gap: float = 5
    ) -> None:
        """Running text; raises if it would run into the foot of the page."""
        box = Box(MARGIN + indent, self.y, self.text_width - indent, 0)
        self.y += self.write(text, style, box) + gap
        if self.y > self.height - BOTTOM + gap:
            over = self.y - self.height + BOTTOM
            raise ValueError(f"Page {self.page} is too full by {over:.0f} points: {text[:60]}")

    def heading(self, text: str) -> None:
        self.y += 5
        self.paragraph(text, HEADING, gap=4)

    def clause(self, number: int, title: str, sentences: Sequence[str]) -> None:
        """A numbered heading and its numbered sub-clauses, the numbers hanging."""
        self.heading(f"{number}. {title}")
        for index, sentence in enumerate(sentences, 1):
            self.write(f"{number}.{index}", BODY, Box(MARGIN, self.y, 30, 0))
            self.paragraph(sentence, indent=30, gap=4)

    def table(
        self, widths: Sequence[float], rows: Sequence[Sequence[str]], *, row_height: float = 0
    ) -> list[list[Box]]:
        """Draws a ruled table with a tinted first row; returns the box of every cell."""
        return [self._row(widths, row, row_height, is_head=index == 0) for index, row in enumerate(rows)]

    def _row(self, widths: Sequence[float], row: Sequence[str], least: float, *, is_head: bool) -> list[Box]:
        style = HEAD_CELL if is_head else CELL
        wrapped = [Paragraph(text, style) for text in row]
        heights = [cell.wrap(width - 10, 10_000)[1] for cell, width in zip(wrapped, widths, strict=True)]
        height = max([*heights, 0 if is_head else least - 8]) + 8
        boxes, x = [], MARGIN
        for cell, width, own in zip(wrapped, widths, heights, strict=True):
            box = Box(x, self.y, width, height)
            if is_head:
                self.tint(box)
            self.frame(box)
            cell.drawOn(self.canvas, x + 5, self.height - self.y - 4 - own)
            boxes.append(box)
            x += width
        self.y += height
        return boxes
