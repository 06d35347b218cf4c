from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.pdf.samples import png, png_header
from wagtail_cohorts.pdf import Limits, PdfRefused, check_image, inspect, page_image, photo_to_pdf


def photo(size: tuple[int, int], kind: str = "JPEG", *, orientation: int = 1, mode: str = "RGB") -> bytes:
    """Left half red, the rest green, with an orientation, a place and a comment in its metadata."""
    image = Image.new("RGB", size, (0, 160, 0))
    image.paste((220, 0, 0), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, "secret place"
    target = io.BytesIO()
    image.convert(mode).save(target, kind, exif=exif)
    return target.getvalue()


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "jpeg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_picture_is_described(kind: str, name: str) -> None:
    info = check_image(photo((300, 200), kind))
    assert (info.format, info.width, info.height) == (name, 300, 200)


def test_a_heic_photo_becomes_a_page_where_it_can_be_read() -> None:
    pytest.importorskip("pillow_heif")
    data = photo((320, 240), "HEIF")
    assert check_image(data).format == "heic"
    assert len(inspect(photo_to_pdf(data)).pages) == 1


@pytest.mark.parametrize(("orientation", "expected"), [(1, (595, 842)), (6, (842, 595)), (8, (842, 595))])
def test_a_photo_becomes_one_upright_a4_page(orientation: int, expected: tuple[int, int]) -> None:
    data = photo_to_pdf(photo((400, 600), orientation=orientation))
    page = inspect(data).pages[0]
    assert (round(page.width), round(page.height)) == expected
    picture = Image.open(io.BytesIO(page_image(data, 1, 400, format="png"))).convert("RGB")
    middle, high = picture.height // 2, picture.height // 4
    red = {1: (100, middle), 6: (200, high), 8: (200, picture.height - high)}[orientation]
    assert picture.getpixel(red)[0] > 180 > 60 > picture.getpixel(red)[1]


def test_metadata_is_gone_and_the_same_photo_gives_the_same_page() -> None:
    data = photo((400, 600))
    made = photo_to_pdf(data)
    assert b"secret" in data and b"secret" not in made and b"Exif" not in made
    assert made == photo_to_pdf(data)


def test_a_large_photo_is_kept_at_200_dots_per_inch() -> None:
    made = photo_to_pdf(photo((4000, 5000)))
    assert b"/Width 1654/Height 2067" in made or b"/Width 1654/Height 2068" in made


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1", "LA", "I;16"])
def test_every_kind_of_png_becomes_a_page(mode: str) -> None:
    assert len(inspect(photo_to_pdf(png(Image.new(mode, (50, 80))))).pages) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00", "not_an_image"),
        (b"<html><script>", "not_an_image"),
        (b"GIF89a", "not_an_image"),
        (b"II*\x00\x08\x00\x00\x00", "not_an_image"),
        (photo((300, 200))[:-200], "image_damaged"),
        (png_header(13_000, 13_000), "image_too_large"),
        (png_header(60_000, 60_000), "image_too_large"),
    ],
)
def test_what_is_no_still_picture_is_refused(data: bytes, code: str) -> None:
    for take in (check_image, photo_to_pdf):
        with pytest.raises(PdfRefused) as caught:
            take(data)
        assert caught.value.code == code


def test_moving_pictures_and_too_many_bytes_are_refused() -> None:
    target = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), color) for color in ("red", "green", "blue")]
    frames[0].save(target, "WEBP", save_all=True, append_images=frames[1:])
    with pytest.raises(PdfRefused) as caught:
        check_image(target.getvalue())
    assert caught.value.code == "animated"
    with pytest.raises(PdfRefused):
        check_image(photo((300, 200)), Limits(max_image_bytes=100))
