"""What an agreement looks like: its values and marks so far, filled into its version."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from wagtail_cohorts import pdf
from wagtail_cohorts.agreements.definitions import Definition, compiled, definition_of
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.sources import choice, resolve
from wagtail_cohorts.evidence.canonical import canonical_json, sha256_hex
from wagtail_cohorts.files.storage import read_shared
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
    """One agreement ready to render: its rows were read together with those of its batch."""

    agreement: Agreement
    definition: Definition
    values: dict[str, Any]
    acts: list[Act] = field(default_factory=list)
    own_acts: list[Act] = field(default_factory=list)
    """Acts on this very agreement; ``acts`` begins with those on the specimen."""

    @cached_property
    def marks(self) -> dict[str, pdf.Marks]:
        """Marks by role; their files are read when the first page is drawn."""
        return {act.role_key: marks_of(act.mark) for act in self.acts if act.mark}

    @cached_property
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
            compiled(self.agreement.version),
            {**self.values, **(values or {})},
            {**self.marks, **(marks or {})},
        )


def read_copy(agreement: Agreement) -> Copy:
    """All that stands on the agreement: sources, the institution's part, answers, marks of the signers."""
    return read_copies([agreement])[agreement.pk]


def read_copies(agreements: Sequence[Agreement]) -> dict[int, Copy]:
    """``read_copy`` for many, by id: the number of queries does not grow with them."""
    specimens = _specimens_of(agreements)
    acts = _acts_of([*specimens.values(), *agreements])
    return {one.pk: _copy(one, specimens.get((one.cohort_id, one.version_id)), acts) for one in agreements}


def _copy(agreement: Agreement, specimen: Agreement | None, all_acts: Mapping[int, list[Act]]) -> Copy:
    definition = definition_of(agreement.version)
    if agreement.is_specimen:
        specimen = None
    own = all_acts.get(agreement.pk, [])
    acts = [*(all_acts.get(specimen.pk, []) if specimen else []), *own]
    values = prefilled(agreement, definition)
    own_fields = {one.key for one in definition.fields if one.source.startswith("student.")}
    for source in (specimen, agreement):
        if source is not None:
            values.update(_fixed(source, but=own_fields if source is specimen else set()))
            for answers in source.values.values():
                values.update(answers)
    for act in acts:
        signer = Signer(act.signer_key, act.signer_name, act.signer_position, act.signer_department)
        values.update(written_by_signing(definition, act.role_key, day=act.signed_on, signer=signer))
    return Copy(agreement, definition, values, acts, own)


def _fixed(agreement: Agreement, *, but: Collection[str]) -> dict[str, Any]:
    """What a signer saw no longer follows a changed name or date; but a specimen knows no student, so the default
    that stands there for one is not the student's value."""
    return {key: value for key, value in agreement.fixed.items() if key not in but}


def _specimens_of(agreements: Sequence[Agreement]) -> dict[tuple[int, int], Agreement]:
    """The specimens of students' copies, by cohort and version."""
    students = [one for one in agreements if not one.is_specimen]
    if not students:
        return {}
    found = Agreement.objects.filter(
        cohort__in={one.cohort_id for one in students},
        version__in={one.version_id for one in students},
        subject_key=Agreement.SPECIMEN,
    )
    return {(one.cohort_id, one.version_id): one for one in found}


def _acts_of(agreements: Sequence[Agreement]) -> dict[int, list[Act]]:
    """Acts of each agreement's own revision, in their order."""
    revisions = {one.pk: one.revision for one in agreements}
    acts = Act.objects.filter(agreement__in=list(revisions)).order_by("pk")
    found: dict[int, list[Act]] = {}
    for act in acts.select_related("mark__signature", "mark__initials"):
        if act.revision == revisions[act.agreement_id]:
            found.setdefault(act.agreement_id, []).append(act)
    return found


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
        "signer.name": signer.name,
        "signer.position": signer.position,
        "signer.department": signer.department,
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
    initials = read_shared(mark.initials) if mark.initials is not None else None
    return pdf.Marks(signature=read_shared(mark.signature), initials=initials)
