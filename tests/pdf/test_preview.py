from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from tests.pdf.samples import agreement, one_page
from wagtail_cohorts.pdf import PdfRefused, page_image, page_sizes


@pytest.mark.parametrize(("name", "expected"), [("webp", "WEBP"), ("jpeg", "JPEG"), ("png", "PNG")])
def test_a_page_is_drawn_at_the_asked_width(name: str, expected: str) -> None:
    image = Image.open(io.BytesIO(page_image(agreement(2), 2, 640, format=name)))
    assert image.format == expected and image.width == 640 and abs(image.height - 906) <= 1


def test_sizes_are_those_of_the_visible_rotated_page() -> None:
    data = one_page(page=b"/MediaBox[0 0 595 842]/CropBox[0 0 500 842]/Rotate 90")
    assert page_sizes(data) == ((842.0, 500.0),)


def test_pictures_stay_within_bounds() -> None:
    long = one_page(page=b"/MediaBox[0 0 10 14000]")
    image = Image.open(io.BytesIO(page_image(long, 1, 800)))
    assert image.height <= 8001 and image.width >= 1
    assert Image.open(io.BytesIO(page_image(one_page(), 1, 10**9, format="jpeg"))).width == 4000


def test_bad_requests_and_bad_files_are_refused() -> None:
    for data, page, kind in (
        (b"nothing", 1, "webp"),
        (b"%PDF-1.7 nothing", 1, "webp"),
        (one_page(), 2, "webp"),
        (one_page(), 0, "png"),
        (one_page(), 1, "gif"),
    ):
        with pytest.raises(PdfRefused):
            page_image(data, page, 300, format=kind)


def test_many_threads_may_draw_at_once() -> None:
    data = agreement(4)
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda number: page_image(data, number % 4 + 1, 300), range(24)))
    assert len(set(drawn)) == 4
