"""Checking everything that is kept: chains, stored bytes, seals, and that acts, files and events tell one story."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from wagtail_cohorts import pdf
from wagtail_cohorts.completion.lookup import Verdict, verify_code, verify_upload
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.evidence.models import Event, Stream
from wagtail_cohorts.evidence.verification import verify_stream
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.institutions.models import SigningCertificate
from wagtail_cohorts.signing.models import Act

__all__ = ["Report", "Verdict", "verify_code", "verify_everything", "verify_upload"]

CHUNK = 500


@dataclass
class Report:
    """How much was checked, and a sentence for each thing that does not fit."""

    streams: int = 0
    events: int = 0
    files: int = 0
    seals: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        return not self.problems


def verify_everything(institution_id: Any = None) -> Report:
    """Check all of one institution, or of all. Reads every byte that is kept; changes nothing."""
    only = Q() if institution_id is None else Q(institution_id=institution_id)
    report = Report()
    _check_chains(report, only)
    _check_files(report, only)
    _check_seals(report, only)
    report.problems += _act_problems(only)
    report.problems += _event_problems(only)
    return report


def _check_chains(report: Report, only: Q) -> None:
    for stream in Stream.objects.filter(only).order_by("pk").iterator(chunk_size=CHUNK):
        chain = verify_stream(stream)
        report.streams += 1
        report.events += chain.events
        if chain.problem:
            report.problems.append(f"chain {chain.stream_key}, event {chain.bad_seq}: {chain.problem}")


def _check_files(report: Report, only: Q) -> None:
    for stored in StoredFile.objects.filter(only, erased_at=None).order_by("pk").iterator(chunk_size=CHUNK):
        report.files += 1
        problem = file_problem(stored)
        if problem:
            report.problems.append(f"file {stored.pk} ({stored.sha256[:12]}): {problem}")


def file_problem(stored: StoredFile) -> str:
    """What is wrong with a stored file's bytes; empty when they are what was stored."""
    digest, size = hashlib.sha256(), 0
    try:
        with stored.open() as handle:
            while piece := handle.read(1 << 20):
                digest.update(piece)
                size += len(piece)
    except (OSError, ValueError):
        return "it is missing"
    if size != stored.size or digest.hexdigest() != stored.sha256:
        return "its bytes were changed"
    return ""


def _check_seals(report: Report, only: Q) -> None:
    trusted: dict[int, list[bytes]] = {}
    for label, stored in _sealed_files(only):
        if stored.institution_id not in trusted:
            trusted[stored.institution_id] = certificates_of(stored.institution_id)
        report.seals += 1
        problem = _seal_problem(stored, trusted[stored.institution_id])
        if problem:
            report.problems.append(f"seal of {label}: {problem}")


def _sealed_files(only: Q) -> Iterator[tuple[str, StoredFile]]:
    agreements = Agreement.objects.filter(only, sealed__isnull=False, sealed__erased_at=None)
    for row in agreements.select_related("sealed").order_by("pk").iterator(chunk_size=CHUNK):
        yield f"agreement {row.uuid}", row.sealed
    records = CompletionRecord.objects.filter(only, certificate__erased_at=None)
    for one in records.select_related("certificate").order_by("pk").iterator(chunk_size=CHUNK):
        yield f"certificate {one.pk}", one.certificate


def certificates_of(institution_id: int) -> list[bytes]:
    """All certificates with which the institution ever sealed."""
    rows = SigningCertificate.objects.filter(institution_id=institution_id)
    return [pem.encode() for pem in rows.values_list("certificate_pem", flat=True)]


def _seal_problem(stored: StoredFile, trusted: list[bytes]) -> str:
    try:
        reports = pdf.verify(stored.read(), trusted)
    except (pdf.PdfError, OSError, ValueError) as error:
        return f"it cannot be read ({type(error).__name__})"
    if not reports:
        return "there is none"
    return next(
        (one.problem or "it does not cover the whole file" for one in reports if not _is_good(one)), ""
    )


def _is_good(one: pdf.SealReport) -> bool:
    return one.intact and one.whole_file and one.trusted and not one.problem


def _act_problems(only: Q) -> Iterator[str]:
    """Acts whose file is another than they say, and acts and events that do not match one to one."""
    told = {_told(event) for event in _events("agreement.signed", only)}
    for act in Act.objects.filter(only).select_related("agreement", "result").iterator(chunk_size=CHUNK):
        if act.result_sha256 != act.result.sha256:
            yield f"act {act.pk}: its file is not the one that was signed"
        key = (str(act.agreement.uuid), act.revision, act.role_key, act.seen_sha256, act.result_sha256)
        if key not in told:
            yield f"act {act.pk}: the record does not tell of it"
        told.discard(key)
    for agreement, revision, role, *_digests in sorted(told):
        yield f"agreement {agreement}: the act of “{role}” (revision {revision}) is missing"


def _told(event: Event) -> tuple[str, int, str, str, str]:
    data = event.data["data"]
    return data["agreement"], data["revision"], data["role"], data["seen"], data["result"]


def _events(name: str, only: Q) -> Iterator[Event]:
    scope = Q(**{f"stream__{path}": value for path, value in only.children})
    yield from Event.objects.filter(scope, name=name).order_by("pk").iterator(chunk_size=CHUNK)


def _event_problems(only: Q) -> Iterator[str]:
    """Sealed agreements and certificates are the ones that the record tells of."""
    sealed = {
        event.data["data"]["agreement"]: event.data["data"]["sealed"]
        for event in _events("agreement.sealed", only)
    }
    for uuid, digest in Agreement.objects.filter(only, sealed__isnull=False).values_list(
        "uuid", "sealed__sha256"
    ):
        if sealed.pop(str(uuid), None) != digest:
            yield f"agreement {uuid}: its sealed file is not the one that the record tells of"
    yield from (f"agreement {uuid}: its sealed file is missing" for uuid in sealed)
    done = {
        event.data["data"]["enrollment"]: event.data["data"]["certificate"]
        for event in _events("enrollment.completed", only)
    }
    records = CompletionRecord.objects.filter(only).values_list("enrollment__uuid", "certificate__sha256")
    for uuid, digest in records:
        if done.pop(str(uuid), None) != digest:
            yield f"student {uuid}: the certificate is not the one that the record tells of"
    yield from (f"student {uuid}: the certificate is missing" for uuid in done)
