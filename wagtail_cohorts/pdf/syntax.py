"""Writing PDF syntax: values, streams, and a whole file of one revision (ISO 32000-2, 7.3 and 7.5)."""

from __future__ import annotations

import hashlib
import math
import re
import zlib
from collections.abc import Iterable, Mapping

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
FREE_ROW = b"0000000000 65535 f \n"
ROW = 20  # bytes of one row of the cross-reference table
_ESCAPED = re.compile(rb"[\\()\r\n]")
_ESCAPES = {b"\\": b"\\\\", b"(": b"\\(", b")": b"\\)", b"\r": b"\\r", b"\n": b"\\n"}
_LARGEST = 1e12


def number(value: float) -> bytes:
    """A number in the shortest plain form, at most six decimals; what is not finite becomes 0."""
    if not math.isfinite(value):
        return b"0"
    value = max(-_LARGEST, min(_LARGEST, value))
    if value == int(value):
        return b"%d" % int(value)
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return b"0" if text in ("-0", "") else text.encode()


def numbers(values: Iterable[float]) -> bytes:
    return b" ".join(number(value) for value in values)


def string(data: bytes) -> bytes:
    """A literal string holding exactly these bytes."""
    return b"(" + _ESCAPED.sub(lambda match: _ESCAPES[match[0]], data) + b")"


def text_string(text: str) -> bytes:
    """A text string (7.9.2.2) as UTF-16 with its byte order mark, in hexadecimal."""
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def reference(number_: int) -> bytes:
    return b"%d 0 R" % number_


def dictionary(entries: Mapping[bytes, bytes]) -> bytes:
    """A dictionary from ready names (with their solidus) and ready values."""
    return b"<<" + b"".join(key + b" " + value for key, value in entries.items()) + b">>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object of data that is stored as it is; `entries` are further ready dictionary entries."""
    return b"<<" + entries + b"/Length %d>>stream\n" % len(data) + data + b"\nendstream"


def deflated(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object of data that is compressed here."""
    return stream(zlib.compress(data, 6), entries + b"/Filter/FlateDecode")


def indirect(number_: int, body: bytes) -> bytes:
    return b"%d 0 obj\n" % number_ + body + b"\nendobj\n"


def row(offset: int) -> bytes:
    return b"%010d 00000 n \n" % offset


def trailer(
    *, size: int, root: int, info: int, file_id: bytes, start: int, first_id: bytes = b"", previous: int = 0
) -> bytes:
    """The trailer and end of the file; `start` is the offset of the cross-reference table. A later revision keeps the
    `first_id`, and `previous` is the offset of the table before."""
    entries = {
        b"/Size": b"%d" % size,
        b"/Root": reference(root),
        b"/Info": reference(info),
        b"/ID": b"[<%s><%s>]" % (first_id or file_id, file_id),
    }
    if previous:
        entries[b"/Prev"] = b"%d" % previous
    return b"trailer\n" + dictionary(entries) + b"\nstartxref\n%d\n%%%%EOF\n" % start


class Body:
    """The numbered objects of a file being made; numbers start at 1 and may be reserved before use."""

    def __init__(self) -> None:
        self._objects: list[bytes | None] = []

    def reserve(self) -> int:
        self._objects.append(None)
        return len(self._objects)

    def put(self, number_: int, body: bytes) -> None:
        self._objects[number_ - 1] = body

    def add(self, body: bytes) -> int:
        self._objects.append(body)
        return len(self._objects)

    @property
    def size(self) -> int:
        """One more than the highest number, as /Size wants it."""
        return len(self._objects) + 1

    def laid_out(self) -> tuple[bytes, bytearray]:
        """The header with all filled objects, and the cross-reference rows; unfilled ones are free."""
        chunks, rows, offset = [HEADER], bytearray(FREE_ROW), len(HEADER)
        for index, body in enumerate(self._objects, 1):
            if body is None:
                rows += FREE_ROW
                continue
            chunk = indirect(index, body)
            rows += row(offset)
            chunks.append(chunk)
            offset += len(chunk)
        return b"".join(chunks), rows

    def file(self, *, root: int, info: int) -> bytes:
        """The whole file of one revision; its /ID comes from its content."""
        body, rows = self.laid_out()
        file_id = hashlib.sha256(body).hexdigest()[:32].encode()
        end = trailer(size=self.size, root=root, info=info, file_id=file_id, start=len(body))
        return body + b"xref\n0 %d\n" % self.size + bytes(rows) + end
