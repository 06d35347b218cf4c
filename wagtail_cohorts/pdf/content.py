"""Reading page content only as far as needed to put something on top of it safely.

A page's content may leave the graphics state changed, close more states than it opened, or stop inside a text
object. What the engine draws afterwards must start from the page's initial state (ISO 32000-2, 8.4.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .reader import refused

_NEXT = re.compile(
    rb"[(%]|(?<![^\s\x00\[\]<>(){}])(?:q|Q|BT|ET|BI|BMC|BDC|EMC)(?![^\s\x00\[\]<>(){}/%])", re.DOTALL
)
_PAREN = re.compile(rb"\\.|[()]", re.DOTALL)
_LINE_END = re.compile(rb"[\r\n]")
_IMAGE_DATA = re.compile(rb"(?<=\s)ID\s")
_IMAGE_END = re.compile(rb"(?<=\s)EI(?=[\s\x00]|$)")


class Balance(NamedTuple):
    """What to put before and after a page's content so that it leaves no trace in the graphics state.

    `excess` are the places of operators that close a state nobody opened. Readers ignore those; inside the
    enclosing state they would not, so they have to be taken out.
    """

    opening: bytes
    closing: bytes
    excess: tuple[int, ...]


def balance(content: bytes, most: int) -> Balance:
    """What encloses the content, whatever it leaves open or closes too often.

    Raises PdfRefused when the content has more than `most` of the operators that matter.
    """
    depth = marked = 0
    in_text = False
    excess: list[int] = []
    for count, (operator, position) in enumerate(operators(content)):
        if count > most:
            raise refused("too_complex")
        if operator == b"q":
            depth += 1
        elif operator == b"Q" and depth == 0:
            excess.append(position)
        elif operator == b"Q":
            depth -= 1
        elif operator in (b"BT", b"ET"):
            in_text = operator == b"BT"
        elif operator in (b"BMC", b"BDC"):
            marked += 1
        else:
            marked = max(0, marked - 1)
    closing = b"\n" + b"ET " * in_text + b"EMC " * marked + b"Q " * (depth + 1)
    return Balance(b"q ", closing, tuple(excess))


def without(content: bytes, excess: tuple[int, ...]) -> bytes:
    """The content with the one-letter operators at these places blanked."""
    changed = bytearray(content)
    for position in excess:
        changed[position] = 0x20
    return bytes(changed)


def operators(content: bytes) -> Iterator[tuple[bytes, int]]:
    """The operators that open or close something, and where; strings, comments, inline images are passed over."""
    position = 0
    while match := _NEXT.search(content, position):
        token, position = match[0], match.end()
        if token == b"(":
            position = _after_string(content, position)
        elif token == b"%":
            position = _after(_LINE_END, content, position)
        elif token == b"BI":
            position = _after(_IMAGE_END, content, _after(_IMAGE_DATA, content, position))
        else:
            yield token, match.start()


def _after(pattern: re.Pattern[bytes], content: bytes, position: int) -> int:
    match = pattern.search(content, position)
    return match.end() if match else len(content)


def _after_string(content: bytes, position: int) -> int:
    depth = 1
    while match := _PAREN.search(content, position):
        position = match.end()
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if depth == 0:
            return position
    return len(content)
