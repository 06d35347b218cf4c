"""The engine's errors.

PdfError          any refusal by the engine: `code` is a slug, `message` a sentence for a person
├── PdfRefused    a file that cannot be taken (PDF or picture)
├── FieldError    a value that cannot go into its field; `field_key` names it
├── FieldsError   a list of field definitions with faults; `problems` lists them
└── SealError     a certificate, key or seal that cannot be used
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


class PdfError(Exception):
    """A refusal with a slug for programs (`code`) and a sentence for people (`message`, also str())."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __reduce__(self) -> tuple[type[PdfError], tuple[str, ...]]:
        return type(self), (self.code, self.message)


class PdfRefused(PdfError):
    """A file that the engine does not take."""


class FieldError(PdfError):
    """A value that does not belong into its field, or does not fit there."""

    def __init__(self, code: str, message: str, field_key: str = "") -> None:
        super().__init__(code, message)
        self.field_key = field_key

    def __reduce__(self) -> tuple[type[PdfError], tuple[str, ...]]:
        return type(self), (self.code, self.message, self.field_key)


@dataclass(frozen=True)
class Problem:
    """One fault in a list of field definitions: which field (from 0), which attribute, and what is wrong."""

    index: int
    name: str
    message: str

    def __iter__(self) -> Iterator[int | str]:
        return iter((self.index, self.name, self.message))


class FieldsError(PdfError):
    """Field definitions with faults; all of them are in `problems`."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        lines = [f"Field {problem.index + 1}, {problem.name}: {problem.message}" for problem in problems]
        super().__init__("bad_fields", "\n".join(lines))
        self.problems = problems

    def __reduce__(self) -> tuple[type[FieldsError], tuple[tuple[Problem, ...]]]:  # type: ignore[override]
        return type(self), (self.problems,)


class SealError(PdfError):
    """A certificate or key that cannot seal, or a file that cannot be sealed."""
