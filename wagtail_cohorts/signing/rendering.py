"""What an agreement looks like: its values and marks so far, filled into its version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wagtail_cohorts import pdf
from wagtail_cohorts.agreements.definitions import Definition, compiled, definition_of
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.sources import choice, resolve
from wagtail_cohorts.evidence.canonical import canonical_json, sha256_hex
from wagtail_cohorts.signing.models import Act, Mark


@dataclass(frozen=True)
class Signer:
    """Who signs, as the record keeps it."""

    key: str
    name: str
    position: str = ""
    department: str = ""


@dataclass
class Copy:
    """One agreement ready to render: reads happen once, so that a bulk job renders without asking again."""

    agreement: Agreement
    definition: Definition
    values: dict[str, Any]
    marks: dict[str, pdf.Marks]
    acts: list[Act] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """Changes with anything that the next signer would see: revision, values, acts."""
        acts = [[act.role_key, act.result_sha256] for act in self.acts]
        state = {"revision": self.agreement.revision, "values": self.values, "acts": acts}
        return sha256_hex(canonical_json(state))

    def render(
        self, *, values: Mapping[str, Any] | None = None, marks: Mapping[str, pdf.Marks] | None = None
    ) -> bytes:
        """The PDF with more values or marks than are kept yet. Raises pdf.FieldError."""
        return pdf.fill(
            compiled(self.agreement.version), {**self.values, **(values or {})}, {**self.marks, **(marks or {})}
        )


def read_copy(agreement: Agreement) -> Copy:
    """Everything that stands on the agreement: sources, the institution's part, answers, marks of those who acted."""
    definition = definition_of(agreement.version)
    specimen = None if agreement.is_specimen else _specimen_of(agreement)
    acts = [*(_acts(specimen) if specimen else []), *_acts(agreement)]
    values = prefilled(agreement, definition)
    for source in (specimen, agreement):
        for answers in (source.values if source else {}).values():
            values.update(answers)
    for act in acts:
        signer = Signer(act.signer_key, act.signer_name, act.signer_position, act.signer_department)
        values.update(written_by_signing(definition, act.role_key, day=act.signed_on, signer=signer))
    return Copy(agreement, definition, values, {act.role_key: marks_of(act.mark) for act in acts if act.mark}, acts)


def _specimen_of(agreement: Agreement) -> Agreement | None:
    return Agreement.objects.filter(
        cohort_id=agreement.cohort_id, version_id=agreement.version_id, subject_key=Agreement.SPECIMEN
    ).first()


def _acts(agreement: Agreement) -> list[Act]:
    acts = Act.objects.filter(agreement=agreement, revision=agreement.revision)
    return list(acts.select_related("mark__signature", "mark__initials").order_by("pk"))


def prefilled(agreement: Agreement, definition: Definition) -> dict[str, Any]:
    """Values that come from the student, cohort, sponsor or institution, and defaults."""
    found = {one.key: _source_value(one, agreement) or one.default for one in definition.fields}
    return {key: value for key, value in found.items() if value != ""}


def _source_value(one: pdf.Field, agreement: Agreement) -> str:
    if not one.source:
        return ""
    if one.options:
        return choice(one.source, agreement.enrollment)
    return resolve(one.source, cohort=agreement.cohort, enrollment=agreement.enrollment)


def written_by_signing(definition: Definition, role_key: str, *, day: date, signer: Signer) -> dict[str, str]:
    """What the act itself fills in: the date signed, and the signer's name, position and department."""
    signer_values = {
        "signer.name": signer.name, "signer.position": signer.position, "signer.department": signer.department,
    }
    written: dict[str, str] = {}
    for one in definition.fields:
        if one.role != role_key:
            continue
        if one.type == "date_signed":
            written[one.key] = day.isoformat()
        elif signer_values.get(one.source):
            written[one.key] = signer_values[one.source]
    return written


def marks_of(mark: Mark) -> pdf.Marks:
    return pdf.Marks(
        signature=mark.signature.read(), initials=mark.initials.read() if mark.initials is not None else None
    )
