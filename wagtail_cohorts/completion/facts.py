"""What a certificate of completion says, as plain values: gathered once, then drawn, packed or shown in public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.signing.models import Act


@dataclass(frozen=True)
class Signature:
    """One act: who, when, how, and the fingerprints of what was shown and of what came of it."""

    role: str
    name: str
    position: str
    signed_at: datetime
    method: str
    seen_sha256: str
    result_sha256: str
    consent_sha256: str = ""
    consent_text: str = ""
    is_specimen: bool = False


@dataclass(frozen=True)
class SealedDocument:
    title: str
    version: int
    version_sha256: str
    sealed_sha256: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class UploadedDocument:
    name: str
    sha256: str
    approved_at: datetime | None


@dataclass(frozen=True)
class ChainHead:
    seq: int
    hash: str


@dataclass(frozen=True)
class Facts:
    institution: str
    colour: str
    student: str
    cohort: str
    programme: str
    sponsor: str
    sealed_at: datetime
    documents: tuple[SealedDocument, ...]
    uploads: tuple[UploadedDocument, ...]
    head: ChainHead
    code: str
    address: str
    seal_subject: str
    seal_fingerprint: str
    seal_is_self_issued: bool
    engine: str


def signatures_of(
    agreement: Agreement, acts: Sequence[Act], specimen_acts: Sequence[Act]
) -> tuple[Signature, ...]:
    """All acts that stand on a student's copy, in signing order: the institution's, on the specimen, first."""
    roles = {role.key: role.name for role in definition_of(agreement.version).roles}
    return tuple(
        [_signature(act, roles, is_specimen=True) for act in specimen_acts]
        + [_signature(act, roles, is_specimen=False) for act in acts]
    )


def _signature(act: Act, roles: Mapping[str, str], *, is_specimen: bool) -> Signature:
    position = ", ".join(part for part in (act.signer_position, act.signer_department) if part)
    return Signature(
        role=roles.get(act.role_key, act.role_key), name=act.signer_name, position=position, signed_at=act.signed_at,
        method=act.method if act.mark is None else act.mark.method, seen_sha256=act.seen_sha256,
        result_sha256=act.result_sha256, is_specimen=is_specimen,
        consent_sha256=act.consent.sha256 if act.consent else "", consent_text=act.consent.text if act.consent else "",
    )  # fmt: skip
