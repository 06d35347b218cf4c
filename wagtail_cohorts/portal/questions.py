"""What a page asks, ready to draw: one shape for a student's details and for an agreement's fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from wagtail_cohorts import pdf
from wagtail_cohorts.texts import in_language

KINDS = {
    "multiline": "textarea", "checkbox": "checkbox", "radio": "radio", "select": "select", "date": "date",
    "phone": "tel", "email": "email",
}  # fmt: skip
NUMERIC = ("number", "national_id")
AUTOCOMPLETE = {
    "student.first_name": "given-name", "student.last_name": "family-name", "student.full_name": "name",
    "student.email": "email", "student.phone": "tel", "student.birth_date": "bday",
    "student.city": "address-level2",
}  # fmt: skip


@dataclass
class Question:
    """``id`` is unique on the page; ``name`` is the form's; ``key`` is what the saving script sends."""

    id: str
    name: str
    label: str
    kind: str = "text"
    key: str = ""
    help: str = ""
    value: Any = ""
    error: str = ""
    required: bool = False
    options: list[tuple[str, str]] = field(default_factory=list)
    maxlength: int | None = None
    inputmode: str = ""
    autocomplete: str = ""

    @property
    def described_by(self) -> str:
        return " ".join([f"{self.id}-h"] * bool(self.help) + [f"{self.id}-e"] * bool(self.error))

    @property
    def is_short(self) -> bool:
        return self.kind == "date" or (self.maxlength or 99) <= 16


def question_of(one: pdf.Field, *, value: Any, error: str = "") -> Question:
    """An agreement's field as a question."""
    rules = pdf.rules(one)
    return Question(
        id=f"f-{one.key}", name=f"f-{one.key}", key=one.key,
        label=in_language(one.label) or one.key, help=in_language(one.help),
        kind=KINDS.get(one.type, "text"), value=value, error=error,
        required=one.required, maxlength=rules.get("maxlength") or rules.get("cells"),
        options=[(option.value, in_language(option.label) or option.value) for option in one.options],
        inputmode="numeric" if one.type in NUMERIC else "", autocomplete=AUTOCOMPLETE.get(one.source, ""),
    )  # fmt: skip


def posted(fields: list[pdf.Field], data: QueryDict) -> dict[str, Any]:
    """What a plain form sent for these fields; an empty box is an answer, a field that is not there is none."""
    found: dict[str, Any] = {}
    for one in fields:
        name = f"f-{one.key}"
        if one.type == "checkbox":
            found[one.key] = True if data.get(name) else ""
        elif name in data:
            found[one.key] = data.get(name, "")
    return found


def texts_only(values: Any) -> dict[str, Any]:
    """What a script sent, kept to the shapes that a field takes."""
    if not isinstance(values, Mapping):
        return {}
    kept = {key: value for key, value in values.items() if isinstance(value, str | bool)}
    return {key: "" if value is False else value for key, value in kept.items()}


def missing_note() -> str:
    return _("This is still missing.")
