"""Judging the signatures in a PDF: whole or changed, by whom, when, and whether the signer is known here."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import parser, pem
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from .errors import SealError
from .limits import MADE
from .reader import check_bytes
from .seal import run

_CHANGES = {
    ModificationLevel.NONE: "Bytes were added that the seal does not cover.",
    ModificationLevel.LTA_UPDATES: "Only data that keeps signatures checkable was added.",
    ModificationLevel.FORM_FILLING: "Form fields were filled in or signatures added.",
    ModificationLevel.ANNOTATIONS: "Comments or marks were added.",
    ModificationLevel.OTHER: "The document was changed after it was sealed.",
}
_UNREADABLE = "The file is damaged and cannot be read."
_BROKEN = "The signature cannot be read."
_CHANGED = "The content is not what was sealed."
_UNKNOWN = "The signer's certificate is not known here."


for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True)
class SealReport:
    """One signature.

    `intact`: the bytes it covers are unchanged and the signature is right. `whole_file`: it covers every
    byte. `trusted`: its certificate is one of the trusted ones or was issued under one. `changes`: what was
    added since, in words. `problem`: the first thing that is wrong, in words, or "".
    """

    field: str
    intact: bool
    whole_file: bool
    trusted: bool
    signer: str
    certificate_sha256: str
    signed_at: datetime | None
    changes: str
    problem: str


def verify(data: bytes, trusted: Sequence[bytes] = ()) -> tuple[SealReport, ...]:
    """A report on each signature, oldest first; none for a PDF without signatures.

    `trusted` are certificates in PEM or DER; SealError is raised for one that cannot be read. For bytes that
    are no PDF it raises PdfRefused; a damaged PDF gives one report that says so.
    """
    check_bytes(data, MADE)
    roots = [_certificate(item) for item in trusted]
    try:
        reader = PdfFileReader(BytesIO(data), strict=False)
        signatures = list(reader.embedded_regular_signatures)
    except Exception:
        return (_failed("", _UNREADABLE),)
    return tuple(_report(signature, roots) for signature in signatures)


def _report(signature: EmbeddedPdfSignature, roots: Sequence[asn1.Certificate]) -> SealReport:
    try:
        name = str(signature.field_name)
        return _judged(signature, name, run(async_validate_pdf_signature(
            signature,
            signer_validation_context=ValidationContext(
                trust_roots=list(roots), allow_fetching=False, moment=signature.self_reported_timestamp
            ),
            key_usage_settings=KeyUsageConstraints(key_usage=set()),
        )))  # fmt: skip
    except Exception:
        return _failed("", _BROKEN)


def _judged(signature: EmbeddedPdfSignature, name: str, status: PdfSignatureStatus) -> SealReport:
    certificate = status.signing_cert
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and _nothing_beside(signature)
    intact = bool(status.intact and status.valid)
    changes = "" if whole else _CHANGES[status.modification_level or ModificationLevel.OTHER]
    problem = ""
    if not intact:
        problem = _CHANGED
    elif not whole and not _allowed(status):
        problem = changes
    elif not status.trusted:
        problem = _UNKNOWN
    return SealReport(
        field=name, intact=intact, whole_file=whole, trusted=bool(status.trusted),
        signer=_signer(certificate), certificate_sha256=hashlib.sha256(certificate.dump()).hexdigest(),
        signed_at=signature.self_reported_timestamp, changes=changes, problem=problem,
    )  # fmt: skip


def _allowed(status: PdfSignatureStatus) -> bool:
    """Whether what was added since is a proper revision that this signature permits."""
    level = status.modification_level
    return bool(status.docmdp_ok) and level not in (None, ModificationLevel.NONE, ModificationLevel.OTHER)


def _nothing_beside(signature: EmbeddedPdfSignature) -> bool:
    """Whether the room kept for the signature, which it cannot cover itself, holds zeros besides it."""
    contents = bytes(signature.pkcs7_content)
    return not contents[parser.peek(contents) :].strip(b"\0")


def _signer(certificate: asn1.Certificate) -> str:
    names = certificate.subject.native
    return ", ".join(str(names[key]) for key in ("common_name", "organization_name") if names.get(key))


def _failed(name: str, problem: str) -> SealReport:
    return SealReport(name, False, False, False, "", "", None, "", problem)


def _certificate(data: bytes) -> asn1.Certificate:
    try:
        der = pem.unarmor(data)[2] if pem.detect(data) else data
        certificate = asn1.Certificate.load(der)
        certificate.subject.native  # noqa: B018 - parsing happens on access
        return certificate
    except Exception as error:
        raise SealError("bad_certificate", "A trusted certificate cannot be read.") from error
