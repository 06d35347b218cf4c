"""The institution's fields of one specimen as plain inputs, made from the field definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wagtail_cohorts import pdf
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.signing.answers import editable_fields, save_answers
from wagtail_cohorts.signing.institution import institution_roles
from wagtail_cohorts.signing.rendering import prefilled
from wagtail_cohorts.texts import in_language

INPUT_TYPES = {"email": "email", "phone": "tel", "number": "text", "date": "date"}


@dataclass(frozen=True)
class Input:
    """One input: what it is called, what it holds and what is wrong with it."""

    field: pdf.Field
    name: str
    value: Any
    error: str

    @property
    def label(self) -> str:
        return in_language(self.field.label) or self.field.key

    @property
    def help(self) -> str:
        return in_language(self.field.help)

    @property
    def kind(self) -> str:
        """Which template part draws it."""
        if self.field.type in ("multiline", "checkbox"):
            return self.field.type
        return "choice" if self.field.type in ("radio", "select") else "text"

    @property
    def input_type(self) -> str:
        return INPUT_TYPES.get(self.field.type, "text")

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        return [
            (one.value, in_language(one.label) or one.value, str(self.value) == one.value)
            for one in self.field.options
        ]

    @property
    def maxlength(self) -> Any:
        return pdf.rules(self.field).get("maxlength")


def input_name(agreement: Agreement, role_key: str, field: pdf.Field) -> str:
    return f"{agreement.uuid}.{role_key}.{field.key}"


def inputs_of(specimen: Agreement, *, typed: Mapping[str, Any], errors: Mapping[str, str]) -> list[Input]:
    """The inputs of all institution roles; what was typed wrongly stays as it was typed."""
    start, found = prefilled(specimen, definition_of(specimen.version)), []
    for role_key in institution_roles(specimen):
        kept = {**start, **specimen.values.get(role_key, {})}
        for field in editable_fields(specimen, role_key):
            name = input_name(specimen, role_key, field)
            value = typed[name] if name in errors and name in typed else kept.get(field.key, "")
            found.append(Input(field, name, value, errors.get(name, "")))
    return found


def save_inputs(specimen: Agreement, posted: Any, *, actor: Any) -> dict[str, str]:
    """Keep what is fine; return the sentences for what is not, by input name."""
    errors: dict[str, str] = {}
    for role_key in institution_roles(specimen):
        fields = editable_fields(specimen, role_key)
        names = {field.key: input_name(specimen, role_key, field) for field in fields}
        raw = {field.key: _posted(posted, names[field.key], field) for field in fields}
        found = save_answers(specimen, role_key, raw, actor=actor)
        errors |= {names[key]: sentence for key, sentence in found.items()}
    return errors


def _posted(posted: Any, name: str, field: pdf.Field) -> Any:
    if field.type == "checkbox":
        return "true" if posted.get(name) else ""
    return posted.get(name, "")
