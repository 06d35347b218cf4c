"""Files through the pages that take them, and a look at the pages of what was taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.urls import reverse

from tests.reliability.hostile.bodies import BOUNDARY, MULTIPART, part
from tests.reliability.hostile.pages import Form, path_of
from tests.reliability.hostile.site import Door, Site, undone
from tests.reliability.hostile.tally import Tally
from wagtail_cohorts.models import AgreementTemplate

PICTURES = re.compile(r'<img[^>]*\ssrc="(/[^"]+)"')
MOST_PICTURES = 2
DRAWN = "drawn_signature"
LEFT_OUT = (
    "action-publish",
    "roles-name",
    "roles-key",
    "roles-kind",
    "roles-shown",
)  # the roles stay as they are
TAKEN = (302, 303)


@dataclass(frozen=True)
class Place:
    """A field for a file on a page: ``accept`` is what its page asks the browser for."""

    door: Door
    form: Form
    field: str
    accept: str


def places_of(site: Site) -> list[Place]:
    """Every field for a file, and for a drawn signature, on every page."""
    by_path = {path_of(door.url): door for door in site.doors}
    found = []
    for path, forms in site.forms.items():
        for form in forms if path in by_path else []:
            for name, accept, kind in form.fields:
                if kind == "file" or name == DRAWN:
                    found.append(Place(by_path[path], form, name, accept if kind == "file" else DRAWN))
    return found


def send_file(tally: Tally, case: str, kind: str, place: Place, data: bytes, *, name: str) -> None:
    """One file in its form, then its pictures when it was taken; all undone."""
    content = _body(place, data, name)

    def send() -> Any:
        answer = place.door.browser.generic("POST", place.door.url, content, content_type=MULTIPART)
        answer.pictures = list(_pictures(place.door, answer))
        return answer

    with undone():
        answer = tally.ask(case, f"{kind} {place.door.name}", send)
        for url in answer.pictures:
            tally.ask(case, f"picture {place.door.name}", lambda url=url: place.door.browser.get(url))


def _body(place: Place, data: bytes, name: str) -> bytes:
    """The form as it stands, with what is empty filled in, saved and not published."""
    left_out = (place.field, *LEFT_OUT)
    pairs = [(key, value or "x") for key, value in place.form.pairs() if key not in left_out]
    pairs = [(key, "[]" if key == "fields" else value) for key, value in pairs]
    head = f'name="{place.field}"' + ("" if place.accept == DRAWN else f'; filename="{name}"')
    parts = [part(f'name="{key}"', value.encode()) for key, value in pairs]
    return b"".join([*parts, part(head, data), f"--{BOUNDARY}--\r\n".encode()])


def _pictures(door: Door, answer: Any) -> Iterator[str]:
    """Addresses of pages as they are shown now."""
    if answer.status_code not in TAKEN:
        return
    if "agreementtemplate" in door.name:
        name = f"{door.name.partition(':')[0]}:page_image"
        yield reverse(name, args=[AgreementTemplate.objects.order_by("-latest_revision_id")[0].pk, 1])
        return
    page = door.browser.get(answer["Location"])
    text = b"" if getattr(page, "streaming", False) else page.content
    yield from [unescape(url) for url in PICTURES.findall(text.decode("utf-8", "replace"))][-MOST_PICTURES:]
