"""The seal's own revision, appended to a file that this package wrote (ISO 32000-2, 7.5.6 and 12.8).

    | the file as it was: every byte stays | catalog, first page, widget, signature | xref | trailer |
    '--------------- signed -----------------'---------- signed, but for the hole --------------------'

Such a file has one revision, a classic table and no form, so that the few objects that change are found by their rows,
without parsing the rest. Any other file is left to pyHanko.
"""

from __future__ import annotations

import hashlib
import re
import sys
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime

from . import syntax
from .cms import Container

FIELD_NAME = "InstitutionSeal"
_TRAILER = re.compile(
    rb"trailer\n<</Size (\d{1,8})/Root (\d{1,8}) 0 R/Info (\d{1,8}) 0 R/ID \[<([0-9a-f]{32})><\4>\]>>\n"
    rb"startxref\n(\d{1,10})\n%%EOF\n\Z"
)
_LONGEST_END = 200  # bytes of such a trailer, and more
_TABLE = re.compile(rb"xref\n0 (\d{1,8})\n((?:\d{10} \d{5} [nf] \n)+)trailer\n")
_PAGES, _FIRST_KID = re.compile(rb"/Pages (\d{1,8}) 0 R"), re.compile(rb"/Kids \[(\d{1,8}) 0 R")
_RANGE = b"[0 %010d %010d %010d]"
_UNCHANGEABLE = (
    b"[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]"
)


@dataclass(frozen=True)
class Written:
    """What of the file is needed to add a revision. ``page`` is the first one."""

    size: int
    root: int
    info: int
    file_id: bytes
    start: int
    page: int
    catalog_entries: bytes
    page_entries: bytes


def written(data: bytes) -> Written | None:
    """None for a file that is not laid out as this package does, or that has a form or annotations already."""
    end = _TRAILER.search(data, max(0, len(data) - _LONGEST_END))
    if end is None or not data.startswith(syntax.HEADER):
        return None
    size, root, info, start = (int(end[group]) for group in (1, 2, 3, 5))
    table = _TABLE.match(data, start)
    if table is None or int(table[1]) != size or len(table[2]) != size * syntax.ROW:
        return None
    objects = _Objects(data, table.start(2), size, start)
    catalog = objects.entries(root)
    tree = objects.entries(_number(_PAGES, catalog))
    page = _number(_FIRST_KID, tree)
    entries = objects.entries(page)
    if not catalog or not entries or b"/AcroForm" in catalog or b"/Perms" in catalog or b"/Annots" in entries:
        return None
    return Written(size, root, info, end[4], start, page, catalog, entries)


class _Objects:
    """The dictionaries of a file by number, found by the rows of its table."""

    def __init__(self, data: bytes, rows: int, size: int, start: int) -> None:
        self._data, self._rows, self._size = data, rows, size
        offsets = (int(data[at : at + 10]) for at in range(rows, rows + size * syntax.ROW, syntax.ROW))
        self._ends = [*sorted({*offsets, start}), sys.maxsize]

    def entries(self, number: int) -> bytes:
        """What stands between ``<<`` and ``>>``; empty for what is no dictionary."""
        if not 0 < number < self._size:
            return b""
        at = self._rows + number * syntax.ROW
        begin = int(self._data[at : at + 10])
        found = self._data[begin : self._ends[bisect_right(self._ends, begin)]]
        opening, closing = b"%d 0 obj\n<<" % number, b">>\nendobj\n"
        if not found.startswith(opening) or not found.endswith(closing):
            return b""
        return found[len(opening) : -len(closing)]


def _number(pattern: re.Pattern[bytes], entries: bytes) -> int:
    found = pattern.search(entries)
    return int(found[1]) if found is not None else 0


def sealed(
    data: bytes, file: Written, container: Container, *, reason: str, location: str, moment: datetime
) -> bytes:
    """The file with an invisible signature over all of it, after which nothing may change. ``moment`` is in UTC."""
    widget, signature = file.size, file.size + 1
    form = b"/AcroForm <</Fields [%s]/SigFlags 3>>/Perms <</DocMDP %s>>" % (
        syntax.reference(widget),
        syntax.reference(signature),
    )
    objects = [
        (file.root, b"<<" + file.catalog_entries + form + b">>"),
        (file.page, b"<<" + file.page_entries + b"/Annots [" + syntax.reference(widget) + b"]>>"),
        (widget, _widget(file.page, signature)),
        (signature, _signature(container.size, reason=reason, location=location, moment=moment)),
    ]
    chunks, rows, offset = [], b"", len(data)
    for number, body in objects:
        chunk = syntax.indirect(number, body)
        rows += b"%d 1\n" % number + syntax.row(offset)
        chunks.append(chunk)
        offset += len(chunk)
    added, before = b"".join(chunks), hashlib.sha256(data)
    content = before.copy()
    content.update(added)
    end = syntax.trailer(
        size=file.size + 2, root=file.root, info=file.info, file_id=content.hexdigest()[:32].encode(), start=offset,
        first_id=file.file_id, previous=file.start,
    )  # fmt: skip
    return data + _signed(len(data), before, added, b"xref\n" + rows + end, container)


def _widget(page: int, signature: int) -> bytes:
    return syntax.dictionary({
        b"/Type": b"/Annot", b"/Subtype": b"/Widget", b"/FT": b"/Sig", b"/F": b"132", b"/Rect": b"[0 0 0 0]",
        b"/T": syntax.text_string(FIELD_NAME), b"/P": syntax.reference(page), b"/V": syntax.reference(signature),
    })  # fmt: skip


def _signature(size: int, *, reason: str, location: str, moment: datetime) -> bytes:
    """A signature dictionary (12.8.1) with room for ``size`` bytes; the range is written last."""
    entries = {
        b"/Type": b"/Sig", b"/Filter": b"/Adobe.PPKLite", b"/SubFilter": b"/ETSI.CAdES.detached",
        b"/M": syntax.string(b"D:" + moment.strftime("%Y%m%d%H%M%S").encode() + b"+00'00'"),
        b"/Reference": _UNCHANGEABLE,
    }  # fmt: skip
    for name, text in ((b"/Reason", reason), (b"/Location", location)):
        if text:
            entries[name] = syntax.text_string(text)
    entries |= {b"/ByteRange": _RANGE % (0, 0, 0), b"/Contents": b"<" + b"0" * (2 * size) + b">"}
    return syntax.dictionary(entries)


def _signed(length: int, before: hashlib._Hash, added: bytes, end: bytes, container: Container) -> bytes:
    """What follows a file of that ``length`` and digest: the range, which leaves out the hole with its brackets, is
    filled in, and then the hole."""
    hole = len(added) - len(b">>\nendobj\n") - 2 * container.size - 2
    after = hole + 2 * container.size + 2
    numbers = _RANGE % (length + hole, length + after, len(added) + len(end) - after)
    head = added[: hole - len(b"/Contents ") - len(numbers)] + numbers + b"/Contents "
    tail = added[after:] + end
    before.update(head)
    before.update(tail)
    made = container.sign(before.digest()).hex().encode().ljust(2 * container.size, b"0")
    return b"".join([head, b"<", made, b">", tail])
