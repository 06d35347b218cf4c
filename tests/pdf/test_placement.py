"""Where marks land, judged by rendering: on any page, what a person placed is where the ink is."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from tests.pdf.samples import field, ink, one_page, stream
from wagtail_cohorts.pdf import Field, Marks, compile, fill, page_image, page_sizes
from wagtail_cohorts.pdf.geometry import MILLION

PLACES = ((0, 0, 60_000, 40_000), (700_000, 100_000, 250_000, 120_000), (400_000, 900_000, 200_000, 100_000))
WIDTH = 800
DIRTY = b"2 0 0 2 30 40 cm 0.9 g 0 0 5 5 re f"
PAGES = {
    "plain": one_page(),
    "rotated 90": one_page(page=b"/MediaBox[0 0 595 842]/Rotate 90"),
    "rotated 180": one_page(page=b"/MediaBox[0 0 595 842]/Rotate 180"),
    "rotated 270": one_page(page=b"/MediaBox[0 0 595 842]/Rotate -90"),
    "cropped": one_page(page=b"/MediaBox[0 0 595 842]/CropBox[50 80 545 760]"),
    "crop box larger than the media box": one_page(page=b"/MediaBox[0 0 595 842]/CropBox[-50 100 700 2000]"),
    "offset, cropped and rotated": one_page(
        page=b"/MediaBox[-100 200 495 1042]/CropBox[-60 240 450 1000]/Rotate 90", content=DIRTY
    ),
    "boxes upside down": one_page(page=b"/MediaBox[595 842 0 0]"),
    "user unit": one_page(page=b"/MediaBox[0 0 595 842]/UserUnit 2.5/Rotate 270"),
    "inherited": one_page(
        page=b"", tree=b"/MediaBox[10 10 605 852]/Rotate 90/Resources<</Font<</F1 5 0 R>>>>"
    ),
    "matrix left changed": one_page(content=DIRTY),
    "states left open": one_page(content=b"q q 3 0 0 3 9 9 cm q " + DIRTY),
    "states closed too often": one_page(content=b"Q Q Q 3 0 0 3 9 9 cm Q " + DIRTY),
    "text left open": one_page(content=b"/P BMC BT /F1 9 Tf 3 0 0 3 0 0 Tm 50 Tz"),
    "q in strings, comments and inline pictures": one_page(
        content=b"(q \\) q (q) q) pop % q q\nBI /W 1/H 1/BPC 8/CS/G ID q EI q 2 0 0 2 0 0 cm"
    ),
    "clipped": one_page(content=b"0 0 10 10 re W n"),
    "no content": one_page(content=b""),
}


def render(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(page_image(data, 1, WIDTH, format="png"))).convert("RGB")


def expected_box(item: Field, size: tuple[int, int]) -> tuple[float, ...]:
    w, h = size[0] / MILLION, size[1] / MILLION
    return item.x * w, item.y * h, (item.x + item.w) * w, (item.y + item.h) * h


def check(data: bytes, place: tuple[int, int, int, int], tolerance: float = 1.5) -> None:
    """A mark with the proportions of its place must cover the place, to the pixel and a bit."""
    x, y, w, h = place
    item = field(type="signature", x=x, y=y, w=w, h=h)
    across, down = page_sizes(data)[0]
    mark = ink(max(4, round(across * w / 100_000)), max(4, round(down * h / 100_000)))
    template = compile(data, [item])
    before = render(fill(template, {}, {}))
    after = render(fill(template, {}, {"student": Marks(mark)}))
    found = ImageChops.difference(before, after).getbbox()
    assert found is not None
    assert all(abs(a - b) <= tolerance for a, b in zip(found, expected_box(item, after.size), strict=True)), (
        found, expected_box(item, after.size),
    )  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", PAGES)
def test_a_mark_covers_its_place(name: str, place: tuple[int, int, int, int]) -> None:
    check(PAGES[name], place)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from((0, 90, 180, 270)),
    st.tuples(st.integers(-300, 300), st.integers(-300, 300), st.integers(150, 900), st.integers(150, 900)),
    st.integers(0, 60),
    st.tuples(st.integers(0, 700_000), st.integers(0, 700_000)),
    st.tuples(st.integers(100_000, 300_000), st.integers(100_000, 300_000)),
)
def test_a_mark_covers_its_place_on_any_page(
    rotation: int, box: tuple[int, int, int, int], crop: int, corner: tuple[int, int], size: tuple[int, int]
) -> None:
    x, y, w, h = box
    inner = (x + crop, y + crop // 2, x + w - crop // 3, y + h - crop)
    page = b"/MediaBox[%d %d %d %d]/CropBox[%d %d %d %d]/Rotate %d" % (x, y, x + w, y + h, *inner, rotation)
    check(one_page(page=page, content=DIRTY), (*corner, *size), tolerance=2.5)


def test_the_page_beneath_is_unchanged_where_no_field_is() -> None:
    for data in PAGES.values():
        blank = render(data)
        filled = render(fill(compile(data, [field(type="signature", y=500_000)]), {}, {}))
        assert ImageChops.difference(blank, filled).getbbox() is None


def test_resources_of_the_page_are_not_hidden_by_those_of_the_engine() -> None:
    form = stream(b"0 0 1 rg 0 0 100 100 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 100 100]")
    page = b"/MediaBox[0 0 200 200]/Resources<</XObject<</Wc0I1 6 0 R/Wc1 6 0 R>>/Font<</Wc2F 5 0 R>>>>"
    data = one_page(page=page, content=b"/Wc0I1 Do", more=[form])
    item = field(type="signature", x=600_000, y=100_000, w=200_000, h=200_000)
    picture = render(fill(compile(data, [item]), {}, {"student": Marks(ink(100, 100))}))
    assert picture.getpixel((100, 700)) == (0, 0, 255)
    assert picture.getpixel((560, 160)) == (200, 0, 0)


def test_a_filled_copy_can_be_a_template_again() -> None:
    first = fill(compile(one_page(), [field()]), {"name": "Thandi"}, {})
    again = compile(first, [field(key="other", y=300_000)])
    assert ImageChops.difference(render(first), render(fill(again, {}, {}))).getbbox() is None
