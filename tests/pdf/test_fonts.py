from __future__ import annotations

import io
import zlib

from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from wagtail_cohorts.pdf import fonts, missing_glyphs

SOUTH_AFRICAN = "ṱṰḓḒḽḼṋṊṅṄšŠêôûëïöüáéíóúàèâîýňǀǁǂǃ’"


def test_all_letters_of_south_african_languages_are_in_the_base_font() -> None:
    assert missing_glyphs(SOUTH_AFRICAN) == ""
    assert set(SOUTH_AFRICAN) <= fonts.BASE_CHARACTERS
    assert missing_glyphs("".join(sorted(fonts.BASE_CHARACTERS))) == ""


def test_characters_without_a_glyph_are_told_once_each() -> None:
    assert missing_glyphs("a漢b😀漢") == "漢😀"


def test_control_and_format_characters_are_not_printed() -> None:
    assert fonts.printable("a\x00\x0b\x1b\u200e\ufeffb\u2028c\td") == "ab\nc d"
    assert missing_glyphs("\x0b\u200b") == ""


@given(st.text())
def test_printable_text_stays_as_it_is(text: str) -> None:
    once = fonts.printable(text)
    assert fonts.printable(once) == once


def test_a_subset_holds_the_asked_glyphs_under_their_own_numbers_and_no_clock() -> None:
    embedded = fonts.subset_font(frozenset("Жṱ"))
    data = zlib.decompress(embedded.data.partition(b"stream\n")[2].removesuffix(b"\nendstream"))
    font = TTFont(io.BytesIO(data))
    drawn = [name for name in font.getGlyphOrder() if font["glyf"][name].numberOfContours]
    assert len(drawn) <= 6
    assert font["head"].modified == TTFont(fonts.path())["head"].modified
    assert len(data) < 25_000


def test_the_base_font_is_small_and_named_by_its_content() -> None:
    assert len(fonts.base_font().data) < 20_000
    assert fonts.base_font().name != fonts.subset_font(frozenset("Ж")).name
    assert fonts.base_font().name.endswith(b"+NotoSans")


def test_widths_add_up() -> None:
    assert fonts.width("ab") == fonts.width("a") + fonts.width("b") > 0 == fonts.width("")
