"""The typeface of the example agreements, in two weights, made from the variable font of its package."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import fontpkg_noto_sans
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as EmbeddedFont

REGULAR, BOLD = "Agreement", "Agreement-Bold"
WEIGHTS = {REGULAR: 400, BOLD: 700}
CHARACTERS = [*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, "–—‘’“”•…ṰṱḒḓḼḽṊṋṄṅ")]


@cache
def register() -> None:
    """Once per process, before anything is drawn. Takes about a second."""
    file = Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf"
    variable = TTFont(file, recalcTimestamp=False, recalcBBoxes=False)
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True)
    options.drop_tables += ["GDEF", "GPOS", "GSUB"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(variable)
    for name, weight in WEIGHTS.items():
        pdfmetrics.registerFont(EmbeddedFont(name, _instance(variable, name, weight)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def _instance(variable: TTFont, name: str, weight: int) -> BytesIO:
    font = instancer.instantiateVariableFont(variable, {"wght": weight, "wdth": 100})
    # Two fonts of one PostScript name would share the glyphs of the first in the PDF.
    for record in font["name"].names:
        if record.nameID in (1, 4, 6):
            record.string = f"{name}-{weight}"
    file = BytesIO()
    font.save(file)
    file.seek(0)
    return file
