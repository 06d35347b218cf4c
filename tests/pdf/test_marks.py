from __future__ import annotations

import base64
import io

import pytest
from PIL import Image, ImageDraw

from tests.pdf.samples import ink, png, png_header, signature
from wagtail_cohorts.pdf import FieldError, PdfRefused, mark_from_data_url, mark_from_png, mark_from_text


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def refusal(data: bytes) -> str:
    with pytest.raises(PdfRefused) as caught:
        mark_from_png(data)
    return caught.value.code


def test_a_drawn_mark_is_made_anew_and_cut_to_its_ink() -> None:
    image = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((100, 50, 199, 99), fill=(0, 0, 90, 255))
    target = io.BytesIO()
    image.save(target, "PNG", pnginfo=_note())
    found = mark_from_png(target.getvalue())
    assert opened(found).size == (100, 50) and opened(found).mode == "RGBA"
    assert b"secret" in target.getvalue() and b"secret" not in found


def test_making_a_mark_anew_changes_nothing_more() -> None:
    once = mark_from_png(signature())
    assert mark_from_png(once) == once


def test_white_paper_becomes_transparent() -> None:
    image = Image.new("RGB", (300, 100), "white")
    ImageDraw.Draw(image).line((10, 50, 290, 60), fill="black", width=4)
    found = opened(mark_from_png(png(image)))
    assert found.size[0] <= 285 and found.getpixel((0, found.height - 1))[3] == 0


def test_a_large_mark_is_made_smaller() -> None:
    assert opened(mark_from_png(ink(2000, 1500))).size == (640, 480)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<svg onload=alert(1)>", "not_an_image"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "not_an_image"),
        (signature()[:200], "image_damaged"),
        (png_header(2001, 2000), "image_too_large"),
        (png(Image.new("RGBA", (300, 100), (0, 0, 0, 0))), "blank_mark"),
        (png(Image.new("RGB", (300, 100), "white")), "blank_mark"),
        (png(Image.new("RGBA", (300, 100), (0, 0, 0, 10))), "blank_mark"),
        (ink(3, 3), "blank_mark"),
    ],
)
def test_what_is_no_mark_is_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_a_jpeg_is_refused_even_under_another_name() -> None:
    target = io.BytesIO()
    Image.new("RGB", (100, 100)).save(target, "JPEG")
    assert refusal(target.getvalue()) == "not_an_image"


def test_a_data_url_must_be_a_whole_png() -> None:
    url = "data:image/png;base64," + base64.b64encode(signature()).decode()
    assert mark_from_data_url(url) == mark_from_png(signature())
    for bad in (
        "",
        "data:image/svg+xml;base64,AAAA",
        url[:60] + "*",
        "data:image/png;base64," + "A" * 9_000_000,
    ):
        with pytest.raises(PdfRefused):
            mark_from_data_url(bad)


def test_a_typed_mark_is_a_transparent_picture_of_the_name() -> None:
    found = opened(mark_from_text("Ṱhivhi  Nkosi\x0b"))
    assert found.mode == "RGBA" and found.width > 2 * found.height
    assert found.getpixel((0, 0))[3] < 255
    assert mark_from_text("Ṱhivhi Nkosi") == mark_from_text(" Ṱhivhi Nkosi ")
    assert opened(mark_from_text("TN", initials=True)).width < found.width


@pytest.mark.parametrize(
    ("text", "code"), [(" \x00", "required"), ("x" * 81, "too_long"), ("漢", "missing_glyph")]
)
def test_a_typed_mark_that_cannot_be_drawn_is_refused(text: str, code: str) -> None:
    with pytest.raises(FieldError) as caught:
        mark_from_text(text)
    assert caught.value.code == code
    with pytest.raises(FieldError):
        mark_from_text("Toolong", initials=True)


def _note() -> object:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("comment", "secret")
    return info
