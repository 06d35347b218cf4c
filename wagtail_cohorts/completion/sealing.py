"""Making one student's sealed files: agreements, certificate and package. Outside any transaction; may run twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from wagtail_cohorts import clock, pdf
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.completion.certificate import build_certificate
from wagtail_cohorts.completion.facts import (
    ChainHead,
    Facts,
    SealedDocument,
    UploadedDocument,
    signatures_of,
)
from wagtail_cohorts.completion.models import shown_code
from wagtail_cohorts.completion.packages import (
    StudentFiles,
    approved_uploads,
    audit_trails,
    entries_of,
    student_folder,
)
from wagtail_cohorts.conf import settings
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.states import AgreementState
from wagtail_cohorts.evidence.canonical import sha256_hex
from wagtail_cohorts.evidence.models import Stream
from wagtail_cohorts.exceptions import Changed, WrongState
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.files.packing import store_zip
from wagtail_cohorts.files.storage import store_all
from wagtail_cohorts.institutions.operations import credentials_of
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.uploads.models import Upload

PDF_TYPE = "application/pdf"


@dataclass(frozen=True)
class Workshop:
    """What all items of one batch share: read once a process, the key above all."""

    cohort: Cohort
    sealer: pdf.Sealer
    subject: str
    fingerprint: str
    is_self_issued: bool
    specimen_acts: Mapping[int, tuple[Act, ...]]
    moment: datetime


@lru_cache(maxsize=4)
def workshop_of(batch_uuid: str) -> Workshop:
    batch = Batch.objects.get(uuid=batch_uuid)
    cohort = Cohort.objects.select_related("institution", "programme", "sponsor").get(
        pk=batch.params["cohort"]
    )
    credentials = credentials_of(cohort.institution, actor=SYSTEM_ACTOR)
    certificate = credentials.certificate
    return Workshop(
        cohort=cohort, sealer=pdf.Sealer(credentials), subject=credentials.subject,
        fingerprint=credentials.fingerprint, is_self_issued=certificate.issuer == certificate.subject,
        specimen_acts=_specimen_acts(cohort), moment=batch.created_at,
    )  # fmt: skip


def _specimen_acts(cohort: Cohort) -> dict[int, tuple[Act, ...]]:
    acts = Act.objects.filter(agreement__cohort=cohort, agreement__subject_key=Agreement.SPECIMEN)
    found: dict[int, tuple[Act, ...]] = {}
    for act in acts.select_related("agreement", "consent", "mark").order_by("pk"):
        if act.revision == act.agreement.revision:
            key = act.agreement.version_id
            found[key] = (*found.get(key, ()), act)
    return found


def seal_student(item: BatchItem) -> dict[str, Any]:
    """Seal and keep one student's files; return their ids and what they were made from. Raises Changed."""
    shop = workshop_of(str(item.batch.uuid))
    head = Stream.objects.get(
        key=f"enrollment:{item.key}"
    )  # before what it stands for: later changes move it
    enrollment = Enrollment.objects.get(uuid=item.key, cohort=shop.cohort)
    with translation.override(shop.cohort.institution.language):
        signed = signed_agreements(enrollment)
        uploads = approved_uploads(enrollment, language=shop.cohort.institution.language)
        sealed = [_seal_agreement(agreement, file, shop) for agreement, file in signed]
        documents = _documents([agreement for agreement, _file in signed], sealed, shop)
        facts = _facts(enrollment, shop, documents, uploads, head=head, code=item.params["code"])
        certificate = _seal(build_certificate(facts), shop, reason=_("Certificate of completion"))
    *files, certificate_file = store_all(
        [*sealed, certificate], institution_id=shop.cohort.institution_id, content_type=PDF_TYPE
    )
    titled = [(agreement.title, file) for (agreement, _signed), file in zip(signed, files, strict=True)]
    package = _package(enrollment, shop, titled, uploads, certificate_file)
    return {
        "head": head.head_hash, "certificate": [certificate_file.pk, certificate_file.sha256],
        "package": [package.pk, package.sha256],
        "agreements": [
            {"id": agreement.pk, "current": file.pk, "signed": file.sha256, "file": made.pk, "sealed": made.sha256}
            for (agreement, file), made in zip(signed, files, strict=True)
        ],
    }  # fmt: skip


def signed_agreements(enrollment: Enrollment) -> list[tuple[Agreement, StoredFile]]:
    """The student's agreements with the signed files. Raises WrongState while a signature is missing."""
    rows = enrollment.agreements.exclude(state=AgreementState.VOID).order_by("position", "pk")
    found = []
    for one in rows.select_related("version", "current"):
        if one.state != AgreementState.SIGNED or one.current is None:
            raise WrongState(_("“%s” is not signed by everybody yet.") % one.title)
        found.append((one, one.current))
    return found


def _seal_agreement(agreement: Agreement, signed: StoredFile, shop: Workshop) -> bytes:
    data = signed.read()
    if sha256_hex(data) != signed.sha256:
        raise Changed(
            _("The file of “%s” is not what was signed. Run the check of all files.") % agreement.title
        )
    return _seal(data, shop, reason=_("Signed by everybody; sealed by %s") % shop.cohort.institution.name)


def _seal(data: bytes, shop: Workshop, *, reason: str) -> bytes:
    return shop.sealer.seal(data, reason=reason, location="", moment=clock.local())


def _documents(
    agreements: Sequence[Agreement], sealed: Sequence[bytes], shop: Workshop
) -> tuple[SealedDocument, ...]:
    acts = _acts_of(agreements)
    return tuple(
        SealedDocument(
            title=one.title, version=one.version.number, version_sha256=one.version.pdf_sha256,
            sealed_sha256=sha256_hex(data),
            signatures=signatures_of(one, acts.get(one.pk, []), shop.specimen_acts.get(one.version_id, ())),
        )
        for one, data in zip(agreements, sealed, strict=True)
    )  # fmt: skip


def _facts(
    enrollment: Enrollment,
    shop: Workshop,
    documents: tuple[SealedDocument, ...],
    uploads: Sequence[tuple[str, Upload]],
    *,
    head: Stream,
    code: str,
) -> Facts:
    cohort = shop.cohort
    return Facts(
        institution=cohort.institution.name, colour=cohort.institution.colour, student=enrollment.full_name,
        cohort=cohort.name, programme=cohort.programme.name, sponsor=cohort.sponsor.name, sealed_at=timezone.now(),
        documents=documents, head=ChainHead(head.head_seq, head.head_hash), code=shown_code(code),
        uploads=tuple(UploadedDocument(name, row.file.sha256, row.decided_at) for name, row in uploads),
        address=verification_address(), seal_subject=shop.subject, seal_fingerprint=shop.fingerprint,
        seal_is_self_issued=shop.is_self_issued, engine=pdf.engine_version(),
    )  # fmt: skip


def _acts_of(agreements: Sequence[Agreement]) -> dict[int, list[Act]]:
    revisions = {one.pk: one.revision for one in agreements}
    found: dict[int, list[Act]] = {}
    for act in Act.objects.filter(agreement__in=revisions).select_related("consent", "mark").order_by("pk"):
        if act.revision == revisions[act.agreement_id]:
            found.setdefault(act.agreement_id, []).append(act)
    return found


def verification_address() -> str:
    """The public page on which anybody checks a code or a file."""
    try:
        path = reverse("wagtail_cohorts:verify")
    except NoReverseMatch:  # the host has not included our public pages
        return settings.BASE_URL
    return settings.BASE_URL + path


def _package(
    enrollment: Enrollment,
    shop: Workshop,
    agreements: list[tuple[str, StoredFile]],
    uploads: Sequence[tuple[str, Upload]],
    certificate: StoredFile,
) -> StoredFile:
    files = StudentFiles(
        name=student_folder(enrollment),
        agreements=agreements,
        uploads=[(name, row.file) for name, row in uploads],
        certificate=certificate,
        audit_trail=audit_trails([enrollment.stream_key])[enrollment.stream_key],
    )
    entries = entries_of(files, folder=files.name)
    return store_zip(entries, institution_id=shop.cohort.institution_id, moment=shop.moment)
