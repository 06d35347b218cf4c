"""Watches every page of the other host: no key, width or count that a machine reads may be printed for people."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from django.http import HttpRequest, HttpResponse

GROUPED = re.compile(r"\d,\d{3}(?!\d)")
FOR_PEOPLE = {"alt", "title", "aria-label", "placeholder", "content", "d", "points", "transform"}


class Attributes(HTMLParser):
    """Attributes with a number of more than three digits, grouped as people read it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name not in FOR_PEOPLE and value and GROUPED.search(value):
                self.found.append(f"<{tag} {name}={value[:200]!r}>")


def no_grouped_numbers(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.streaming or "html" not in response.get("Content-Type", ""):
            return response
        page = response.content.decode()
        if GROUPED.search(page):
            parser = Attributes()
            parser.feed(page)
            assert not parser.found, f"{request.path}: {parser.found}"
        return response

    return middleware
