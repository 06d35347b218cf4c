"""The public answer about a code or a file: who signed, when, and whether it was changed. Never a mere "false"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from wagtail_cohorts import clock, pdf
from wagtail_cohorts.completion.facts import Signature, signatures_of
from wagtail_cohorts.completion.models import ALPHABET, CompletionRecord
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.evidence.canonical import sha256_hex
from wagtail_cohorts.exceptions import Unavailable
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.institutions.models import Institution, SigningCertificate
from wagtail_cohorts.signing.models import Act

SEALED, SIGNED, CHANGED, UNKNOWN = "sealed", "signed", "changed", "unknown"
CODE_LENGTH = 20


@dataclass(frozen=True)
class Document:
    """One file: its fingerprint, and who signed it. ``is_asked`` marks the one that was sent."""

    title: str
    sha256: str
    sealed_at: datetime | None
    signatures: tuple[Signature, ...]
    is_asked: bool = False


@dataclass(frozen=True)
class Verdict:
    """``status``: sealed (ours, unchanged), signed (ours, before the seal), changed (after our seal), or unknown
    (nothing here knows it, which does not make it false). ``message`` says so in a sentence."""

    status: str
    message: str
    institution: str = ""
    student: str = ""
    cohort: str = ""
    completed_at: datetime | None = None
    code: str = ""
    documents: tuple[Document, ...] = ()
    seal_signer: str = ""
    seal_fingerprint: str = ""
    sealed_at: datetime | None = None


def verify_code(code: str) -> Verdict:
    """What a certificate's code stands for; dashes, spaces and lower case do not matter."""
    plain = re.sub(r"[\s\u2010-\u2015-]", "", code).upper() if len(code) <= 80 else ""
    record = None
    if len(plain) == CODE_LENGTH and set(plain) <= set(ALPHABET):
        record = CompletionRecord.objects.filter(code=plain).select_related("certificate").first()
    if record is None:
        return Verdict(UNKNOWN, _("We do not know this code. Check it letter by letter."))
    return _of_enrollment(
        record.enrollment_id,
        SEALED,
        _("This certificate is ours. These are the files that belong to it."),
        asked="",
    )


def verify_upload(data: bytes) -> Verdict:
    """What is known about a file. Raises nothing: whatever is sent gets a verdict."""
    digest = sha256_hex(data)
    found = _by_fingerprint(digest)
    return found if found is not None else _by_seal(data)


def _by_fingerprint(digest: str) -> Verdict | None:
    """The very bytes are kept here as a sealed file, a certificate, or a signed copy."""
    agreement = Agreement.objects.filter(sealed__sha256=digest, enrollment__isnull=False).first()
    if agreement is not None and agreement.enrollment_id is not None:
        message = _("This file is exactly what was sealed. Nothing was changed since.")
        return _of_enrollment(agreement.enrollment_id, SEALED, message, asked=digest)
    record = CompletionRecord.objects.filter(certificate__sha256=digest).first()
    if record is not None:
        message = _("This certificate is exactly what was sealed. Nothing was changed since.")
        return _of_enrollment(record.enrollment_id, SEALED, message, asked=digest)
    acts = Act.objects.filter(result_sha256=digest, agreement__enrollment__isnull=False)
    act = acts.select_related("agreement__enrollment__cohort", "agreement__institution").first()
    if act is None or act.agreement.enrollment is None:
        return None
    return _of_signed_copy(act, act.agreement.enrollment, asked=digest)


def _of_signed_copy(act: Act, enrollment: Enrollment, *, asked: str) -> Verdict:
    return Verdict(
        SIGNED, _("This is a signed copy from before the seal. Somebody may have signed after it."),
        institution=act.agreement.institution.name, student=enrollment.full_name, cohort=enrollment.cohort.name,
        documents=_signed_copy(act, asked=asked),
    )  # fmt: skip


def _of_enrollment(enrollment_id: int, status: str, message: str, *, asked: str) -> Verdict:
    record = CompletionRecord.objects.select_related(
        "certificate", "enrollment__cohort", "enrollment__institution"
    ).get(enrollment_id=enrollment_id)
    enrollment = record.enrollment
    seal = _seal_of(record.certificate) if record.certificate.erased_at is None else None
    return Verdict(
        status, message, institution=enrollment.institution.name, student=enrollment.full_name,
        cohort=enrollment.cohort.name, completed_at=record.completed_at, code=record.shown_code,
        documents=_documents(enrollment, asked=asked), seal_signer=seal.signer if seal else "",
        seal_fingerprint=seal.certificate_sha256 if seal else "", sealed_at=_time_of(seal),
    )  # fmt: skip


def _time_of(seal: pdf.SealReport | None) -> datetime | None:
    """As templates show the moments of our own rows: in the site's time, whether it uses time zones or not."""
    return clock.storable(seal.signed_at) if seal and seal.signed_at else None


def _seal_of(stored: StoredFile) -> pdf.SealReport | None:
    try:
        reports = pdf.verify(stored.read())
    except (pdf.PdfError, Unavailable):
        return None
    return reports[0] if reports else None


def _documents(enrollment: Enrollment, *, asked: str) -> tuple[Document, ...]:
    """A completed student's sealed files; ``asked`` marks the one that was sent."""
    agreements = enrollment.agreements.exclude(sealed=None).select_related("version", "sealed")
    return tuple(
        _document(one, _acts(one), one.sealed.sha256, asked=asked)
        for one in agreements.order_by("position", "pk")
        if one.sealed is not None
    )


def _signed_copy(act: Act, *, asked: str) -> tuple[Document, ...]:
    """The copy that this act made, with the acts it carries."""
    agreement = Agreement.objects.select_related("version").get(pk=act.agreement_id)
    earlier = Act.objects.filter(agreement=agreement, revision=act.revision, pk__lte=act.pk)
    acts = list(earlier.select_related("consent", "mark").order_by("pk"))
    return (_document(agreement, acts, asked, asked=asked),)


def _document(agreement: Agreement, acts: list[Act], digest: str, *, asked: str) -> Document:
    signatures = signatures_of(agreement, acts, _specimen_acts(agreement))
    is_sealed = agreement.sealed is not None and agreement.sealed.sha256 == digest
    sealed_at = agreement.sealed_at if is_sealed else None
    return Document(agreement.title, digest, sealed_at, signatures, is_asked=digest == asked)


def _acts(agreement: Agreement) -> list[Act]:
    acts = Act.objects.filter(agreement=agreement, revision=agreement.revision)
    return list(acts.select_related("consent", "mark").order_by("pk"))


def _specimen_acts(agreement: Agreement) -> list[Act]:
    specimen = Agreement.objects.filter(
        cohort_id=agreement.cohort_id, version_id=agreement.version_id, subject_key=Agreement.SPECIMEN
    ).first()
    return _acts(specimen) if specimen is not None else []


def _by_seal(data: bytes) -> Verdict:
    """Bytes that are not kept here: is there a seal of one of our institutions in them?"""
    unknown = Verdict(
        UNKNOWN, _("We do not know this file. It may still be genuine: ask whoever gave it to you.")
    )
    try:
        reports = pdf.verify(data)
    except pdf.PdfError:
        return Verdict(UNKNOWN, _("This file cannot be read as a PDF, so nothing can be said about it."))
    prints = [one.certificate_sha256 for one in reports if one.certificate_sha256]
    rows = SigningCertificate.objects.filter(fingerprint__in=prints).select_related("institution")
    owners = {row.fingerprint: row for row in rows}
    ours = next((one for one in reports if one.certificate_sha256 in owners), None)
    if ours is None:
        return unknown
    row = owners[ours.certificate_sha256]
    judged = pdf.verify(data, [row.certificate_pem.encode()])
    report = next(one for one in judged if one.certificate_sha256 == ours.certificate_sha256)
    return _sealed_elsewhere(report, row.institution, is_last=report == judged[-1])


def _sealed_elsewhere(report: pdf.SealReport, institution: Institution, *, is_last: bool) -> Verdict:
    status, words = (
        CHANGED,
        _("This file carries the seal of %s, but it is not what was sealed: it was changed."),
    )
    if report.intact and report.whole_file and is_last and not report.problem:
        status, words = (
            SEALED,
            _("%s sealed this file and it was not changed since. It is no longer kept here."),
        )
    return Verdict(
        status, words % institution.name, institution=institution.name, seal_signer=report.signer,
        seal_fingerprint=report.certificate_sha256, sealed_at=_time_of(report),
    )  # fmt: skip
