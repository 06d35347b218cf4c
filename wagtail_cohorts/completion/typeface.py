"""The certificate's typeface: Noto Sans from its own package, upright in full and semi-bold for headings."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as EmbeddedFont

from wagtail_cohorts import pdf
from wagtail_cohorts.pdf import fonts

TEXT, HEADING = "CohortsText", "CohortsHeading"
SEMI_BOLD = 600


@cache
def register() -> None:
    """Once a process, before anything is drawn; takes a fifth of a second."""
    pdfmetrics.registerFont(EmbeddedFont(TEXT, str(fonts.path())))
    pdfmetrics.registerFont(EmbeddedFont(HEADING, _semi_bold()))
    pdfmetrics.registerFontFamily(TEXT, normal=TEXT, bold=HEADING, italic=TEXT, boldItalic=HEADING)


def _semi_bold() -> BytesIO:
    font: Any = TTFont(fonts.path(), recalcTimestamp=False, recalcBBoxes=False, lazy=True)
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True)
    options.drop_tables += ["GDEF", "GPOS", "GSUB"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in fonts.BASE_CHARACTERS])
    subsetter.subset(font)
    instancer.instantiateVariableFont(font, {"wght": SEMI_BOLD, "wdth": 100}, inplace=True)
    for record in font["name"].names:  # two fonts of one PostScript name would share glyphs in the PDF
        if record.nameID in (1, 4, 6):
            record.string = HEADING
    file = BytesIO()
    font.save(file)
    file.seek(0)
    return file


def drawable(text: str) -> str:
    """The text with a question mark for what the typeface cannot draw."""
    plain = fonts.printable(text).replace("\n", " ")
    missing = set(pdf.missing_glyphs(plain))
    return "".join("?" if character in missing else character for character in plain)


def heading_can_draw(text: str) -> bool:
    return all(character in fonts.BASE_CHARACTERS for character in text)
