"""How each kind of field looks: operators in visible points for a page's content (ISO 32000-2, 8.5, 9.4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from . import fonts
from .dates import in_cells, written, written_short
from .definition import Field
from .errors import FieldError
from .geometry import Rect
from .syntax import number, numbers

SMALLEST = 6.0  # points; below this a printed text is not read
LARGEST_AUTO = 11.0
_LEADING = 1.25
_STEP = 0.5
_PADDING = 2.0
_CAPTION_SIZE, _CAPTION_SMALLEST = 6.5, 4.5
_SHOWN = 40


class Typesetter:
    """Sets text in the base font, in an extra font what the base has not; collects the extra characters."""

    def __init__(self, base: bytes, extra: bytes) -> None:
        self._names = (base, extra)
        self.extra_characters: set[str] = set()

    def line(self, text: str, *, x: float, y: float, size: float) -> bytes:
        """One line of printable text with its baseline starting at (x, y)."""
        shown = b" ".join(
            self._names[extra] + b" " + number(size) + b" Tf " + fonts.encoded(run) + b" Tj"
            for run, extra in _runs(text)
        )
        self.extra_characters |= {c for c in text if c not in fonts.BASE_CHARACTERS}
        return b"BT " + numbers((x, y)) + b" Td " + shown + b" ET\n"


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    start = 0
    for index in range(1, len(text) + 1):
        extra = text[start] not in fonts.BASE_CHARACTERS
        if index == len(text) or (text[index] not in fonts.BASE_CHARACTERS) != extra:
            yield text[start:index], extra
            start = index


def printable_or_raise(field: Field, text: str) -> str:
    """The text as it will be printed. Raises FieldError naming the field for a character without a glyph."""
    missing = fonts.missing_glyphs(text)
    if missing:
        raise FieldError(
            "missing_glyph", f"“{field.name()}” has characters that cannot be printed: {missing}", field.key
        )
    return fonts.printable(text)


def draw_line(setter: Typesetter, field: Field, rect: Rect, text: str) -> bytes:
    """One line, shrunk to the smallest size where needed. Raises FieldError when it still does not fit."""
    text = printable_or_raise(field, text).replace("\n", " ")
    size = _fitting_size(field, rect, text)
    if size is None:
        raise _does_not_fit(field, text)
    return setter.line(text, x=_start(field, rect, text, size), y=_baseline(rect, size), size=size)


def draw_date(setter: Typesetter, field: Field, rect: Rect, text: str) -> bytes:
    """A date as 27 November 2026, with a short month where the place is narrow, or in its printed cells."""
    try:
        value = date.fromisoformat(text)
    except ValueError:
        return draw_line(setter, field, rect, text)
    if field.cells:
        digits = in_cells(value, field.cells, year_first=field.date_order == "year_first")
        return draw_cells(setter, field, rect, digits)
    long = written(value)
    return draw_line(setter, field, rect, long if _fitting_size(field, rect, long) else written_short(value))


def draw_cells(setter: Typesetter, field: Field, rect: Rect, text: str) -> bytes:
    """One character in the middle of each printed cell."""
    text = printable_or_raise(field, text).replace("\n", " ")
    cells = field.cells or len(text)
    if len(text) > cells:
        raise FieldError(
            "does_not_fit",
            f"“{field.name()}” has {cells} cells; “{_short(text)}” needs {len(text)}.",
            field.key,
        )
    cell = rect.w / cells
    widest = max((fonts.width(c) for c in text), default=1) / 1000
    size = min(_size(field, rect), max(SMALLEST, cell * 0.95 / max(widest, 0.01)))
    y = _baseline(rect, size)
    return b"".join(
        setter.line(c, x=rect.x + cell * (index + 0.5) - fonts.width(c) * size / 2000, y=y, size=size)
        for index, c in enumerate(text)
        if c != " "
    )


def draw_paragraph(setter: Typesetter, field: Field, rect: Rect, text: str) -> bytes:
    """Wrapped lines from the top, shrunk down to the smallest size where needed. Raises FieldError."""
    text = printable_or_raise(field, text)
    size = float(field.font_size or 10)
    while True:
        lines = _wrapped(text, _inner_width(rect) / size * 1000)
        height = ((len(lines) - 1) * _LEADING + 1.1) * size
        if height <= rect.h + 0.5 or (len(lines) == 1 and size <= SMALLEST):
            break
        if size <= SMALLEST:
            raise _does_not_fit(field, text)
        size = max(SMALLEST, size - _STEP)
    top = rect.y + rect.h - size if len(lines) > 1 or rect.h > 2 * size else _baseline(rect, size)
    return b"".join(
        setter.line(line, x=_start(field, rect, line, size), y=top - index * _LEADING * size, size=size)
        for index, line in enumerate(lines)
        if line
    )


def draw_tick(rect: Rect) -> bytes:
    """A tick as large as the place allows, as strokes."""
    x, y, side = _square(rect)
    path = ((0.14, 0.50), (0.40, 0.20), (0.86, 0.84))
    points = [numbers((x + a * side, y + b * side)) for a, b in path]
    return b"q %s w 1 J 1 j %s m %s l %s l S Q\n" % (number(max(0.8, side * 0.11)), *points)


def draw_cross(rect: Rect) -> bytes:
    """An X as large as the place allows, as strokes."""
    x, y, side = _square(rect)
    path = ((0.18, 0.18), (0.82, 0.82), (0.18, 0.82), (0.82, 0.18))
    points = [numbers((x + a * side, y + b * side)) for a, b in path]
    return b"q %s w 1 J %s m %s l %s m %s l S Q\n" % (number(max(0.8, side * 0.11)), *points)


def draw_picture(rect: Rect, *, name: bytes, size: tuple[int, int], align: str) -> bytes:
    """A picture with its own proportions, as large as the place allows."""
    width, height = size
    scale = min(rect.w / width, rect.h / height)
    w, h = width * scale, height * scale
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    place = (w, 0, 0, h, rect.x + (rect.w - w) * share, rect.y + (rect.h - h) / 2)
    return b"q %s cm %s Do Q\n" % (numbers(place), name)


def draw_caption(setter: Typesetter, field: Field, rect: Rect, text: str) -> tuple[bytes, Rect]:
    """A small line at the foot of a signature, and what is left of the place above it.

    A place that is too low or too narrow for it goes without.
    """
    text = printable_or_raise(field, text).replace("\n", " ")
    size = min(_CAPTION_SIZE, rect.w * 1000 / max(1, fonts.width(text)))
    if not text or size < _CAPTION_SMALLEST or rect.h < 3 * size:
        return b"", rect
    line = setter.line(text, x=rect.x, y=rect.y + 0.25 * size, size=size)
    return line, Rect(rect.x, rect.y + 1.25 * size, rect.w, rect.h - 1.25 * size)


def _wrapped(text: str, widest: float) -> list[str]:
    """Lines no wider than `widest` thousandths; a word that is wider is cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            candidate = f"{line} {word}" if line else word
            if fonts.width(candidate) <= widest:
                line = candidate
                continue
            if line:
                lines.append(line)
            while fonts.width(word) > widest and len(word) > 1:
                kept = _leading_part(word, widest)
                lines.append(word[:kept])
                word = word[kept:]
            line = word
        lines.append(line)
    return lines


def _leading_part(word: str, widest: float) -> int:
    """How many characters of the word fit; one at least."""
    total = 0
    for index, character in enumerate(word):
        total += fonts.width(character)
        if total > widest:
            return max(1, index)
    return len(word)


def _size(field: Field, rect: Rect) -> float:
    return float(field.font_size or max(SMALLEST, min(LARGEST_AUTO, rect.h * 0.72)))


def _inner_width(rect: Rect) -> float:
    return rect.w - 2 * _PADDING if rect.w > 10 * _PADDING else rect.w


def _fitting_size(field: Field, rect: Rect, text: str) -> float | None:
    size, needed = _size(field, rect), fonts.width(text)
    if needed * size / 1000 <= _inner_width(rect):
        return size
    fitting = int(_inner_width(rect) * 10_000 / needed) / 10
    return fitting if fitting >= min(SMALLEST, size) else None


def _start(field: Field, rect: Rect, text: str, size: float) -> float:
    left = rect.x + (rect.w - _inner_width(rect)) / 2
    free = _inner_width(rect) - fonts.width(text) * size / 1000
    return left + free * {"left": 0.0, "center": 0.5, "right": 1.0}[field.align]


def _baseline(rect: Rect, size: float) -> float:
    """The baseline that puts the capitals in the middle, with room kept for what hangs below."""
    return rect.y + max(0.22 * size, (rect.h - fonts.CAP_HEIGHT / 1000 * size) / 2)


def _square(rect: Rect) -> tuple[float, float, float]:
    side = min(rect.w, rect.h)
    return rect.x + (rect.w - side) / 2, rect.y + (rect.h - side) / 2, side


def _does_not_fit(field: Field, text: str) -> FieldError:
    return FieldError(
        "does_not_fit",
        f"“{field.name()}” does not fit in its place on page {field.page}: “{_short(text)}”.",
        field.key,
    )


def _short(text: str) -> str:
    text = text.replace("\n", " ")
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
