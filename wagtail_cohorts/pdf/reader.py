"""Opening strangers' PDFs: the one boundary behind which whatever a parser raises becomes PdfRefused."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from pypdf import PdfReader, apply_configuration
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject

from .errors import PdfError, PdfRefused
from .limits import DEFAULT, Limits

INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")  # ISO 32000-2, table 31
_MAGIC = b"%PDF-"
_MESSAGES = {
    "empty": "The file is empty.",
    "not_a_pdf": "This is not a PDF file.",
    "too_large": "The PDF is too large. It may have at most {limit} MB.",
    "encrypted": "The PDF is protected with a password. Save a copy without protection and send that.",
    "damaged": "The PDF is damaged and cannot be read. Open it, print it to a new PDF, and send that.",
    "too_many_pages": "The PDF has too many pages. It may have at most {limit}.",
    "no_pages": "The PDF has no pages.",
    "too_complex": "The PDF is too complex to be handled safely. Print it to a new PDF, and send that.",
    "page_size": "Page {page} of the PDF has an impossible size.",
    "picture_too_large": "The PDF holds a picture with too many pixels. Make the picture smaller.",
}

logging.getLogger("pypdf").addHandler(logging.NullHandler())


def refused(code: str, **details: object) -> PdfRefused:
    return PdfRefused(code, _MESSAGES[code].format(**details))


@contextmanager
def boundary(code: str = "damaged") -> Iterator[None]:
    """Turn everything that is raised inside into PdfRefused; the engine's own errors pass."""
    try:
        yield
    except PdfError:
        raise
    except (RecursionError, MemoryError) as error:
        raise refused("too_complex") from error
    except Exception as error:
        raise refused("too_complex" if type(error).__name__ == "LimitReachedError" else code) from error


def check_bytes(data: bytes, limits: Limits = DEFAULT) -> None:
    """Refuse what is no PDF by its first bytes or is over the limit, before any parsing."""
    if not data:
        raise refused("empty")
    if not data.startswith(_MAGIC):
        raise refused("not_a_pdf")
    if len(data) > limits.max_bytes:
        raise refused("too_large", limit=limits.max_bytes // 1_000_000)


@contextmanager
def opened(data: bytes, limits: Limits = DEFAULT) -> Iterator[PdfReader]:
    """A reader on the bytes, inside the boundary, with the parser's own limits set for this context alone."""
    check_bytes(data, limits)
    with (
        boundary(),
        apply_configuration(
            maximum_declared_stream_length=limits.max_bytes,
            array_based_stream_maximum_output_length=limits.max_inflated,
            zlib_maximum_output_length=limits.max_inflated,
            zlib_maximum_recovery_input_length=1_000_000,
            lzw_maximum_output_length=limits.max_inflated,
            run_length_maximum_output_length=limits.max_inflated,
            brotli_maximum_output_length=limits.max_inflated,
            stream_decoding_work_maximum_length=3 * limits.max_inflated,
            stream_filters_maximum_length=6,
            jbig2dec_binary=None,
        ),
    ):
        reader = PdfReader(
            BytesIO(data),
            strict=False,
            root_object_recovery_limit=2_000,
            xref_stream_maximum_entries=2 * limits.max_objects,
        )
        if reader.is_encrypted:
            raise refused("encrypted")
        if not isinstance(reader.root_object, DictionaryObject):
            raise refused("damaged")
        yield reader


def resolved(value: PdfObject | None) -> PdfObject | None:
    """The value itself or what its reference leads to; a chain of references is followed four steps."""
    for _ in range(4):
        if not isinstance(value, IndirectObject):
            return value
        value = value.get_object()
    return None


def entry(holder: DictionaryObject, key: str) -> PdfObject | None:
    """The resolved value of a dictionary's entry, or None."""
    return resolved(dict.get(holder, key))


def name_in(holder: DictionaryObject, key: str) -> str:
    """The name under a key, with its solidus, or "" when there is none."""
    value = entry(holder, key)
    return str(value) if isinstance(value, NameObject) else ""


def as_dictionary(value: PdfObject | None) -> DictionaryObject:
    """The value if it is a dictionary, else an empty one."""
    found = resolved(value)
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def as_array(value: PdfObject | None) -> ArrayObject:
    """The value if it is an array, else an empty one."""
    found = resolved(value)
    return found if isinstance(found, ArrayObject) else ArrayObject()


def page_dictionaries(reader: PdfReader, limits: Limits = DEFAULT) -> list[DictionaryObject]:
    """The pages in order, each a copy with the attributes it inherits; walks the tree without recursion.

    A copy keeps its origin in `indirect_reference`.
    """
    pages: list[DictionaryObject] = []
    steps, seen = 0, set[int]()
    stack: list[tuple[PdfObject | None, DictionaryObject]] = [
        (dict.get(reader.root_object, "/Pages"), DictionaryObject())
    ]
    while stack:
        raw, inherited = stack.pop()
        steps += 1
        if steps > 20 * limits.max_pages:
            raise refused("too_complex")
        node = as_dictionary(raw)
        kids = entry(node, "/Kids")
        if isinstance(kids, ArrayObject):
            if id(node) in seen:
                raise refused("damaged")
            seen.add(id(node))
            if len(kids) > 20 * limits.max_pages:
                raise refused("too_many_pages", limit=limits.max_pages)
            passed = _with_inherited(node, inherited)
            stack.extend((kid, passed) for kid in reversed(kids))
        elif node and name_in(node, "/Type") != "/Pages":
            pages.append(_page_copy(node, raw, inherited))
            if len(pages) > limits.max_pages:
                raise refused("too_many_pages", limit=limits.max_pages)
    if not pages:
        raise refused("no_pages")
    return pages


def _with_inherited(node: DictionaryObject, inherited: DictionaryObject) -> DictionaryObject:
    passed = DictionaryObject(inherited)
    for key in INHERITED:
        if key in node:
            dict.__setitem__(passed, key, dict.get(node, key))
    return passed


def _page_copy(
    node: DictionaryObject, raw: PdfObject | None, inherited: DictionaryObject
) -> DictionaryObject:
    page = DictionaryObject()
    for source in (inherited, node):
        for key, value in dict.items(source):
            dict.__setitem__(page, key, value)
    if isinstance(raw, IndirectObject):
        page.indirect_reference = raw
    return page
