"""A clean copy of one or more PDFs in the making: no annotations, a flat page tree, one revision."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from pypdf import PdfReader
from pypdf.generic import (
    DictionaryObject,
    FloatObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from . import syntax
from .active import action_slugs, annotation_slugs, catalog_slugs
from .annotations import visible_appearances
from .content import balance, without
from .draws import Drawing, content_parts, decoded
from .geometry import LETTER, PageGeometry, ordered, page_geometry
from .graph import Budget, Copier, names
from .limits import Limits
from .reader import as_array, as_dictionary, entry, page_dictionaries, refused, resolved

_CATALOG_KEPT = ("/Lang", "/MarkInfo", "/StructTreeRoot", "/OCProperties", "/PageLabels", "/Outlines")
_PAGE_KEPT = ("/Group", "/Tabs", "/StructParents")
_MAX_ANNOTATIONS = 5_000
_PRODUCER = "wagtail-cohorts"


@dataclass
class PageDraft:
    """One page being made. `contents` are references to its streams in order."""

    number: int
    geometry: PageGeometry
    source: DictionaryObject
    fixed: dict[bytes, bytes]
    contents: list[bytes] = field(default_factory=list)
    other: dict[bytes, bytes] = field(default_factory=dict)
    fonts: dict[bytes, bytes] = field(default_factory=dict)
    xobjects: dict[bytes, bytes] = field(default_factory=dict)
    resources: bytes | None = None
    enclosed: bool = False

    def free_prefix(self) -> str:
        """A start for resource names that this page does not use yet."""
        taken = [*self.fonts, *self.xobjects]
        serial = 0
        while any(name.startswith(b"/Wc%d" % serial) for name in taken):
            serial += 1
        return f"/Wc{serial}"

    def written(self, parent: int) -> bytes:
        resources = self.resources or self.resource_dictionary()
        entries = {b"/Type": b"/Page", b"/Parent": syntax.reference(parent), **self.fixed}
        entries |= {b"/Resources": resources, b"/Contents": b"[" + b" ".join(self.contents) + b"]"}
        return syntax.dictionary(entries)

    def resource_dictionary(self) -> bytes:
        entries = dict(self.other)
        if self.fonts:
            entries[b"/Font"] = syntax.dictionary(self.fonts)
        if self.xobjects:
            entries[b"/XObject"] = syntax.dictionary(self.xobjects)
        return syntax.dictionary(entries)


class Document:
    """Collects pages of readers; `finish` gives the numbers of the catalog and information dictionary."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.body = syntax.Body()
        self.pages: list[PageDraft] = []
        self.removed: set[str] = set()
        self._budget = Budget(limits)
        self._root = self.body.reserve()
        self._tree = self.body.reserve()
        self._info = self.body.reserve()
        self._copiers: list[Copier] = []
        self._catalog: dict[bytes, bytes] = {}
        self._title = ""

    def take(self, reader: PdfReader, *, keep_structure: bool = True) -> None:
        """Add all pages of the reader; the reader must stay open until this returns."""
        copier = Copier(self.body, self._budget)
        sources = page_dictionaries(reader, self.limits)
        if len(self.pages) + len(sources) > self.limits.max_pages:
            raise refused("too_many_pages", limit=self.limits.max_pages)
        drafts = [self._draft(source, len(self.pages) + index) for index, source in enumerate(sources, 1)]
        for draft in drafts:
            ref = draft.source.indirect_reference
            if ref is not None:
                copier.pages[ref.idnum, ref.generation] = draft.number
        drawing = Drawing(self.limits)
        for draft in drafts:
            drawing.check_page(draft.source)
            self._fill(draft, copier)
        if keep_structure:
            self._take_catalog(reader, copier)
        else:
            for draft in drafts:
                draft.fixed.pop(b"/StructParents", None)
        self.removed |= catalog_slugs(reader.root_object)
        self.pages += drafts
        self._title = self._title or _title(reader)
        copier.finish()
        self.removed |= copier.removed

    def enclose(self, draft: PageDraft) -> None:
        """Put the page's content between operators that give back the initial graphics state."""
        if draft.enclosed:
            return
        content = decoded(draft.source)
        found = balance(content, self.limits.max_operators)
        if found.excess:
            draft.contents[:] = [self._added(syntax.deflated(without(content, found.excess)))]
        opening, closing = (self._added(syntax.stream(part)) for part in (found.opening, found.closing))
        draft.contents[:] = [opening, *draft.contents, closing]
        draft.enclosed = True

    def finish(self) -> tuple[int, int]:
        for draft in self.pages:
            self.body.put(draft.number, draft.written(self._tree))
        kids = b" ".join(syntax.reference(draft.number) for draft in self.pages)
        tree = {b"/Type": b"/Pages", b"/Kids": b"[" + kids + b"]", b"/Count": b"%d" % len(self.pages)}
        self.body.put(self._tree, syntax.dictionary(tree))
        catalog = {b"/Type": b"/Catalog", b"/Pages": syntax.reference(self._tree), **self._catalog}
        self.body.put(self._root, syntax.dictionary(catalog))
        info = {b"/Producer": syntax.text_string(_PRODUCER)}
        if self._title:
            info[b"/Title"] = syntax.text_string(self._title)
        self.body.put(self._info, syntax.dictionary(info))
        return self._root, self._info

    def _draft(self, source: DictionaryObject, page: int) -> PageDraft:
        media = _box(entry(source, "/MediaBox")) or LETTER
        crop = _box(entry(source, "/CropBox"))
        turn = entry(source, "/Rotate")
        rotation = int(turn) if isinstance(turn, (NumberObject, FloatObject)) and abs(turn) < 1e6 else 0
        unit = entry(source, "/UserUnit")
        user_unit = (
            float(unit) if isinstance(unit, (NumberObject, FloatObject)) and 0.01 <= unit <= 1000 else 1.0
        )
        geometry = page_geometry(media, crop=crop, rotation=rotation, user_unit=user_unit)
        sides = (geometry.box[2] - geometry.box[0], geometry.box[3] - geometry.box[1])
        if not all(self.limits.min_page_side <= side <= self.limits.max_page_side for side in sides):
            raise refused("page_size", page=page)
        fixed = {b"/MediaBox": b"[" + syntax.numbers(media) + b"]"}
        if crop is not None:
            fixed[b"/CropBox"] = b"[" + syntax.numbers(geometry.box) + b"]"
        if geometry.rotation:
            fixed[b"/Rotate"] = b"%d" % geometry.rotation
        if user_unit != 1:
            fixed[b"/UserUnit"] = syntax.number(user_unit)
        return PageDraft(self.body.reserve(), geometry, source, fixed)

    def _fill(self, draft: PageDraft, copier: Copier) -> None:
        source = draft.source
        for key in _PAGE_KEPT:
            made = copier.value(dict.get(source, key))
            if made is not None:
                draft.fixed[key.encode()] = made
        for part in content_parts(source):
            made = copier.value(part)
            if made is not None:
                draft.contents.append(made)
        self._take_resources(draft, copier)
        if "/AA" in source:
            self.removed |= {"additional_actions"} | action_slugs(source, "/AA")
        self._flatten(draft, copier)

    def _take_resources(self, draft: PageDraft, copier: Copier) -> None:
        for key, raw in dict.items(as_dictionary(dict.get(draft.source, "/Resources"))):
            if key in ("/Font", "/XObject"):
                target = draft.fonts if key == "/Font" else draft.xobjects
                for name, item in dict.items(as_dictionary(raw)):
                    made = copier.value(item, 1)
                    if made is not None:
                        target.update(dict.fromkeys(names(name), made))
            elif key != "/ProcSet" and (made := copier.value(raw, 1)) is not None:
                draft.other[names(key)[0]] = made

    def _flatten(self, draft: PageDraft, copier: Copier) -> None:
        """Draw what the page's annotations show, and drop them."""
        annotations = [
            as_dictionary(item) for item in as_array(dict.get(draft.source, "/Annots"))[:_MAX_ANNOTATIONS]
        ]
        for annotation in annotations:
            self.removed |= annotation_slugs(annotation)
        shown = visible_appearances(annotations)
        if not shown:
            return
        self.enclose(draft)
        prefix, drawing = draft.free_prefix().encode(), b""
        for index, (appearance, matrix) in enumerate(shown):
            name = prefix + b"A%d" % index
            draft.xobjects[name] = syntax.reference(copier.form(appearance))
            drawing += b"q " + syntax.numbers(matrix) + b" cm " + name + b" Do Q\n"
        draft.contents.append(self._added(syntax.deflated(drawing)))

    def _added(self, body: bytes) -> bytes:
        return syntax.reference(self.body.add(body))

    def _take_catalog(self, reader: PdfReader, copier: Copier) -> None:
        for key in _CATALOG_KEPT:
            made = copier.value(dict.get(reader.root_object, key), 1)
            if made is not None:
                self._catalog[key.encode()] = made


def _box(value: PdfObject | None) -> tuple[float, float, float, float] | None:
    sides = [resolved(item) for item in as_array(value)]
    found = [float(side) for side in sides if isinstance(side, (NumberObject, FloatObject))]
    if len(found) != 4 or not all(math.isfinite(side) for side in found):
        return None
    return ordered(found)


def _title(reader: PdfReader) -> str:
    title = entry(as_dictionary(dict.get(reader.trailer, "/Info")), "/Title")
    return str(title)[:500] if isinstance(title, TextStringObject) else ""
