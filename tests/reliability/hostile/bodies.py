"""Bodies that no browser of ours sends: a page's own form with something wrong in it, and things that are no form."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from django.apps import apps

from tests.reliability.hostile.pages import Form

Pairs = list[tuple[str, str]]
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "----cohorts"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"

TEXTS = [
    "", " ", "\x00", "a\x00b", "\u202eevil", "\udc80", "𝕏" * 60, "é" * 10_000, "x" * 100_000, "\ufeff", "\U0010ffff",
    "<script>alert(1)</script>", "{{ 7*7 }}{% load x %}", "' OR 1=1 --", "../../etc/passwd", "%00%ff", "$(id)",
    "a\r\nBcc: x@example.com", "NaN", "Infinity", "-1", "0", "1e999", "9" * 19, "9" * 400, "-" + "9" * 30, "1" * 5000,
    "on", "true", "null", "None", "[]", "{}", "[[]]", '{"a":1}', '["x"]', '{"a":' * 2000, "[" * 50_000,
    '[{"uuid":"x","page":1e400}]', '[{"key":null}]', "2026-02-30", "9999-12-31", "0000-00-00", "0001-01-01",
    "99999-01-01", "٣٤٥", "=HYPERLINK(1)", "@SUM(1)", "00000000-0000-4000-8000-000000000000", "all", "__all__", "id",
    "pk", "\x0b\x1f\x7f", "1,2,3", "1;2", "a@b", "a@b.c", "x" * 300 + "@example.com", "javascript:alert(1)",
    "//evil.example", "http://[", "#", "?", "%", "\\", '"', "'", "`", "data:image/png;base64,", "data:text/html,x",
    "data:image/png;base64,AAAA", "data:image/png;base64," + "A" * 50_000,
]  # fmt: skip
COUNTS = ["", "x", "-1", "0", "1", "3", "999", "1001", "100000", "9" * 30, "1.5", "\x00", "٣"]
PIECES = (b"", b"\x00", b"\r\n", b"--", b'"', b"\xff", b"\r\n\r\n")
RAW = [
    b"", b"{", b"[]", b"null", b"1", b'"x"', b'{"values": []}', b'{"values": {"street": {"a": 1}}}', b"[" * 100_000,
    b'{"values": {"street": "\\ud800"}}', b'{"values": {"street": "a\\u0000b"}}', b"\xff\xfe\x00", b"\x80" * 1000,
    b'{"values": {"street": NaN}}', b'{"values": {"' + b"k" * 5000 + b'": "v"}}', b'{"values": {"street": 1e999}}',
    b'{"a":' * 50_000, b'{"values": {"street": "' + b"x" * 150_000 + b'"}}', b"x" * 300_000, b"&" * 20_000, b"=&=&=",
    b"a=1&" * 12_000, b"%", b"%zz=%u0000", b"a=%ff%fe&%ff=1", b"\r\n\r\n", b"--" * 5000,
]  # fmt: skip
TYPES = [
    "application/json", FORM, "multipart/form-data", "text/plain", "", "multipart/form-data; boundary=", MULTIPART,
    "application/json; charset=rubbish", f"{FORM}; charset=utf-16", f"{FORM}; charset=rubbish", "text/xml", "x",
    f"multipart/form-data; boundary={'b' * 300}", "multipart/form-data; boundary=\u00e9", "multipart/mixed; boundary=x",
]  # fmt: skip
HEADERS = {
    "HTTP_ACCEPT": ["application/json", "*/*;q=x", "text/html;" * 200, "\x00", "image/webp"],
    "HTTP_X_REQUESTED_WITH": ["XMLHttpRequest"],
    "HTTP_USER_AGENT": ["", "x" * 10_000, "a\x00b", "é" * 400, "<script>", "\udc80"],
    "HTTP_X_FORWARDED_FOR": ["", "x", "127.0.0.1, ::1", "999.999.999.999", "::ffff:10.0.0.1%eth0", "1" * 5000],
    "HTTP_ACCEPT_LANGUAGE": ["af", "xx-" * 500, "*", ";q=", "\x00"],
    "HTTP_REFERER": ["http://evil.example/", "x" * 5000, "\x00"],
    "HTTP_RANGE": ["bytes=5-1", "bytes=-", "bytes=0-999999999999", "x"],
    "HTTP_IF_MODIFIED_SINCE": ["x", "Thu, 99 Foo 99999 99:99:99 GMT"],
    "HTTP_IF_NONE_MATCH": ["x", '"' * 3000],
    "REMOTE_ADDR": ["", "x", "::1", "fe80::1%eth0", "127.0.0.1"],
    "HTTP_HOST": ["evil.example", "testserver:99999999", "a b", "testserver"],
    "CONTENT_LENGTH": ["0", "7"],
    "HTTP_SEC_PURPOSE": ["prefetch"],
    "HTTP_ORIGIN": ["null", "http://evil.example", "x"],
}  # fmt: skip


@dataclass
class Body:
    """What a request carries."""

    content: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Maker:
    """Makes bodies from a page's form. ``strange`` are keys of rows that belong to somebody else."""

    dice: random.Random
    strange: Sequence[str]
    names: Sequence[str]

    def make(self, form: Form) -> tuple[str, Body]:
        kind = self.dice.choice(list(KINDS))
        body = KINDS[kind](self, form)
        if self.dice.random() < 0.15:
            body.headers = self.headers()
        return kind, body

    def text(self) -> str:
        return self.dice.choice(TEXTS)

    def headers(self) -> dict[str, str]:
        names = self.dice.sample(list(HEADERS), 2)
        found = {name: self.dice.choice(HEADERS[name]) for name in names}
        return {
            name: value.encode("utf-8", "surrogateescape").decode("latin-1") for name, value in found.items()
        }

    def some(self, pairs: Pairs) -> list[int]:
        most = min(len(pairs), 4)
        return self.dice.sample(range(len(pairs)), self.dice.randint(1, most)) if pairs else []


def changed(maker: Maker, form: Form) -> Body:
    pairs = form.pairs()
    for place in maker.some(pairs):
        pairs[place] = (pairs[place][0], maker.text())
    return as_form(maker, pairs, form.files)


def drowned(maker: Maker, form: Form) -> Body:
    """The same odd text everywhere."""
    text = maker.text()
    return as_form(maker, [(name, text[:20_000]) for name, _value in form.pairs()], form.files)


def missing(maker: Maker, form: Form) -> Body:
    pairs = form.pairs()
    left_out = set(maker.some(pairs))
    return as_form(maker, [pair for place, pair in enumerate(pairs) if place not in left_out], [])


def alone(maker: Maker, form: Form) -> Body:
    """One field and nothing else."""
    pairs = form.pairs()
    return as_form(maker, [maker.dice.choice(pairs)] if pairs else [], [])


def doubled(maker: Maker, form: Form) -> Body:
    pairs = form.pairs()
    return as_form(
        maker, pairs + [(pairs[place][0], maker.text()) for place in maker.some(pairs)], form.files
    )


def management(maker: Maker, form: Form) -> Body:
    """The counts that a set of rows is sent with, and rows that nobody offered."""
    pairs, dice = form.pairs(), maker.dice
    counts = [place for place, (name, _value) in enumerate(pairs) if name.endswith("_FORMS")]
    for place in counts:
        if dice.random() < 0.6:
            pairs[place] = (pairs[place][0], dice.choice(COUNTS))
    if dice.random() < 0.4:
        pairs = [pair for pair in pairs if not (pair[0].endswith("_FORMS") and dice.random() < 0.4)]
    prefixes = {name.rsplit("-", 1)[0] for name, _value in form.pairs() if name.endswith("_FORMS")}
    columns = ("id", "ORDER", "DELETE", "pk", "contact", "template", "name", "email", "role_key")
    for prefix in prefixes:
        for number in dice.sample(range(4), 2):
            pairs += [(f"{prefix}-{number}-{column}", strange(maker)) for column in dice.sample(columns, 3)]
    return as_form(maker, pairs, [])


def swapped(maker: Maker, form: Form) -> Body:
    """Other people's keys in the place of every key."""
    return as_form(maker, [
        (name, strange(maker) if re.fullmatch(r"\d+|[0-9a-f-]{36}", value) and not name.endswith("_FORMS") else value)
        for name, value in form.pairs()
    ], [])  # fmt: skip


def named(maker: Maker, form: Form) -> Body:
    """Columns of our tables, in the hope that one is taken."""
    names = maker.dice.sample(list(maker.names), min(25, len(maker.names)))
    more = [(name, maker.dice.choice((strange(maker), maker.text()))) for name in names]
    return as_form(maker, form.pairs() + more, [])


def strange(maker: Maker) -> str:
    return maker.dice.choice([*maker.strange, "9" * 19, "9" * 30, "0", "-1", "x", "\x00", "1.5", "", "1e5"])


def filed(maker: Maker, form: Form) -> Body:
    """Files where texts belong, and texts where files belong."""
    pairs = form.pairs()
    moved = {pairs[place][0] for place in maker.some(pairs)}
    texts = [pair for pair in pairs if pair[0] not in moved] + [(name, "text") for name in form.files]
    return as_multipart(maker, texts, sorted(moved))


def raw(maker: Maker, form: Form) -> Body:
    content = maker.dice.choice([*RAW, maker.dice.randbytes(maker.dice.randint(1, 400))])
    return Body(content, maker.dice.choice(TYPES))


def as_json(maker: Maker, form: Form) -> Body:
    """The form as JSON, with values of every kind, also in the shape that the saving script sends."""
    odd: list[Any] = [None, True, -1, 1e308, [], {}, [[]], {"a": {"b": []}}, "x" * 5000, maker.text()]
    values = {name: maker.dice.choice([value, *odd]) for name, value in form.pairs()}
    content = json.dumps(maker.dice.choice([values, {"values": values}, [values]]))
    return Body(content.encode("utf-8", "surrogateescape"), "application/json")


def broken(maker: Maker, form: Form) -> Body:
    """A body in parts that stops, lies about itself, or is cut somewhere."""
    body, dice = as_multipart(maker, form.pairs(), form.files), maker.dice
    content = bytearray(body.content)
    for _turn in range(dice.randint(1, 4)):
        at = dice.randrange(len(content)) if content else 0
        content[at : at + dice.choice((0, 1, 30))] = dice.choice(PIECES)
    cut = dice.randrange(len(content)) if content and dice.random() < 0.5 else len(content)
    kind = dice.choice((MULTIPART, "multipart/form-data", MULTIPART + "x", f"{MULTIPART}; charset=utf-7"))
    return Body(bytes(content[:cut]), kind)


def odd_bytes(maker: Maker, form: Form) -> Body:
    """Percent signs that lead to no UTF-8."""
    junk = ("%ff", "%c0%80", "%ED%A0%80", "%F4%90%80%80", "%", "%u0041", "%00")
    pairs = (f"{quote_plus(name)}={maker.dice.choice(junk)}" for name, _value in form.pairs())
    return Body("&".join([*pairs, f"{maker.dice.choice(junk)}=1"]).encode(), FORM)


KINDS: dict[str, Callable[[Maker, Form], Body]] = {
    made.__name__: made
    for made in (changed, drowned, missing, alone, doubled, management, swapped, named, filed, raw, as_json, broken,
                 odd_bytes)
}  # fmt: skip


def as_form(maker: Maker, pairs: Pairs, files: list[str]) -> Body:
    if files or maker.dice.random() < 0.3:
        return as_multipart(maker, pairs, files)
    sent = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)
    return Body(sent.encode(), FORM)


def _quoted(text: str) -> str:
    return quote_plus(text.encode("utf-8", "surrogateescape"))


FILE_NAMES = [
    "a.pdf",
    "",
    "../../x",
    "\x00.pdf",
    "a" * 400 + ".pdf",
    "\u202efdp.exe",
    "a.svg",
    "CON",
    'a"; x="b',
    ".",
]
FILES = [
    b"", b"x", b"%PDF-1.7\n", b"MZ" * 400, b"first_name,last_name\n\x00,\xff", b"\xff\xd8\xff", b"a,b\n" * 20_000,
    b"\x89PNG\r\n\x1a\n",
]  # fmt: skip


def as_multipart(maker: Maker, pairs: Pairs, files: list[str]) -> Body:
    out = bytearray()
    for name, value in pairs:
        out += part(f'name="{_header(name)}"', value.encode("utf-8", "surrogateescape"))
    for name in files:
        given = maker.dice.choice(FILE_NAMES)
        out += part(f'name="{_header(name)}"; filename="{_header(given)}"', maker.dice.choice(FILES))
    return Body(bytes(out) + f"--{BOUNDARY}--\r\n".encode(), MULTIPART)


def part(head: str, content: bytes) -> bytes:
    start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n"
    return start.encode("utf-8", "surrogateescape") + content + b"\r\n"


def _header(text: str) -> str:
    return text.replace("\r", "").replace("\n", "").replace('"', "%22")


def column_names() -> list[str]:
    """Every column and relation of our tables."""
    models = apps.get_app_config("wagtail_cohorts").get_models()
    found = {name for model in models for one in model._meta.fields for name in (one.name, one.attname)}
    return sorted(found)
