"""The engine's font: Noto Sans from its own package, embedded as small subsets with a way back to the text.

Glyph numbers are those of the full font, so a text is encoded the same way whichever subset carries it.
Units are 1/1000 of the font size.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

import fontpkg_noto_sans
from fontTools import subset
from fontTools.ttLib import TTFont

from . import syntax

FAMILY = "NotoSans"
ASCENT, DESCENT, CAP_HEIGHT = 1069, -293, 714
_UNPRINTED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_SPACES = {
    0xA0: " ",
    0x2007: " ",
    0x202F: " ",
    0x2009: " ",
    0x2028: "\n",
    0x2029: "\n",
    0x85: "\n",
    0x09: " ",
}
_FILES = Path(fontpkg_noto_sans.ROOT) / "files"
_UPRIGHT = "NotoSans[wdth,wght].ttf"
_SLANTED = "NotoSans-Italic[wdth,wght].ttf"
_VARIATION_TABLES = [
    "avar",
    "cvar",
    "fvar",
    "gvar",
    "HVAR",
    "MVAR",
    "STAT",
    "GDEF",
    "GPOS",
    "GSUB",
    "BASE",
    "gasp",
]

# Printed Latin of European and Southern African languages; what else a text needs comes in a second subset.
BASE_CHARACTERS = frozenset(
    [chr(code) for code in range(0x20, 0x7F)]
    + [chr(code) for code in range(0xA1, 0x180) if code != 0xAD]
    + list("ȘșȚțẀẁẂẃẄẅẼẽỲỳṰṱḒḓḼḽṊṋṄṅǀǁǂǃ‐‑–—‘’‚“”„†‡•…‰′″‹›€™")
)


def path(*, slanted: bool = False) -> Path:
    """The font file, for drawing text into pictures."""
    return _FILES / (_SLANTED if slanted else _UPRIGHT)


def printable(text: str) -> str:
    """The text as it can be printed: composed letters, plain spaces, line breaks as \\n, no controls."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).translate(_SPACES)
    return "".join(c for c in composed if c == "\n" or unicodedata.category(c) not in _UNPRINTED)


def missing_glyphs(text: str) -> str:
    """The characters of the printable text, each once and in order, for which there is no glyph."""
    glyphs = _metrics()
    return "".join(dict.fromkeys(c for c in printable(text) if c != "\n" and ord(c) not in glyphs))


def width(text: str) -> int:
    """The advance width of a line of printable text, in thousandths of the font size."""
    glyphs = _metrics()
    return sum(glyphs[ord(c)].advance for c in text)


def encoded(text: str) -> bytes:
    """A line of printable text as a hexadecimal string of glyph numbers (Identity-H)."""
    glyphs = _metrics()
    return b"<" + b"".join(b"%04X" % glyphs[ord(c)].number for c in text) + b">"


@dataclass(frozen=True)
class Glyph:
    number: int
    advance: int
    name: str


@dataclass(frozen=True)
class Embedded:
    """A subset ready to be written (ISO 32000-2, 9.7.4, 9.9 and 9.10.3)."""

    name: bytes
    data: bytes
    widths: bytes
    to_unicode: bytes

    def write(self, reserve: Callable[[], int], put: Callable[[int, bytes], None]) -> int:
        """Write the five objects; returns the number of the Type0 font."""
        font, descendant, descriptor, file, mapping = (reserve() for _ in range(5))
        put(font, self._type0(descendant, mapping))
        put(descendant, self._cid_font(descriptor))
        put(descriptor, self._descriptor(file))
        put(file, self.data)
        put(mapping, self.to_unicode)
        return font

    def _type0(self, descendant: int, mapping: int) -> bytes:
        return (
            b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H"
            b"/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
        ) % (self.name, descendant, mapping)

    def _cid_font(self, descriptor: int) -> bytes:
        return (
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDToGIDMap/Identity"
            b"/DW 600/W[%s]/FontDescriptor %d 0 R"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
        ) % (self.name, self.widths, descriptor)

    def _descriptor(self, file: int) -> bytes:
        return (
            b"<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[-621 -389 2800 1067]/ItalicAngle 0"
            b"/Ascent %d/Descent %d/CapHeight %d/StemV 80/FontFile2 %d 0 R>>"
        ) % (self.name, ASCENT, DESCENT, CAP_HEIGHT, file)


@cache
def _metrics() -> dict[int, Glyph]:
    """Every character of the font; the variable font's default instance is its regular weight and width."""
    with TTFont(path(), lazy=True) as font:
        advances, number = font["hmtx"].metrics, font.getReverseGlyphMap()
        return {
            code: Glyph(number[name], advances[name][0], name)
            for code, name in font.getBestCmap().items()
            if unicodedata.category(chr(code)) not in _UNPRINTED
        }


def base_font() -> Embedded:
    """The subset for BASE_CHARACTERS, the same in every document."""
    return subset_font(BASE_CHARACTERS)


@lru_cache(maxsize=64)
def subset_font(characters: frozenset[str]) -> Embedded:
    """A subset for these characters; the same characters give the same bytes in any process."""
    glyphs = _metrics()
    used = sorted({glyphs[ord(c)] for c in characters}, key=lambda glyph: glyph.number)
    data = _subset_bytes(sorted(ord(c) for c in characters))
    widths = b"".join(b"%d[%d]" % (glyph.number, glyph.advance) for glyph in used)
    name = _tag(characters) + b"+" + FAMILY.encode()
    file = syntax.deflated(data, b"/Length1 %d" % len(data))
    return Embedded(name, file, widths, syntax.deflated(_to_unicode(characters)))


def _subset_bytes(codes: Iterable[int]) -> bytes:
    options = subset.Options(
        retain_gids=True, hinting=False, notdef_outline=True, recalc_timestamp=False, layout_features=[],
        name_IDs=[], drop_tables=[*subset.Options().drop_tables, *_VARIATION_TABLES],
    )  # fmt: skip
    with TTFont(path(), recalcTimestamp=False, lazy=True) as font:
        tool = subset.Subsetter(options)
        tool.populate(unicodes=codes)
        tool.subset(font)
        font["post"].formatType = 3.0
        target = BytesIO()
        font.save(target, reorderTables=False)
        return target.getvalue()


def _tag(characters: frozenset[str]) -> bytes:
    """The six letters that name a subset (9.9.2), taken from what is in it."""
    value = int.from_bytes(hashlib.sha256("".join(sorted(characters)).encode()).digest(), "big")
    letters = bytearray()
    for _ in range(6):
        value, letter = divmod(value, 26)
        letters.append(65 + letter)
    return bytes(letters)


def _to_unicode(characters: Iterable[str]) -> bytes:
    glyphs = _metrics()
    first: dict[int, str] = {}
    for character in sorted(characters):
        first.setdefault(glyphs[ord(character)].number, character)
    rows = [
        b"<%04X> <%s>" % (number, character.encode("utf-16-be").hex().upper().encode())
        for number, character in sorted(first.items())
    ]
    parts = [
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        b"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
        b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
    ]
    for start in range(0, len(rows), 100):
        block = rows[start : start + 100]
        parts.append(b"%d beginbfchar\n" % len(block) + b"\n".join(block) + b"\nendbfchar\n")
    parts.append(b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
    return b"".join(parts)
