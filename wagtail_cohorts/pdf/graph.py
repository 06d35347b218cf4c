"""Copying the objects of an opened PDF into a new body: renumbered, bounded, and without active content."""

from __future__ import annotations

import zlib
from collections import deque
from typing import cast

from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from . import syntax
from .active import DROPPED, action_slug
from .limits import Limits
from .reader import as_array, entry, name_in, refused, resolved

_EXTERNAL = ("/F", "/FFilter", "/FDecodeParms")
_TREE_TYPES = ("/Page", "/Pages", "/Catalog", "/Annot", "/OBJR", "/Sig", "/Filespec")
_CHUNK = 1 << 20


class Budget:
    """What one job may still copy and inflate; shared by all files that are joined in it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.objects = limits.max_objects
        self.output = limits.max_output
        self.inflated = limits.max_inflated_total

    def spend_object(self, size: int) -> None:
        self.objects -= 1
        self.output -= size
        if self.objects < 0:
            raise refused("too_complex")
        if self.output < 0:
            raise refused("too_large", limit=self.limits.max_output // 1_000_000)

    def spend_inflated(self, size: int) -> None:
        self.inflated -= size
        if self.inflated < 0:
            raise refused("too_complex")


class Copier:
    """Copies values of one reader into a body. `removed` collects the slugs of what was left out.

    `pages` maps the object numbers of pages in the source to their numbers in the body; every other page,
    and whatever belongs to the old page tree, becomes null.
    """

    def __init__(self, body: syntax.Body, budget: Budget) -> None:
        self.body = body
        self.budget = budget
        self.removed: set[str] = set()
        self.pages: dict[tuple[int, int], int] = {}
        self._numbers: dict[tuple[int, int], int | None] = {}
        self._waiting: deque[tuple[int, PdfObject]] = deque()

    def value(self, value: PdfObject | None, depth: int = 0) -> bytes | None:
        """The value as PDF syntax, or None when it is left out or null."""
        if depth > self.budget.limits.max_depth:
            raise refused("too_complex")
        match value:
            case IndirectObject():
                number = self.number_of(value)
                return None if number is None else syntax.reference(number)
            case StreamObject():
                return syntax.reference(self._later(value))
            case DictionaryObject():
                return None if self._is_left_out(value) else self._dictionary(value, depth)
            case ArrayObject():
                items = [self.value(item, depth + 1) for item in value]
                return b"[" + b" ".join(item or b"null" for item in items) + b"]"
        return _scalar(value)

    def number_of(self, ref: IndirectObject) -> int | None:
        """The number that a reference's target gets in the body, or None when it is left out."""
        key = (ref.idnum, ref.generation)
        if key in self.pages:
            return self.pages[key]
        if key not in self._numbers:
            self._numbers[key] = None  # a reference back to itself while it is being judged reads as null
            target = resolved(ref)
            if target is not None and not self._is_left_out(target):
                self._numbers[key] = self._later(target)
        return self._numbers[key]

    def form(self, appearance: StreamObject) -> int:
        """An appearance stream as a form XObject of its own, with the entries that a form must have."""
        dict.__setitem__(appearance, NameObject("/Type"), NameObject("/XObject"))
        dict.__setitem__(appearance, NameObject("/Subtype"), NameObject("/Form"))
        return self._later(appearance)

    def finish(self) -> None:
        """Copy everything that has been referred to; call once, at the end."""
        while self._waiting:
            number, target = self._waiting.popleft()
            made = self._stream(target) if isinstance(target, StreamObject) else self.value(target)
            self.put(number, made or b"null")

    def put(self, number: int, made: bytes) -> None:
        self.budget.spend_object(len(made))
        self.body.put(number, made)

    def _later(self, target: PdfObject) -> int:
        number = self.body.reserve()
        self._waiting.append((number, target))
        return number

    def _is_left_out(self, target: PdfObject) -> bool:
        if not isinstance(target, DictionaryObject):
            return False
        slug = action_slug(target)
        if slug:
            self.removed.add(slug)
            return True
        kind = name_in(target, "/Type")
        if kind in ("/Filespec", "/EmbeddedFile"):
            self.removed.add("embedded_files")
            return True
        return kind in _TREE_TYPES or name_in(target, "/Subtype") == "/PS"

    def _dictionary(self, source: DictionaryObject, depth: int) -> bytes:
        entries: dict[bytes, bytes] = {}
        for key, raw in dict.items(source):
            if key in DROPPED:
                self.removed |= {DROPPED[key]} - {""}
                continue
            made = self.value(raw, depth + 1)
            if made is not None:
                entries |= dict.fromkeys(names(key), made)
        return syntax.dictionary(entries)

    def _stream(self, source: StreamObject) -> bytes:
        kept = DictionaryObject()
        for key, raw in dict.items(source):
            if key in _EXTERNAL:
                self.removed.add("external_streams")
            elif key != "/Length":
                dict.__setitem__(kept, key, raw)
        if name_in(kept, "/Subtype") == "/Image":
            self._check_image(kept)
        self._check_inflated(source, kept)
        return syntax.stream(source._data, self._dictionary(kept, 0)[2:-2])

    def _check_image(self, image: DictionaryObject) -> None:
        width, height = (_whole(entry(image, key)) for key in ("/Width", "/Height"))
        if width * height > self.budget.limits.max_image_pixels:
            raise refused("picture_too_large")

    def _check_inflated(self, source: StreamObject, kept: DictionaryObject) -> None:
        filters = as_array(dict.get(kept, "/Filter")) or [entry(kept, "/Filter")]
        if "/Crypt" in filters:
            raise refused("encrypted")
        if str(resolved(cast(PdfObject, filters[0]))) not in ("/FlateDecode", "/Fl"):
            return
        allowed = self.budget.limits.max_inflated
        if name_in(kept, "/Subtype") == "/Image":
            pixels = _whole(entry(kept, "/Width")) * _whole(entry(kept, "/Height"))
            allowed = max(allowed, 8 * pixels)
        self.budget.spend_inflated(inflated_size(source._data, allowed))


def inflated_size(data: bytes, allowed: int) -> int:
    """How large a Flate stream becomes, found without keeping it; refuses what goes over `allowed`."""
    machine, size, rest = zlib.decompressobj(), 0, data
    try:
        while rest and not machine.eof:
            size += len(machine.decompress(rest, _CHUNK))
            rest = machine.unconsumed_tail
            if size > allowed:
                raise refused("too_complex")
    except zlib.error:
        pass  # readers show what they could decode up to here, and so does the size
    return size


def names(name: object) -> list[bytes]:
    """A name in PDF syntax; one outside ASCII comes in each spelling that a content stream may use for it.

    The parser decodes such names as UTF-8, GBK or Latin-1 in turn and does not say which it was.
    """
    text = str(name)[1:]
    if text.isascii():
        return [_name(text.encode())]
    spellings: list[bytes] = []
    for encoding in ("utf-8", "gbk", "latin-1"):
        try:
            spellings.append(_name(text.encode(encoding)))
        except UnicodeEncodeError:
            continue
    return spellings


def _name(raw: bytes) -> bytes:
    return b"/" + b"".join(
        b"%c" % byte if 33 <= byte <= 126 and byte not in b"#()<>[]{}/%" else b"#%02X" % byte for byte in raw
    )


def _scalar(value: PdfObject | None) -> bytes | None:
    match value:
        case BooleanObject():
            return b"true" if value.value else b"false"
        case NumberObject() | FloatObject():
            return syntax.number(float(value)) if abs(value) > 2**31 else _plain(value)
        case NameObject():
            return names(value)[0]
        case TextStringObject() | ByteStringObject():
            return syntax.string(value.original_bytes)
    return None


def _plain(value: NumberObject | FloatObject) -> bytes:
    if isinstance(value, NumberObject):
        return b"%d" % int(value)
    text = f"{float(value):.10f}".rstrip("0").rstrip(".")
    return text.encode() if text not in ("-0", "") else b"0"


def _whole(value: PdfObject | None) -> int:
    return max(0, int(value)) if isinstance(value, (NumberObject, FloatObject)) else 0
