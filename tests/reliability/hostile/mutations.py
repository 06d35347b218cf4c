"""Small harm to whole files: bytes, tokens, numbers, references, objects, tables, and what streams hold."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable

from tests.pdf.test_hostile import mutated

Mutate = Callable[[random.Random, bytes], bytes]
NUMBER, REFERENCE, OBJECT = rb"(?<![\w.])\d+(?![\w.])", rb"\b\d+ 0 R\b", rb"\d+ 0 obj.*?endobj"
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
ABSURD = [b"0", b"-1", b"9" * 20, b"2147483648", b"1e400", b"65536", b"0.00000001", b"null", b"/X", b"(x)"]
ACTION = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


def changed(dice: random.Random, data: bytes) -> bytes:
    return mutated(data, dice.randrange(2**32))


def flipped(dice: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _turn in range(dice.choice((1, 10, 200))):
        out[dice.randrange(len(out))] ^= 1 << dice.randrange(8)
    return bytes(out)


def cut(dice: random.Random, data: bytes) -> bytes:
    return data[: dice.randrange(len(data))] if dice.random() < 0.7 else data[dice.randrange(len(data)) :]


def numbers(dice: random.Random, data: bytes) -> bytes:
    return _exchanged(dice, data, NUMBER, lambda _old: dice.choice(ABSURD))


def references(dice: random.Random, data: bytes) -> bytes:
    """Objects that lead to others than they did: to parents, to themselves, to nothing."""
    most = max(data.count(b" 0 obj"), 1)
    return _exchanged(dice, data, REFERENCE, lambda _old: b"%d 0 R" % dice.randint(0, most + 2))


def objects(dice: random.Random, data: bytes) -> bytes:
    """Two objects that have changed places."""
    found = list(re.finditer(OBJECT, data, re.DOTALL))
    if len(found) < 2:
        return cut(dice, data)
    one, two = sorted(dice.sample(found, 2), key=lambda match: match.start())
    parts = (data[: one.start()], two[0], data[one.end() : two.start()], one[0], data[two.end() :])
    return b"".join(parts)


def tables(dice: random.Random, data: bytes) -> bytes:
    """A table of objects that is wrong about where they are."""
    start = data.rfind(b"xref")
    tail = _exchanged(
        dice, data[start:], rb"\d+", lambda _old: dice.choice([*ABSURD, b"%d" % dice.randrange(10**6)])
    )
    return data[:start] + tail


def inside(dice: random.Random, data: bytes) -> bytes:
    """A stream that is opened, harmed, and packed again."""
    found = list(STREAM.finditer(data))
    if not found:
        return flipped(dice, data)
    match = dice.choice(found)
    try:
        held = zlib.decompress(match[1])
    except zlib.error:
        held = match[1]
    harmed = mutated(held, dice.randrange(2**32)) if len(held) > 30 else held * 50
    return data[: match.start(1)] + zlib.compress(harmed) + data[match.end(1) :]


def followed(dice: random.Random, data: bytes) -> bytes:
    """A later revision at the end that makes the file do something."""
    at = len(data)
    catalog = b"1 0 obj\n<</Type/Catalog/Pages 2 0 R/OpenAction %s/AA<</WC %s>>>>\nendobj\n" % (
        ACTION,
        ACTION,
    )
    table = b"xref\n1 1\n%010d 00000 n \ntrailer\n<</Size 99/Root 1 0 R/Prev %s>>\n" % (at, _start(data))
    return data + catalog + table + b"startxref\n%d\n%%%%EOF\n" % (at + len(catalog))


def _start(data: bytes) -> bytes:
    found = re.findall(rb"startxref\s+(\d+)", data)
    return bytes(found[-1]) if found else b"0"


def _exchanged(dice: random.Random, data: bytes, pattern: bytes, make: Callable[[bytes], bytes]) -> bytes:
    """A few of what matches, and nothing else, is made anew."""
    found = list(re.finditer(pattern, data))
    chosen = {match.start() for match in dice.sample(found, min(len(found), dice.randint(1, 6)))}
    return re.sub(pattern, lambda match: make(match[0]) if match.start() in chosen else match[0], data)


def spliced(dice: random.Random, one: bytes, two: bytes) -> bytes:
    """The beginning of one file and the end of another."""
    return one[: dice.randrange(len(one))] + two[dice.randrange(len(two)) :]


MUTATIONS: tuple[Mutate, ...] = (
    changed, flipped, cut, numbers, references, objects, tables, inside, followed,
)  # fmt: skip
