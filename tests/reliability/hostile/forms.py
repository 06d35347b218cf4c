"""Form bodies to every address that takes a POST, and odd query strings to every address that takes a GET."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from tests.reliability.hostile.bodies import TEXTS, Body, Maker, column_names
from tests.reliability.hostile.pages import Form, path_of
from tests.reliability.hostile.site import Door, Site, undone
from tests.reliability.hostile.tally import Tally
from tests.tenancy.world import House

QUERIES = (
    "q", "p", "state", "show", "cohort", "ordering", "programme", "deadline_from", "export", "w", "id", "next",
    "institution", "page", "day", "language", "code", "multiple", "list_export", "is_searching", "_w_filter_fragment",
    "columns", "v", "usage_count", "childOf", "student", "verification", "sort", "user", "timestamp_from", "action",
)  # fmt: skip
OTHERS = ("put", "patch", "delete", "options", "head", "trace")


def run(site: Site, *, count: int, seed: int, start: int = 0) -> dict[str, Any]:
    """``count`` bodies, and half as many query strings. Case i depends on the seed and on i alone."""
    tally = Tally(warm_up=max(count // 10, 1))
    known = site.forms
    writable = [door for door in site.doors if path_of(door.url) in known or takes_posts(door)]
    keys, names = keys_of(site.world.theirs), column_names()
    for number in range(start, start + count):
        dice = random.Random(f"{seed}:{number}")
        door = writable[number % len(writable)]
        form = dice.choice(known.get(path_of(door.url)) or [guess(dice, names)])
        kind, body = Maker(dice, keys, names).make(form)
        request = partial(send, door, body, checks_csrf=number % 12 == 0)
        tally.ask(f"{number}", f"{kind} {door.name}", request)
    for number in range(start, start + count // 2):
        door = site.doors[number % len(site.doors)]
        dice = random.Random(f"{seed}:query:{number}")
        tally.ask(f"query {number}", f"query {door.name}", odd_look(door, dice))
    report = tally.report()
    routes = {
        "writable": sorted({door.name for door in writable}),
        "all": sorted({door.name for door in site.doors}),
    }
    return {
        **report,
        "post_routes": len(routes["writable"]),
        "routes": len(routes["all"]),
        "is_good": tally.is_good,
    }


def takes_posts(door: Door) -> bool:
    with undone():
        return bool(door.browser.post(door.url).status_code != 405)


def guess(dice: random.Random, names: list[str]) -> Form:
    """A form for an address that no page sends one to."""
    return Form("", "post", [(name, "1", "text") for name in dice.sample(names, 12)])


def keys_of(house: House) -> list[str]:
    """Keys of the other institution's rows."""
    names = ("institution", "template", "programme", "sponsor", "draft", "enrolling", "completed", "student", "upload",
             "agreement", "record", "batch")  # fmt: skip
    rows = [getattr(house, name) for name in names]
    return [str(row.pk) for row in rows] + [str(row.uuid) for row in rows if hasattr(row, "uuid")]


def send(door: Door, body: Body, *, checks_csrf: bool) -> Any:
    door.browser.handler.enforce_csrf_checks = checks_csrf
    try:
        with undone():
            return door.browser.generic(
                "POST", door.url, body.content, content_type=body.content_type, **body.headers
            )
    finally:
        door.browser.handler.enforce_csrf_checks = False


def odd_look(door: Door, dice: random.Random) -> Callable[[], Any]:
    """A GET with an odd query, at times by another method or with odd headers."""
    names = dice.sample(QUERIES, dice.randint(1, 4))
    pairs = [
        f"{name}={quote(dice.choice(TEXTS)[:3000].encode('utf-8', 'surrogateescape'))}" for name in names
    ]
    joint = "&" if "?" in door.url else "?"
    headers = Maker(dice, [], []).headers() if dice.random() < 0.3 else {}
    method = dice.choice(OTHERS) if dice.random() < 0.15 else "get"

    def look() -> Any:
        with undone():
            answer = getattr(door.browser, method)(f"{door.url}{joint}{'&'.join(pairs)}", **headers)
            if getattr(answer, "streaming", False):
                answer.getvalue()
            return answer

    return look
