"""Checking everything that is kept: chains, stored bytes, seals, and that acts, files and events tell one story."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from wagtail_cohorts import pdf
from wagtail_cohorts.completion.lookup import Verdict, verify_code, verify_upload
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.evidence.models import Event, Stream
from wagtail_cohorts.evidence.verification import verify_stream
from wagtail_cohorts.exceptions import Unavailable
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
    only = None if institution_id is None else int(institution_id)
    report = Report()
    _check_chains(report, only)
    _check_files(report, only)
    _check_seals(report, only)
    report.problems += _act_problems(only)
    report.problems += _event_problems(only)
    return report


def _each(rows: QuerySet[Any], only: int | None, path: str = "institution_id") -> Iterator[Any]:
    """The rows of one institution, or of all, read in pieces."""
    scoped = rows if only is None else rows.filter(**{path: only})
    return iter(scoped.order_by("pk").iterator(chunk_size=CHUNK))


def _check_chains(report: Report, only: int | None) -> None:
    for stream in _each(Stream.objects.all(), only):
        chain = verify_stream(stream)
        report.streams += 1
        report.events += chain.events
        if chain.problem:
            report.problems.append(f"chain {chain.stream_key}, event {chain.bad_seq}: {chain.problem}")


def _check_files(report: Report, only: int | None) -> None:
    for stored in _each(StoredFile.objects.filter(erased_at=None), only):
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
    except (Unavailable, OSError, ValueError):
        return "it is missing"
    if size != stored.size or digest.hexdigest() != stored.sha256:
        return "its bytes were changed"
    return ""


def _check_seals(report: Report, only: int | None) -> None:
    trusted: dict[int, list[bytes]] = {}
    for label, stored in _sealed_files(only):
        if stored.institution_id not in trusted:
            trusted[stored.institution_id] = certificates_of(stored.institution_id)
        report.seals += 1
        problem = _seal_problem(stored, trusted[stored.institution_id])
        if problem:
            report.problems.append(f"seal of {label}: {problem}")


def _sealed_files(only: int | None) -> Iterator[tuple[str, StoredFile]]:
    agreements = Agreement.objects.filter(sealed__isnull=False, sealed__erased_at=None)
    for row in _each(agreements.select_related("sealed"), only):
        yield f"agreement {row.uuid}", row.sealed
    records = CompletionRecord.objects.filter(certificate__erased_at=None)
    for one in _each(records.select_related("certificate"), only):
        yield f"certificate {one.pk}", one.certificate


def certificates_of(institution_id: int) -> list[bytes]:
    """All certificates with which the institution ever sealed."""
    rows = SigningCertificate.objects.filter(institution_id=institution_id)
    return [pem.encode() for pem in rows.values_list("certificate_pem", flat=True)]


def _seal_problem(stored: StoredFile, trusted: list[bytes]) -> str:
    try:
        reports = pdf.verify(stored.read(), trusted)
    except (pdf.PdfError, Unavailable, OSError, ValueError) as error:
        return f"it cannot be read ({type(error).__name__})"
    if not reports:
        return "there is none"
    return next(
        (one.problem or "it does not cover the whole file" for one in reports if not _is_good(one)), ""
    )


def _is_good(one: pdf.SealReport) -> bool:
    return one.intact and one.whole_file and one.trusted and not one.problem


def _act_problems(only: int | None) -> Iterator[str]:
    """Acts whose file is another than they say, and acts and events that do not match one to one."""
    told = {_told(event) for event in _events("agreement.signed", only)}
    for act in _each(Act.objects.select_related("agreement", "result"), only):
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


def _events(name: str, only: int | None) -> Iterator[Event]:
    return _each(Event.objects.filter(name=name), only, "stream__institution_id")


def _event_problems(only: int | None) -> Iterator[str]:
    """Sealed agreements and certificates are the ones that the record tells of."""
    agreements = Agreement.objects.filter(sealed__isnull=False).select_related("sealed")
    kept = {str(row.uuid): row.sealed.sha256 for row in _each(agreements, only)}
    yield from _differences("agreement", kept, _digests("agreement.sealed", "agreement", "sealed", only))
    records = CompletionRecord.objects.select_related("enrollment", "certificate")
    kept = {str(row.enrollment.uuid): row.certificate.sha256 for row in _each(records, only)}
    yield from _differences(
        "student", kept, _digests("enrollment.completed", "enrollment", "certificate", only)
    )


def _digests(name: str, subject: str, digest: str, only: int | None) -> dict[str, str]:
    found = (event.data["data"] for event in _events(name, only))
    return {data[subject]: data[digest] for data in found}


def _differences(label: str, kept: Mapping[str, str], told: Mapping[str, str]) -> Iterator[str]:
    for key in sorted(kept.keys() | told.keys()):
        if key not in told:
            yield f"{label} {key}: it was sealed, and the record does not tell of it"
        elif key not in kept:
            yield f"{label} {key}: the record tells of a seal, and there is none"
        elif kept[key] != told[key]:
            yield f"{label} {key}: its sealed file is not the one that the record tells of"
