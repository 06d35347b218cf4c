"""How much drawing a page asks for: forms that draw forms ask for billions of strokes in a few bytes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject, StreamObject

from .limits import Limits
from .reader import as_dictionary, entry, name_in, refused, resolved

_DRAW = re.compile(rb"/([^\s\x00/<>\[\](){}%]+)[\s\x00]+Do(?![^\s\x00/<>\[\](){}%])")


def content_parts(page: DictionaryObject) -> Sequence[PdfObject]:
    """The page's content streams in order, as references or streams; what is no stream is left out."""
    raw = dict.get(page, "/Contents")
    value = resolved(raw)
    if isinstance(value, ArrayObject):
        return [part for part in value if isinstance(resolved(part), StreamObject)]
    return [raw] if raw is not None and isinstance(value, StreamObject) else []


def decoded(page: DictionaryObject) -> bytes:
    """The page's whole content. Raises what the parser raises: use inside the boundary."""
    parts = [resolved(part) for part in content_parts(page)]
    return b"\n".join(part.get_data() for part in parts if isinstance(part, StreamObject))


class Drawing:
    """Counts, for the pages of one file, how many XObjects are drawn when forms are drawn inside forms."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._known: dict[tuple[int, int], int] = {}
        self._read = limits.max_inflated_total

    def check_page(self, page: DictionaryObject) -> None:
        """Raises PdfRefused for content that cannot be decoded or that asks for too much."""
        resources = as_dictionary(dict.get(page, "/Resources"))
        if self._cost(self._counted(decoded(page)), resources, 0) > self._limits.max_draws:
            raise refused("too_complex")

    def _cost(self, names: Counter[bytes], resources: DictionaryObject, depth: int) -> int:
        """Draws that these names lead to, each counted as often as it happens."""
        if depth > self._limits.max_nesting:
            raise refused("too_complex")
        xobjects = as_dictionary(dict.get(resources, "/XObject"))
        total = 0
        for name, count in names.items():
            key = "/" + _as_parsed(NameObject.unnumber(name))
            total += count * self._of(dict.get(xobjects, key), resources, depth)
            if total > self._limits.max_draws:
                break
        return total

    def _of(self, raw: PdfObject | None, resources: DictionaryObject, depth: int) -> int:
        form = resolved(raw)
        if not isinstance(form, StreamObject) or name_in(form, "/Subtype") != "/Form":
            return 1
        key = (raw.idnum, raw.generation) if isinstance(raw, IndirectObject) else (id(form), -1)
        if key not in self._known:
            self._known[key] = 1  # a form that draws itself counts once: readers stop there
            own = entry(form, "/Resources")
            inner = own if isinstance(own, DictionaryObject) else resources
            self._known[key] = 1 + self._cost(self._counted(form.get_data()), inner, depth + 1)
        return self._known[key]

    def _counted(self, content: bytes) -> Counter[bytes]:
        self._read -= len(content)
        if self._read < 0:
            raise refused("too_complex")
        return Counter(_DRAW.findall(content))


def _as_parsed(name: bytes) -> str:
    """The name as the parser decodes the same bytes in a resource dictionary."""
    for encoding in NameObject.CHARSETS:
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("latin-1")
