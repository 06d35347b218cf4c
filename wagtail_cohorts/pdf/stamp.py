"""Filling a compiled template: draw the values and marks of one document, and join the bytes of its file.

Deterministic: the same template, values and marks give the same bytes, in any process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from . import drawing, fonts, syntax
from .definition import Field
from .drawing import Typesetter
from .geometry import Rect
from .marks import Marks
from .pictures import Picture, picture
from .template import Placed, Slot, Template, compile
from .values import Value

__all__ = ["Marks", "Template", "compile", "engine_version", "fill"]

VERSION = 1
_XREF = b"xref\n0 %d\n"


def engine_version() -> str:
    """The name that is kept with each signed document; it changes when the same inputs give other bytes."""
    return f"wagtail-cohorts-pdf {VERSION}"


def fill(
    template: Template,
    values: Mapping[str, Value | None],
    marks: Mapping[str, Marks],
    *,
    language: str = "en",
) -> bytes:
    """A filled copy. Fields without a value, and marks of roles that are not in `marks`, stay blank.

    Raises FieldError when a value does not fit or cannot be printed; PdfRefused for a mark that is no PNG.
    """
    return _Filling(template, values, marks, language).file()


class _Filling:
    """One filled copy in the making."""

    def __init__(
        self,
        template: Template,
        values: Mapping[str, Value | None],
        marks: Mapping[str, Marks],
        language: str,
    ) -> None:
        self._template = template
        self._values = values
        self._marks = marks
        self._language = language
        self._next = template.size
        self._objects: list[tuple[int, bytes]] = []
        self._pictures: dict[bytes, tuple[int, Picture]] = {}

    def file(self) -> bytes:
        sheets = [_Sheet(self, slot) for slot in self._template.slots]
        extra = frozenset[str]().union(*(sheet.setter.extra_characters for sheet in sheets))
        extra_font = fonts.subset_font(extra).write(self._reserve, self.put) if extra else 0
        for sheet in sheets:
            self.put(sheet.slot.content, syntax.deflated(sheet.content))
            self.put(sheet.slot.resources, sheet.resources(self._template.base_font, extra_font))
        return self._joined()

    def value(self, item: Field) -> Value | None:
        return item.default if item.type == "static" else self._values.get(item.key)

    def label(self, item: Field, value: Value) -> str:
        """What a person reads for the chosen option."""
        for option in item.options:
            if option.value == value:
                return option.label.get(self._language) or next(iter(option.label.values()), option.value)
        return str(value)

    def mark(self, item: Field) -> tuple[bytes, str] | None:
        """The PNG for a signature or initials field and the caption under it, if its role has signed."""
        marks = self._marks.get(item.role)
        if marks is None:
            return None
        png = marks.signature if item.type == "signature" else marks.initials
        caption = marks.caption if item.type == "signature" else ""
        return (png, caption) if png else None

    def picture(self, png: bytes) -> tuple[int, Picture]:
        """The object number and picture of a mark, written once however often it is used."""
        if png not in self._pictures:
            image = picture(png)
            colour, mask = self._reserve(), self._reserve()
            self.put(colour, image.colour(mask))
            self.put(mask, image.mask())
            self._pictures[png] = colour, image
        return self._pictures[png]

    def put(self, number: int, body: bytes) -> None:
        self._objects.append((number, syntax.indirect(number, body)))

    def _reserve(self) -> int:
        self._next += 1
        return self._next - 1

    def _joined(self) -> bytes:
        """The body, the new objects, the patched table and the trailer; /ID comes from the content."""
        template, offset = self._template, len(self._template.body)
        rows = bytearray(template.rows) + syntax.FREE_ROW * (self._next - template.size)
        content = hashlib.sha256(template.digest)
        for number, chunk in self._objects:
            rows[number * syntax.ROW : (number + 1) * syntax.ROW] = syntax.row(offset)
            content.update(chunk)
            offset += len(chunk)
        file_id = content.hexdigest()[:32].encode()
        end = syntax.trailer(
            size=self._next, root=template.root, info=template.info, file_id=file_id, start=offset
        )
        chunks = [chunk for _, chunk in self._objects]
        return b"".join([template.body, *chunks, _XREF % self._next, rows, end])


class _Sheet:
    """What one filled copy puts on one page."""

    def __init__(self, filling: _Filling, slot: Slot) -> None:
        self.slot = slot
        self.setter = Typesetter(slot.prefix + b"F", slot.prefix + b"G")
        self._filling = filling
        self._used: dict[bytes, bytes] = {}
        self.content = b"".join([slot.opening, *(self._drawn(placed) for placed in slot.placed), b"Q\n"])

    def resources(self, base_font: int, extra_font: int) -> bytes:
        named = {**self.slot.fonts, self.slot.prefix + b"F": syntax.reference(base_font)}
        if self.setter.extra_characters:
            named[self.slot.prefix + b"G"] = syntax.reference(extra_font)
        entries = {**self.slot.other, b"/Font": syntax.dictionary(named)}
        xobjects = self.slot.xobjects | self._used
        if xobjects:
            entries[b"/XObject"] = syntax.dictionary(xobjects)
        return syntax.dictionary(entries)

    def _drawn(self, placed: Placed) -> bytes:
        item, rect = placed.field, placed.rect
        if item.type in ("signature", "initials"):
            return self._mark(item, rect) if rect is not None else b""
        value = self._filling.value(item)
        if value is None or value == "" or value is False:
            return b""
        if rect is None:
            cell = placed.cells.get(str(value))
            return drawing.draw_cross(cell) if cell is not None else b""
        return self._typed(item, value, rect)

    def _typed(self, item: Field, value: Value, rect: Rect) -> bytes:
        if item.type == "checkbox":
            return drawing.draw_tick(rect)
        if item.type in ("date", "date_signed"):
            return drawing.draw_date(self.setter, item, rect, str(value))
        if item.type in ("multiline", "static"):
            return drawing.draw_paragraph(self.setter, item, rect, str(value))
        if item.cells:
            return drawing.draw_cells(self.setter, item, rect, str(value))
        text = self._filling.label(item, value) if item.options else str(value)
        return drawing.draw_line(self.setter, item, rect, text)

    def _mark(self, item: Field, rect: Rect) -> bytes:
        mark = self._filling.mark(item)
        if mark is None:
            return b""
        png, caption = mark
        line = b""
        if caption:
            line, rect = drawing.draw_caption(self.setter, item, rect, caption)
        number, image = self._filling.picture(png)
        name = self.slot.prefix + b"I%d" % number
        self._used[name] = syntax.reference(number)
        size = (image.width, image.height)
        return line + drawing.draw_picture(rect, name=name, size=size, align=item.align)
