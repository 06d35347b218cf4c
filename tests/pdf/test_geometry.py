from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from tests.pdf.samples import field
from wagtail_cohorts.pdf.geometry import MILLION, PageGeometry, Rect, apply, bounds, page_geometry

numbers = st.integers(-5_000, 5_000)
sides = st.integers(10, 5_000)
shares = st.integers(0, MILLION - 1)


@st.composite
def geometries(draw: st.DrawFn) -> PageGeometry:
    x, y, w, h = draw(numbers), draw(numbers), draw(sides), draw(sides)
    rotation = draw(st.sampled_from((0, 90, 180, 270, 360, -90, 450)))
    unit = draw(st.sampled_from((1.0, 2.0, 0.5, 10.0)))
    return page_geometry((x, y, x + w, y + h), rotation=rotation, user_unit=unit)


@st.composite
def rects(draw: st.DrawFn) -> tuple[int, int, int, int]:
    x, y = draw(shares), draw(shares)
    return x, y, draw(st.integers(1, MILLION - x)), draw(st.integers(1, MILLION - y))


def close(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return all(math.isclose(p, q, abs_tol=1e-6) for p, q in zip(a, b, strict=True))


@given(geometries())
def test_the_visible_page_covers_the_visible_box_exactly(page: PageGeometry) -> None:
    assert close(bounds(page.matrix, (0, 0, page.width, page.height)), page.box)


@given(geometries(), rects())
def test_a_place_lies_inside_the_box_and_keeps_its_area(
    page: PageGeometry, place: tuple[int, int, int, int]
) -> None:
    x, y, w, h = place
    found = page.user_rect(field(x=x, y=y, w=w, h=h))
    left, bottom, right, top = page.box
    assert left - 1e-6 <= found.x and found.x + found.w <= right + 1e-6
    assert bottom - 1e-6 <= found.y and found.y + found.h <= top + 1e-6
    area = (right - left) * (top - bottom) * w / MILLION * h / MILLION
    assert math.isclose(found.w * found.h, area, rel_tol=1e-9, abs_tol=1e-9)


@given(geometries(), rects())
def test_drawing_through_the_matrix_meets_the_place_in_user_space(
    page: PageGeometry, place: tuple[int, int, int, int]
) -> None:
    x, y, w, h = place
    item = field(x=x, y=y, w=w, h=h)
    rect, user = page.rect(item), page.user_rect(item)
    through = bounds(page.matrix, (rect.x, rect.y, rect.x + rect.w, rect.y + rect.h))
    assert close(through, (user.x, user.y, user.x + user.w, user.y + user.h))


@given(geometries())
def test_lengths_in_visible_points_are_real_points(page: PageGeometry) -> None:
    a, b = apply(page.matrix, 0, 0), apply(page.matrix, 72, 0)
    assert math.isclose(math.dist(a, b) * page.user_unit, 72)


def test_the_top_left_of_a_page_turned_clockwise_is_its_lower_left_corner() -> None:
    turned = page_geometry((0, 0, 600, 800), rotation=90)
    assert (turned.width, turned.height) == (800, 600)
    assert turned.user_rect(field(x=0, y=0, w=100_000, h=100_000)) == Rect(0, 0, 60, 80)


def test_the_visible_box_is_the_crop_box_cut_to_the_media_box() -> None:
    page = page_geometry((0, 0, 600, 800), crop=(700, 900, 100, 50))
    assert page.box == (100, 50, 600, 800)
    outside = page_geometry((0, 0, 600, 800), crop=(700, 0, 900, 800))
    assert outside.box == (0, 0, 600, 800)
