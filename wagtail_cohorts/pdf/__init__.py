"""The PDF engine: the same few templates, filled and sealed many times. No Django; usable alone.

Sources: ISO 32000-2 (PDF 2.0) and ETSI EN 319 142-1 (PAdES). Modules name the clauses they follow.
"""

from __future__ import annotations

from .active import WORDS as ACTIVE_WORDS
from .credentials import Credentials, from_pkcs12, generate
from .errors import FieldError, FieldsError, PdfError, PdfRefused, Problem, SealError
from .fields import (
    Cell,
    Field,
    Option,
    clean_value,
    input_fields,
    mark_fields,
    parse_fields,
    roles_with_fields,
    rules,
)
from .fonts import missing_glyphs
from .geometry import PageGeometry
from .identity_number import sa_identity
from .images import ImageInfo, check_image, photo_to_pdf
from .inspect import Cleaned, Inspection, Page, clean, inspect, join
from .limits import DEFAULT, Limits
from .marks import Marks, mark_from_data_url, mark_from_png, mark_from_text
from .preview import page_image, page_sizes
from .seal import Sealer
from .stamp import Template, compile, engine_version, fill
from .verify import SealReport, verify

__all__ = [
    "ACTIVE_WORDS", "DEFAULT", "Cell", "Cleaned", "Credentials", "Field", "FieldError", "FieldsError",
    "ImageInfo", "Inspection", "Limits", "Marks", "Option", "Page", "PageGeometry", "PdfError",
    "PdfRefused", "Problem", "SealError", "SealReport", "Sealer", "Template", "check_image", "clean",
    "clean_value", "compile", "engine_version", "fill", "from_pkcs12", "generate", "input_fields",
    "inspect", "join", "mark_fields", "mark_from_data_url", "mark_from_png", "mark_from_text",
    "missing_glyphs", "page_image", "page_sizes", "parse_fields", "photo_to_pdf", "roles_with_fields",
    "rules", "sa_identity", "verify",
]  # fmt: skip
