"""What a sponsor fills in once for all documents: its roles' inputs, asked by version, kept on each copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wagtail_cohorts import pdf
from wagtail_cohorts.exceptions import BadInput
from wagtail_cohorts.signing.answers import editable_fields
from wagtail_cohorts.signing.signable import Chosen
from wagtail_cohorts.texts import in_language


@dataclass(frozen=True)
class Asked:
    """One question; the answer goes on every copy of the version."""

    name: str
    version_id: int
    title: str
    role_key: str
    field: pdf.Field

    @property
    def label(self) -> str:
        return in_language(self.field.label) or self.field.key


def asked_fields(chosen: Chosen) -> list[Asked]:
    """The questions of the chosen agreements, each once a version; not what the act itself writes."""
    found: dict[str, Asked] = {}
    for rows in chosen.values():
        for agreement, roles in rows:
            for key in roles:
                for field in editable_fields(agreement, key):
                    if not field.source.startswith("signer."):
                        name = f"answer-{agreement.version_id}-{field.key}"
                        found.setdefault(name, Asked(name, agreement.version_id, agreement.title, key, field))
    return list(found.values())


def clean_asked(chosen: Chosen, raw: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """Version id to role to field to value. Raises BadInput naming the question, in the signer's words."""
    cleaned: dict[str, dict[str, dict[str, Any]]] = {}
    for asked in asked_fields(chosen):
        value = raw.get(asked.name, "")
        if value in ("", None, []):
            if asked.field.required:
                raise BadInput(_("“%s” is missing.") % asked.label, field=asked.name)
            continue
        try:
            kept = pdf.clean_value(asked.field, value)
        except pdf.FieldError as error:
            raise BadInput(str(error), field=asked.name) from error
        cleaned.setdefault(str(asked.version_id), {}).setdefault(asked.role_key, {})[asked.field.key] = kept
    return cleaned
