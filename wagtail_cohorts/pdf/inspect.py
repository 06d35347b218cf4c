"""Judging and cleaning PDFs that come from outside. Everything a parser raises becomes PdfRefused."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from .active import HARMLESS
from .document import Document
from .errors import PdfRefused
from .limits import DEFAULT, Limits
from .reader import opened


@dataclass(frozen=True)
class Page:
    """One page: its number from 1, and the visible, rotated page in points."""

    number: int
    width: float
    height: float
    rotation: int


@dataclass(frozen=True)
class Inspection:
    """What a PDF is: the SHA-256 of its bytes, its pages, and its active content (slugs of active.WORDS)."""

    sha256: str
    size: int
    pages: tuple[Page, ...]
    active: tuple[str, ...]


@dataclass(frozen=True)
class Cleaned:
    """A rewritten PDF of one revision; `inspection` is of the new bytes, `removed` what the old ones held."""

    data: bytes
    inspection: Inspection
    removed: tuple[str, ...]


def inspect(data: bytes, limits: Limits = DEFAULT) -> Inspection:
    """Read the whole file once and tell what it is. Raises PdfRefused."""
    with opened(data, limits) as reader:
        document = Document(limits)
        document.take(reader)
        active = tuple(sorted(document.removed - HARMLESS))
        return Inspection(hashlib.sha256(data).hexdigest(), len(data), pages_of(document), active)


def clean(data: bytes, limits: Limits = DEFAULT) -> Cleaned:
    """The same pages without anything that runs, loads, sends or can be filled in. Raises PdfRefused.

    Annotations and form fields keep their look and are gone otherwise. The same input gives the same bytes.
    """
    with opened(data, limits) as reader:
        document = Document(limits)
        document.take(reader)
        return _finished(document)


def join(sources: Sequence[bytes], limits: Limits = DEFAULT) -> bytes:
    """One clean PDF with the pages of all sources in order. Raises PdfRefused, naming the source."""
    document = Document(limits)
    for position, data in enumerate(sources, 1):
        try:
            with opened(data, limits) as reader:
                document.take(reader, keep_structure=len(sources) == 1)
        except PdfRefused as error:
            if len(sources) == 1:
                raise
            raise PdfRefused(error.code, f"File {position}: {error.message}") from error
    if not sources:
        raise PdfRefused("empty", "There is no file to join.")
    return _finished(document).data


def pages_of(document: Document) -> tuple[Page, ...]:
    """The pages of a document in the making, as `inspect` tells them."""
    return tuple(
        Page(number, round(draft.geometry.width, 3), round(draft.geometry.height, 3), draft.geometry.rotation)
        for number, draft in enumerate(document.pages, 1)
    )


def _finished(document: Document) -> Cleaned:
    root, info = document.finish()
    data = document.body.file(root=root, info=info)
    inspection = Inspection(hashlib.sha256(data).hexdigest(), len(data), pages_of(document), ())
    return Cleaned(data, inspection, tuple(sorted(document.removed)))
