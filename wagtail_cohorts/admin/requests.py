"""What no page of ours sends, refused with 400 before Wagtail's views stumble over it."""

from __future__ import annotations

import re

from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict

MOST_ROWS = 200  # in one form; Wagtail draws every row that is announced, a thousand of them for ten seconds
_ROW_KEY = re.compile(r"-\d+-id")
_KNOWN = "-INITIAL_FORMS"
_COUNTS = ("-TOTAL_FORMS", _KNOWN)
_PORT = re.compile(r":(\d+)$")


def check_request(request: HttpRequest) -> None:
    """Raises BadRequest for rows, ways back and hosts that end in an exception further down."""
    if request.method == "POST":
        check_rows(request.POST)
    for given in (request.GET, request.POST):
        way_back = given.get("next", "")
        if way_back and not way_back.startswith("/"):  # Django takes another text for the name of a page
            raise BadRequest("The way back is no path.")
    port = _PORT.search(request.get_host())
    if port and int(port[1]) > 65_535:
        raise BadRequest("There is no such port.")


def check_rows(posted: QueryDict) -> None:
    """A formset turns a row's key that is no number or is not there into an exception, and any count into that many
    rows."""
    for name, values in posted.lists():
        if name.endswith(_COUNTS) and not all(_is_number(text, most=MOST_ROWS) for text in values):
            raise BadRequest("These rows cannot be counted.")
        if name.endswith(_KNOWN):
            prefix = name.removesuffix(_KNOWN)
            if not all(f"{prefix}-{number}-id" in posted for number in range(int(values[-1]))):
                raise BadRequest("A row has no key.")
        if _ROW_KEY.search(name) and not all(not text or _is_number(text, most=2**63 - 1) for text in values):
            raise BadRequest("A row has no such key.")


def _is_number(text: str, *, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most
