"""Compiling: a version's PDF is parsed and prepared once, so that each copy is made by joining bytes.

    | body: header, all objects of the clean file, fonts | objects of one document | xref | trailer |
    '------------- the same in every copy ---------------'

Each page with fields refers to two reserved object numbers ("slots"): one for its last content stream, one
for its resources. `stamp.fill` writes those, the document's pictures and extra glyphs, and a patched
cross-reference table: one revision, no incremental update.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import fonts, syntax
from .definition import Cell, Field
from .document import Document, PageDraft
from .errors import FieldError
from .field_types import MARK_TYPES
from .geometry import Rect
from .inspect import Page, pages_of
from .limits import MADE, Limits
from .reader import opened


@dataclass(frozen=True, eq=False)
class Placed:
    """What a field shows on one page: its own place, and the cells of its options by their value."""

    field: Field
    rect: Rect | None
    cells: dict[str, Rect]


@dataclass(frozen=True, eq=False)
class Slot:
    """A page that carries fields: its reserved numbers, its fields, and ready parts of its resources."""

    content: int
    resources: int
    placed: tuple[Placed, ...]
    opening: bytes = field(repr=False)
    prefix: bytes
    other: dict[bytes, bytes] = field(repr=False)
    fonts: dict[bytes, bytes] = field(repr=False)
    xobjects: dict[bytes, bytes] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Template:
    """A compiled version. `sha256` is that of the PDF it was made from; `removed` what cleaning took out."""

    sha256: str
    pages: tuple[Page, ...]
    fields: tuple[Field, ...]
    removed: tuple[str, ...]
    size: int
    root: int
    info: int
    base_font: int
    body: bytes = field(repr=False)
    rows: bytes = field(repr=False)
    slots: tuple[Slot, ...] = field(repr=False)
    digest: bytes = field(repr=False)


def compile(data: bytes, fields: Sequence[Field], limits: Limits = MADE) -> Template:
    """Parse, clean and prepare a PDF for its fields. PdfRefused; FieldError for a field on a missing page."""
    with opened(data, limits) as reader:
        document = Document(limits)
        document.take(reader)
        _check_pages(fields, len(document.pages))
        base_font = fonts.base_font().write(document.body.reserve, document.body.put)
        slots = tuple(_slots(document, fields))
        root, info = document.finish()
        body, rows = document.body.laid_out()
    return Template(
        sha256=hashlib.sha256(data).hexdigest(),
        pages=pages_of(document),
        fields=tuple(fields),
        removed=tuple(sorted(document.removed)),
        size=document.body.size,
        root=root,
        info=info,
        base_font=base_font,
        body=body,
        rows=bytes(rows),
        slots=slots,
        digest=hashlib.sha256(body).digest(),
    )


def _check_pages(fields: Sequence[Field], pages: int) -> None:
    for item in fields:
        if any(page > pages for page in _pages_of(item)):
            message = f"“{item.name()}” is on a page that the PDF has not: it has {pages}."
            raise FieldError("no_such_page", message, item.key)


def _pages_of(item: Field) -> set[int]:
    return {item.page, *(option.cell.page for option in item.options if option.cell is not None)}


def _slots(document: Document, fields: Sequence[Field]) -> list[Slot]:
    by_page: dict[int, list[Field]] = {}
    for item in fields:
        for page in _pages_of(item):
            by_page.setdefault(page, []).append(item)
    return [_slot(document, page, by_page[page]) for page in sorted(by_page)]


def _slot(document: Document, page: int, items: Sequence[Field]) -> Slot:
    draft = document.pages[page - 1]
    document.enclose(draft)
    prefix = draft.free_prefix().encode()
    content, resources = document.body.reserve(), document.body.reserve()
    draft.contents.append(syntax.reference(content))
    draft.resources = syntax.reference(resources)
    opening = b"q " + syntax.numbers(draft.geometry.matrix) + b" cm 0 g 0 G\n"
    placed = tuple(_placed(item, page, draft) for item in items)
    return Slot(content, resources, placed, opening, prefix, draft.other, draft.fonts, draft.xobjects)


def _placed(item: Field, page: int, draft: PageDraft) -> Placed:
    def rect(cell: Field | Cell) -> Rect:
        return draft.geometry.rect(cell)

    cells = {option.value: option.cell for option in item.options if option.cell is not None}
    crossed = bool(cells) and item.type not in MARK_TYPES
    here = {value: rect(cell) for value, cell in cells.items() if cell.page == page}
    return Placed(item, None if crossed or item.page != page else rect(item), here)
