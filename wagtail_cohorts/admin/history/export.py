"""A history as CSV: every event that the filters show, with its place and fingerprints in the chain."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wagtail_cohorts.admin.activity import Told, told_of
from wagtail_cohorts.admin.history.filters import ACTORS
from wagtail_cohorts.admin.spreadsheets import harmless
from wagtail_cohorts.evidence.canonical import utc_text
from wagtail_cohorts.evidence.models import Event

CHUNK = 500
BYTE_ORDER_MARK = "\ufeff"


def headings() -> list[str]:
    return [
        _("Time (UTC)"), _("What happened"), _("Who"), _("Kind"), _("Student"), _("Reason"), _("Details erased"),
        _("Event"), _("Chain"), _("Place"), "SHA-256", _("SHA-256 of the event before"),
    ]  # fmt: skip


def csv_lines(events: QuerySet[Event]) -> Iterator[bytes]:
    """In pieces, so that memory stays flat; Excel knows the encoding by the mark at the beginning."""
    yield BYTE_ORDER_MARK.encode() + _line(headings())
    rows = events.iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        yield b"".join(_line(_cells(one)) for one in told_of(chunk))


def _cells(one: Told) -> list[Any]:
    event = one.event
    return [
        utc_text(event.recorded_at)[:19].replace("T", " "), one.text, one.who,
        str(dict(ACTORS).get(one.payload["actor"], one.payload["actor"])), one.student, one.reason,
        _("yes") if one.is_erased else "", event.name, event.stream.key, event.seq, event.hash, event.previous_hash,
    ]  # fmt: skip


def _line(cells: list[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([harmless(cell) for cell in cells])
    return buffer.getvalue().encode()
