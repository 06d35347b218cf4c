"""From field places to points: the only module that knows about rotation, boxes and UserUnit.

Fields are placed in integer millionths of the *visible, rotated* page, from its top left.
The engine draws in *visible points*: 1/72 inch, origin at the bottom left of the visible, rotated page.
`PageGeometry.matrix` takes visible points to the page's default user space (ISO 32000-2, 8.3.2 and 14.11.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

MILLION = 1_000_000
LETTER = (0.0, 0.0, 612.0, 792.0)  # what readers assume when a page has no MediaBox

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]


class Placed(Protocol):
    """Anything with a place in millionths of the visible page, from its top left."""

    @property
    def x(self) -> int: ...
    @property
    def y(self) -> int: ...
    @property
    def w(self) -> int: ...
    @property
    def h(self) -> int: ...


@dataclass(frozen=True)
class Rect:
    """A rectangle in points; (x, y) is its bottom left corner."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True)
class PageGeometry:
    """The visible box in user space units, the clockwise rotation and the size of a unit in points."""

    box: Box
    rotation: int = 0
    user_unit: float = 1.0

    @property
    def width(self) -> float:
        """Width of the visible, rotated page in points."""
        return self._side(0 if self.rotation % 180 == 0 else 1)

    @property
    def height(self) -> float:
        """Height of the visible, rotated page in points."""
        return self._side(1 if self.rotation % 180 == 0 else 0)

    @property
    def matrix(self) -> Matrix:
        """Visible points to user space, as the six operands of `cm`."""
        x0, y0, x1, y1 = self.box
        s = 1 / self.user_unit
        by_rotation: dict[int, Matrix] = {
            0: (s, 0, 0, s, x0, y0),
            90: (0, s, -s, 0, x1, y0),
            180: (-s, 0, 0, -s, x1, y1),
            270: (0, -s, s, 0, x0, y1),
        }
        return by_rotation[self.rotation]

    def rect(self, place: Placed) -> Rect:
        """The place in visible points."""
        w, h = self.width / MILLION, self.height / MILLION
        return Rect(place.x * w, self.height - (place.y + place.h) * h, place.w * w, place.h * h)

    def user_rect(self, place: Placed) -> Rect:
        """The place in user space, for what is not drawn through `matrix` (annotations)."""
        rect = self.rect(place)
        a = apply(self.matrix, rect.x, rect.y)
        b = apply(self.matrix, rect.x + rect.w, rect.y + rect.h)
        x, y = min(a[0], b[0]), min(a[1], b[1])
        return Rect(x, y, max(a[0], b[0]) - x, max(a[1], b[1]) - y)

    def _side(self, axis: int) -> float:
        return (self.box[axis + 2] - self.box[axis]) * self.user_unit


def page_geometry(
    media: Sequence[float], *, crop: Sequence[float] | None = None, rotation: int = 0, user_unit: float = 1.0
) -> PageGeometry:
    """The geometry of a page from its (already inherited) attributes.

    The visible box is the CropBox cut to the MediaBox; a CropBox outside the MediaBox counts as absent.
    """
    box = ordered(media)
    if crop is not None:
        c = ordered(crop)
        cut = (max(box[0], c[0]), max(box[1], c[1]), min(box[2], c[2]), min(box[3], c[3]))
        if cut[0] < cut[2] and cut[1] < cut[3]:
            box = cut
    return PageGeometry(box, round(rotation / 90) * 90 % 360, user_unit if user_unit > 0 else 1.0)


def ordered(box: Sequence[float]) -> Box:
    """The same box with its lower left corner first."""
    x0, y0, x1, y1 = box
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """The point (x, y) through the matrix."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def bounds(matrix: Matrix, box: Box) -> Box:
    """The upright box around a box taken through the matrix."""
    points = [apply(matrix, x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)
