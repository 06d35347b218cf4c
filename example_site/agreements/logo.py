"""The mark of the made-up training institution: two leaves in a rounded square, drawn here."""

from __future__ import annotations

from reportlab.lib.colors import HexColor, white
from reportlab.pdfgen.canvas import Canvas

LEFT_LEAF = ((19, 31), (8, 27, 6, 16, 9, 8), (16, 11, 20, 19, 19, 31))
RIGHT_LEAF = ((21, 31), (32, 27, 34, 16, 31, 8), (24, 11, 20, 19, 21, 31))


def draw_logo(canvas: Canvas, x: float, y: float, size: float) -> None:
    """Draws the mark with its lower left corner at x, y in the canvas's own units."""
    canvas.saveState()
    canvas.translate(x, y + size)
    canvas.scale(size / 40, -size / 40)
    canvas.setFillColor(HexColor(0x0F4C5C))
    canvas.roundRect(0, 0, 40, 40, 9, stroke=0, fill=1)
    for leaf, color in ((LEFT_LEAF, white), (RIGHT_LEAF, HexColor(0xF2C572))):
        start, *curves = leaf
        path = canvas.beginPath()
        path.moveTo(*start)
        for curve in curves:
            path.curveTo(*curve)
        path.close()
        canvas.setFillColor(color)
        canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()
