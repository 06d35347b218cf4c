"""What annotations and form fields show on a page, so that it can be kept when they are removed."""

from __future__ import annotations

from collections.abc import Iterable

from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NumberObject, PdfObject, StreamObject

from .geometry import Matrix, bounds, ordered
from .reader import as_array, as_dictionary, entry, name_in, resolved

_UNSEEN = 1 << 1 | 1 << 5  # hidden, no view (ISO 32000-2, table 167)
_NOT_DRAWN = ("/Popup", "/Link", "/FileAttachment", "/Sound", "/Movie", "/Screen", "/3D", "/RichMedia")
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


def visible_appearances(annotations: Iterable[DictionaryObject]) -> list[tuple[StreamObject, Matrix]]:
    """The appearance streams that a viewer shows, each with the matrix that puts it in its place."""
    found: list[tuple[StreamObject, Matrix]] = []
    for annotation in annotations:
        flags = entry(annotation, "/F")
        if isinstance(flags, NumberObject) and flags & _UNSEEN:
            continue
        if name_in(annotation, "/Subtype") in _NOT_DRAWN:
            continue
        appearance = _normal_appearance(annotation)
        rect = _numbers(entry(annotation, "/Rect"), 4)
        if appearance is not None and rect is not None:
            matrix = _placing(appearance, rect)
            if matrix is not None:
                found.append((appearance, matrix))
    return found


def _normal_appearance(annotation: DictionaryObject) -> StreamObject | None:
    normal = entry(as_dictionary(dict.get(annotation, "/AP")), "/N")
    if isinstance(normal, DictionaryObject) and not isinstance(normal, StreamObject):
        normal = entry(normal, name_in(annotation, "/AS"))
    return normal if isinstance(normal, StreamObject) else None


def _placing(appearance: StreamObject, rect: list[float]) -> Matrix | None:
    """Algorithm "appearance streams" of ISO 32000-2, 12.5.5: the transformed BBox is fitted into the Rect."""
    box = _numbers(entry(appearance, "/BBox"), 4)
    if box is None:
        return None
    own = _numbers(entry(appearance, "/Matrix"), 6)
    matrix: Matrix = (own[0], own[1], own[2], own[3], own[4], own[5]) if own else _IDENTITY
    x0, y0, x1, y1 = bounds(matrix, ordered(box))
    left, bottom, right, top = ordered(rect)
    if x1 - x0 <= 0 or y1 - y0 <= 0:
        return None
    sx, sy = (right - left) / (x1 - x0), (top - bottom) / (y1 - y0)
    return sx, 0, 0, sy, left - x0 * sx, bottom - y0 * sy


def _numbers(value: PdfObject | None, count: int) -> list[float] | None:
    if not isinstance(value, ArrayObject):
        return None
    items = [resolved(item) for item in as_array(value)]
    found = [float(item) for item in items if isinstance(item, (NumberObject, FloatObject))]
    return found if len(found) == count else None
