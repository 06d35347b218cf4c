"""Forms as the pages hold them: read from the HTML, so that a new form is known without being named."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

FILE = "file"


@dataclass
class Form:
    """Names with the values and kinds that a browser would send; a file has what it accepts for a value."""

    action: str
    method: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def files(self) -> list[str]:
        return [name for name, _value, kind in self.fields if kind == FILE]

    def pairs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value, kind in self.fields if name and kind != FILE]


class Reader(HTMLParser):
    """Collects forms; an input outside of its form names it by ``form``."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.forms, self.by_id = url, [], {}
        self.current: Form | None = None
        self.select: Form | None = None
        self.is_chosen = False
        self.area: tuple[str, Form] | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.current = Form(
                urljoin(self.url, found.get("action") or self.url), found.get("method", "get")
            )
            self.forms.append(self.current)
            self.by_id[found.get("id", "")] = self.current
        form = self.by_id.get(found["form"], self.current) if "form" in found else self.current
        if form is None:
            return
        name = found.get("name", "")
        if tag == "select":
            self.select, self.is_chosen = form, False
            form.fields.append((name, "", tag))
        elif tag == "option" and self.select is not None:
            self._option(found)
        elif tag == "textarea":
            self.area, self.text = (name, form), ""
        elif tag in ("input", "button") and name:
            kind = found.get("type", "")
            value = (
                found.get("accept", "")
                if kind == FILE
                else found.get("value", "on" if "checked" in found else "")
            )
            form.fields.append((name, value, kind))

    def _option(self, found: dict[str, str]) -> None:
        """The first one counts until one is selected."""
        assert self.select is not None
        if "selected" in found or not self.is_chosen:
            self.select.fields[-1] = (self.select.fields[-1][0], found.get("value", ""), "select")
            self.is_chosen = True

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.current = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area is not None:
            name, form = self.area
            form.fields.append((name, self.text.strip(), tag))
            self.area = None


def forms_of(answer: Any, url: str) -> list[Form]:
    """The forms of an HTML page that are sent by POST."""
    if "html" not in answer.headers.get("Content-Type", "") or getattr(answer, "streaming", False):
        return []
    reader = Reader(url)
    reader.feed(answer.content.decode("utf-8", "replace"))
    return [form for form in reader.forms if form.method.lower() == "post"]


def path_of(url: str) -> str:
    return urlsplit(url).path
