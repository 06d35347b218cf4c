"""Compiled templates: a version's PDF is parsed and cleaned once, then each copy is made by joining bytes.

    | body: header, all objects of the clean file, fonts | page objects of this document | xref | trailer |
    '--------------- the same in every copy -------------'

Each page with fields refers to two reserved object numbers ("slots"): one for its last content stream, one
for its resources. Filling writes those, this document's pictures and extra glyphs, and a patched
cross-reference table: one revision, no incremental update. The same inputs give the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from . import drawing, fonts, syntax
from .definition import Cell, Field
from .document import Document, PageDraft
from .drawing import Typesetter
from .errors import FieldError
from .geometry import PageGeometry, Rect
from .inspect import Page, pages_of
from .limits import DEFAULT, Limits
from .marks import Marks
from .pictures import Picture, picture
from .reader import opened
from .values import Value

VERSION = 1
_XREF = b"xref\n0 %d\n"


def engine_version() -> str:
    """The name that is kept with each signed document; it changes when the same inputs give other bytes."""
    return f"wagtail-cohorts-pdf {VERSION}"


@dataclass(frozen=True, eq=False)
class Slot:
    """A page that carries fields: its reserved numbers, geometry, and ready parts of its resources."""

    content: int
    resources: int
    geometry: PageGeometry
    prefix: bytes
    other: dict[bytes, bytes] = field(repr=False)
    fonts: dict[bytes, bytes] = field(repr=False)
    xobjects: dict[bytes, bytes] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Template:
    """A compiled version. `sha256` is that of the PDF it was made from."""

    sha256: str
    pages: tuple[Page, ...]
    fields: tuple[Field, ...]
    removed: tuple[str, ...]
    body: bytes = field(repr=False)
    rows: bytes = field(repr=False)
    size: int
    root: int
    info: int
    base_font: int
    slots: dict[int, Slot] = field(repr=False)
    digest: bytes = field(repr=False)


def compile(data: bytes, fields: Sequence[Field], limits: Limits = DEFAULT) -> Template:
    """Parse, clean and prepare a PDF for its fields. PdfRefused; FieldError for a field on a missing page."""
    with opened(data, limits) as reader:
        document = Document(limits)
        document.take(reader)
        _check_pages(fields, len(document.pages))
        body = document.body
        base_font = fonts.base_font().write(body.reserve, body.put)
        numbers = sorted({cell.page for item in fields for cell in _cells(item)})
        slots = {number: _slot(document, document.pages[number - 1]) for number in numbers}
        root, info = document.finish()
        laid_out, rows = body.laid_out()
    return Template(
        sha256=hashlib.sha256(data).hexdigest(), pages=pages_of(document), fields=tuple(fields),
        removed=tuple(sorted(document.removed)), body=laid_out, rows=bytes(rows), size=body.size,
        root=root, info=info, base_font=base_font, slots=slots, digest=hashlib.sha256(laid_out).digest(),
    )  # fmt: skip


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
        drawn = {number: self._page(number, slot) for number, slot in self._template.slots.items()}
        extra = (
            frozenset().union(*(setter.extra_characters for _, setter, _ in drawn.values()))
            if drawn
            else frozenset()
        )
        extra_font = fonts.subset_font(frozenset(extra)).write(self._reserve, self._put) if extra else 0
        for number, (content, setter, used) in drawn.items():
            slot = self._template.slots[number]
            self._put(slot.content, syntax.deflated(content))
            self._put(
                slot.resources, self._resources(slot, used, extra_font if setter.extra_characters else 0)
            )
        return self._joined()

    def _page(self, number: int, slot: Slot) -> tuple[bytes, Typesetter, dict[bytes, bytes]]:
        """The content of one page's slot, and the pictures it uses by resource name."""
        setter = Typesetter(slot.prefix + b"F", slot.prefix + b"G")
        used: dict[bytes, bytes] = {}
        parts = [b"q " + syntax.numbers(slot.geometry.matrix) + b" cm 0 g 0 G\n"]
        for item in self._template.fields:
            if item.page == number or any(option.page == number for option in item.options):
                parts.append(self._field(item, number, slot, setter, used))
        parts.append(b"Q\n")
        return b"".join(parts), setter, used

    def _field(
        self, item: Field, number: int, slot: Slot, setter: Typesetter, used: dict[bytes, bytes]
    ) -> bytes:
        rect = slot.geometry.rect(item)
        if item.type in ("signature", "initials"):
            return self._mark(item, rect, slot, setter, used) if item.page == number else b""
        value = item.default if item.type == "static" else self._values.get(item.key)
        if value is None or value == "" or value is False:
            return b""
        if item.type in ("radio", "select") and any(option.cell for option in item.options):
            return self._chosen(item, str(value), number, slot)
        return self._typed(item, value, rect, setter) if item.page == number else b""

    def _typed(self, item: Field, value: Value, rect: Rect, setter: Typesetter) -> bytes:
        if item.type == "checkbox":
            return drawing.draw_tick(rect)
        text = self._label(item, value) if item.type in ("radio", "select") else str(value)
        if item.type in ("date", "date_signed"):
            return drawing.draw_date(setter, item, rect, text)
        if item.type in ("multiline", "static"):
            return drawing.draw_paragraph(setter, item, rect, text)
        if item.cells:
            return drawing.draw_cells(setter, item, rect, text)
        return drawing.draw_line(setter, item, rect, text)

    def _label(self, item: Field, value: Value) -> str:
        for option in item.options:
            if option.value == value:
                return option.label.get(self._language) or next(iter(option.label.values()), option.value)
        return str(value)

    def _chosen(self, item: Field, value: str, number: int, slot: Slot) -> bytes:
        cells = [option.cell for option in item.options if option.value == value]
        return b"".join(
            drawing.draw_cross(slot.geometry.rect(cell))
            for cell in cells
            if cell is not None and cell.page == number
        )

    def _mark(
        self, item: Field, rect: Rect, slot: Slot, setter: Typesetter, used: dict[bytes, bytes]
    ) -> bytes:
        marks = self._marks.get(item.role)
        png = marks and (marks.signature if item.type == "signature" else marks.initials)
        if not marks or not png:
            return b""
        caption = b""
        if marks.caption and item.type == "signature":
            caption, rect = drawing.draw_caption(setter, item, rect, marks.caption)
        number, image = self._picture(png)
        name = slot.prefix + b"I%d" % number
        used[name] = syntax.reference(number)
        return caption + drawing.draw_picture(
            rect, name=name, width=image.width, height=image.height, align=item.align
        )

    def _picture(self, png: bytes) -> tuple[int, Picture]:
        if png not in self._pictures:
            image = picture(png)
            colour, mask = self._reserve(), self._reserve()
            self._put(colour, image.colour(mask))
            self._put(mask, image.mask())
            self._pictures[png] = colour, image
        return self._pictures[png]

    def _resources(self, slot: Slot, used: dict[bytes, bytes], extra_font: int) -> bytes:
        named = {**slot.fonts, slot.prefix + b"F": syntax.reference(self._template.base_font)}
        if extra_font:
            named[slot.prefix + b"G"] = syntax.reference(extra_font)
        entries = {**slot.other, b"/Font": syntax.dictionary(named)}
        xobjects = slot.xobjects | used
        if xobjects:
            entries[b"/XObject"] = syntax.dictionary(xobjects)
        return syntax.dictionary(entries)

    def _reserve(self) -> int:
        self._next += 1
        return self._next - 1

    def _put(self, number: int, body: bytes) -> None:
        self._objects.append((number, syntax.indirect(number, body)))

    def _joined(self) -> bytes:
        """The body, the new objects, the patched table and the trailer; /ID comes from the content."""
        template, offset = self._template, len(self._template.body)
        rows = bytearray(template.rows) + syntax.FREE_ROW * (self._next - template.size)
        content = hashlib.sha256(template.digest)
        for number, chunk in self._objects:
            rows[number * syntax.ROW : (number + 1) * syntax.ROW] = syntax.row(offset)
            content.update(chunk)
            offset += len(chunk)
        end = syntax.trailer(
            size=self._next, root=template.root, info=template.info,
            file_id=content.hexdigest()[:32].encode(), start=offset,
        )  # fmt: skip
        chunks = [chunk for _, chunk in self._objects]
        return b"".join([template.body, *chunks, _XREF % self._next, rows, end])


def _cells(item: Field) -> list[Cell]:
    own = [option.cell for option in item.options]
    return [Cell(item.page, item.x, item.y, item.w, item.h), *(cell for cell in own if cell is not None)]


def _check_pages(fields: Sequence[Field], pages: int) -> None:
    for item in fields:
        if any(cell.page > pages for cell in _cells(item)):
            raise FieldError(
                "no_such_page", f"“{item.name()}” is on a page the PDF has not: it has {pages}.", item.key
            )


def _slot(document: Document, draft: PageDraft) -> Slot:
    document.enclose(draft)
    prefix = draft.free_prefix().encode()
    content, resources = document.body.reserve(), document.body.reserve()
    draft.contents.append(syntax.reference(content))
    draft.resources = syntax.reference(resources)
    return Slot(content, resources, draft.geometry, prefix, draft.other, draft.fonts, draft.xobjects)


__all__ = ["Marks", "Template", "compile", "engine_version", "fill"]
