from __future__ import annotations

import io
import zlib

import pytest
from pypdf import PdfReader, PdfWriter

from tests.pdf.samples import agreement, deflated, one_page, raw_pdf, stream
from wagtail_cohorts.pdf import Limits, PdfRefused, clean, inspect, join

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_KID = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]"


def code(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(PdfRefused) as caught:
        inspect(data, limits) if limits else inspect(data)
    assert caught.value.message == str(caught.value) and caught.value.message.endswith(".")
    return caught.value.code


def test_a_good_file_is_described_page_by_page() -> None:
    found = inspect(one_page(page=b"/MediaBox[0 0 595 842]/Rotate 90/UserUnit 2"))
    assert [(page.number, page.width, page.height, page.rotation) for page in found.pages] == [
        (1, 1684.0, 1190.0, 90)
    ]
    assert found.active == () and len(found.sha256) == 64


def test_a_page_without_a_box_is_taken_as_a_letter() -> None:
    assert inspect(one_page(page=b"")).pages[0].width == 612


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n", "not_a_pdf"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + agreement(1), "not_a_pdf"),
        (b"<script>alert(1)</script>%PDF-1.7" + agreement(1), "not_a_pdf"),
        (b"%PDF-1.7\n", "damaged"),
        (b"%PDF-1.7\n" + b"x" * 2000, "damaged"),
        (agreement(2)[:400], "damaged"),
    ],
)
def test_what_is_no_pdf_is_refused_with_a_code(data: bytes, expected: str) -> None:
    assert code(data) == expected


def test_a_cut_file_is_read_or_refused_but_never_crashes() -> None:
    data = agreement(2)
    for cut in range(100, len(data), 97):
        try:
            inspect(data[:cut])
        except PdfRefused:
            pass


@pytest.mark.parametrize("password", ["", "secret"])
def test_an_encrypted_file_is_refused(password: str) -> None:
    writer, target = PdfWriter(clone_from=PdfReader(io.BytesIO(agreement(1)))), io.BytesIO()
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    writer.write(target)
    assert code(target.getvalue()) == "encrypted"


def test_limits_on_bytes_pages_and_objects_are_kept() -> None:
    data = agreement(3)
    assert code(data, Limits(max_bytes=100)) == "too_large"
    assert code(data, Limits(max_pages=2)) == "too_many_pages"
    assert code(data, Limits(max_objects=3)) == "too_complex"
    assert code(data, Limits(max_output=500)) == "too_large"


def test_joined_files_count_their_pages_together() -> None:
    assert len(inspect(join([agreement(2), one_page(), agreement(1)])).pages) == 4
    with pytest.raises(PdfRefused) as caught:
        join([agreement(2), agreement(2)], Limits(max_pages=3))
    assert caught.value.code == "too_many_pages" and "File 2" in caught.value.message


def test_joining_names_the_file_that_is_bad() -> None:
    with pytest.raises(PdfRefused, match="File 2: This is not a PDF file"):
        join([agreement(1), b"nothing"])
    with pytest.raises(PdfRefused):
        join([])


def bombs() -> dict[str, bytes]:
    twice = zlib.compress(zlib.compress(b"0 0 m " * (60 << 17), 9), 9)
    laughs = [
        CATALOG,
        ONE_KID,
        PAGE + b"/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        stream(b"/F Do"),
    ]
    for level in range(9):
        form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>" % (6 + level)
        laughs.append(stream(b"/F Do " * 10, form))
    laughs.append(stream(b"0 0 m 9 9 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"))
    picture = b"/Type/XObject/Subtype/Image/Width 25000/Height 25000/BitsPerComponent 8/ColorSpace/DeviceGray"
    return {
        "flate": raw_pdf([CATALOG, ONE_KID, PAGE + b"/Contents 4 0 R>>", deflated(bytes(40 << 20))]),
        "flate twice": raw_pdf([
            CATALOG, ONE_KID, PAGE + b"/Contents 4 0 R>>", stream(twice, b"/Filter[/FlateDecode/FlateDecode]"),
        ]),
        "filters": raw_pdf([
            CATALOG, ONE_KID, PAGE + b"/Contents 4 0 R>>",
            stream(b"0" * 99, b"/Filter[%s]" % (b"/ASCIIHexDecode" * 500)),
        ]),
        "picture": raw_pdf([
            CATALOG, ONE_KID, PAGE + b"/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
            stream(b"/I Do"), deflated(bytes(1000), picture),
        ]),
        "laughs": raw_pdf(laughs),
        "nested array": raw_pdf([CATALOG, ONE_KID, PAGE + b"/Group 4 0 R>>", b"[" * 50_000 + b"]" * 50_000]),
        "nested direct": raw_pdf([CATALOG, ONE_KID, PAGE + b"/Group" + b"[" * 50_000 + b"]" * 50_000 + b">>"]),
        "nested 500": raw_pdf([CATALOG, ONE_KID, PAGE + b"/Group" + b"[" * 500 + b"]" * 500 + b">>"]),
        "loop of pages": raw_pdf([CATALOG, b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>", PAGE + b">>"]),
        "many kids": raw_pdf([CATALOG, b"<</Type/Pages/Kids[%s]/Count 9>>" % (b"3 0 R " * 90_000), PAGE + b">>"]),
        "doubling tree": raw_pdf([
            CATALOG, *(b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 2>>" % (n, n) for n in range(3, 33)), PAGE + b">>",
        ]),
        "no kids": raw_pdf([CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"]),
        "huge page": raw_pdf([CATALOG, ONE_KID, b"<</Type/Page/MediaBox[0 0 2000000 2000000]>>"]),
        "no page area": raw_pdf([CATALOG, ONE_KID, b"<</Type/Page/MediaBox[0 0 0 0]>>"]),
    }  # fmt: skip


@pytest.mark.parametrize("name", bombs())
def test_a_bomb_is_refused(name: str) -> None:
    assert code(bombs()[name]) in {
        "too_complex", "picture_too_large", "damaged", "too_many_pages", "no_pages", "page_size",
    }  # fmt: skip


def test_a_wrong_count_and_loops_in_old_tables_do_no_harm() -> None:
    huge = raw_pdf([CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 2147483647>>", PAGE + b">>"])
    assert len(inspect(huge).pages) == 1
    data = one_page()
    loop = data.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % data.rindex(b"xref\n0"))
    assert len(inspect(loop).pages) == 1


def test_the_same_page_twice_in_the_tree_is_two_pages() -> None:
    data = raw_pdf([CATALOG, b"<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>", PAGE + b">>"])
    assert len(inspect(clean(data).data).pages) == 2


def test_object_streams_and_compressed_tables_are_read() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(agreement(2))))
    target = io.BytesIO()
    writer.write(target)
    assert len(inspect(target.getvalue()).pages) == 2
