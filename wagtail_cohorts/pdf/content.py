"""Reading page content only as far as needed to put something on top of it safely.

A page's content may leave the graphics state changed, close more states than it opened, or stop inside a text
object. What the engine draws afterwards must start from the page's initial state (ISO 32000-2, 8.4.2).
"""

from __future__ import annotations

import re
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
    """What to put before and after a page's content so that it leaves no trace in the graphics state."""

    opening: bytes
    closing: bytes


def balance(content: bytes, most: int) -> Balance:
    """Operators that enclose the content, whatever it leaves open or closes too often.

    Raises PdfRefused when the content has more than `most` of the operators that matter.
    """
    depth = lowest = marked = 0
    in_text = False
    for operator in operators(content, most):
        if operator == b"q":
            depth += 1
        elif operator == b"Q":
            depth -= 1
            lowest = min(lowest, depth)
        elif operator in (b"BT", b"ET"):
            in_text = operator == b"BT"
        elif operator in (b"BMC", b"BDC"):
            marked += 1
        elif operator == b"EMC":
            marked = max(0, marked - 1)
    missing = 1 - lowest
    closing = b"\n" + b"ET " * in_text + b"EMC " * marked + b"Q " * (depth + missing)
    return Balance(b"q " * missing, closing)


def operators(content: bytes, most: int) -> list[bytes]:
    """The operators that open or close something; strings, comments and inline images are passed over."""
    found: list[bytes] = []
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
            found.append(token)
            if len(found) > most:
                raise refused("too_complex")
    return found


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
