"""What a student's package holds and how it is laid out; the same for one student and for a whole cohort."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.evidence.models import Event, Stream
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.files.packing import Entry, Names, file_name, folder_name
from wagtail_cohorts.texts import in_language
from wagtail_cohorts.uploads.models import Upload, UploadState

CERTIFICATE_NAME = "Certificate.pdf"
AUDIT_NAME = "audit-trail.json"
UPLOADS_FOLDER = "Uploads"
SHOWN_DETAILS = ("actor_name", "signer_name", "position", "reason")
CHUNK = 50


@dataclass
class StudentFiles:
    """One student's files with the names that people see; agreements come main one first."""

    name: str
    agreements: list[tuple[str, StoredFile]] = field(default_factory=list)
    uploads: list[tuple[str, StoredFile]] = field(default_factory=list)
    certificate: StoredFile | None = None
    audit_trail: bytes | None = None


def student_folder(enrollment: Enrollment) -> str:
    return folder_name(f"{enrollment.last_name} {enrollment.first_name}")


def entries_of(student: StudentFiles, *, folder: str) -> list[Entry]:
    """The package's files below the folder; no two share a name."""
    names, uploads = Names(), Names()
    names.take(CERTIFICATE_NAME)
    names.take(AUDIT_NAME)
    names.take(UPLOADS_FOLDER)
    found = [Entry(f"{folder}/{names.take(file_name(title))}", file) for title, file in student.agreements]
    found += [
        Entry(f"{folder}/{UPLOADS_FOLDER}/{uploads.take(file_name(name))}", file)
        for name, file in student.uploads
    ]
    if student.certificate is not None:
        found.append(Entry(f"{folder}/{CERTIFICATE_NAME}", student.certificate))
    if student.audit_trail is not None:
        found.append(Entry(f"{folder}/{AUDIT_NAME}", student.audit_trail))
    return found


def cohort_entries(students: Iterable[StudentFiles], *, cohort_name: str) -> Iterator[Entry]:
    """One folder for the cohort, one below it for each student."""
    root, folders = folder_name(cohort_name), Names()
    for student in students:
        yield from entries_of(student, folder=f"{root}/{folders.take(student.name)}")


def approved_uploads(enrollment: Enrollment, *, language: str) -> list[tuple[str, Upload]]:
    """Uploads that staff accepted, in the order in which they were asked for, each with the document's name."""
    rows = enrollment.uploads.filter(state=UploadState.APPROVED).select_related("required_document", "file")
    ordered = sorted(rows, key=lambda row: (row.required_document.position, row.required_document_id, row.pk))
    return [(document_name(row, language=language), row) for row in ordered]


def document_name(upload: Upload, *, language: str) -> str:
    return in_language(upload.required_document.name, language=language)


def files_of(enrollments: Any, *, language: str) -> Iterator[StudentFiles]:
    """Everything of each student as it stands: sealed files where there are any, else the signed ones."""
    agreements = Agreement.objects.exclude(current=None).select_related("version", "current", "sealed")
    uploads = Upload.objects.filter(state=UploadState.APPROVED).select_related("required_document", "file")
    queryset = enrollments.select_related("completion__certificate").prefetch_related(
        Prefetch("agreements", agreements.order_by("position", "pk"), to_attr="signed_agreements"),
        Prefetch("uploads", uploads.order_by("required_document__position", "pk"), to_attr="approved"),
    )
    for group in _in_groups(queryset):
        trails = audit_trails([one.stream_key for one in group])
        for one in group:
            completion = getattr(one, "completion", None)
            yield StudentFiles(
                name=student_folder(one),
                agreements=agreements_named(one.signed_agreements),
                uploads=[(document_name(row, language=language), row.file) for row in one.approved],
                certificate=completion.certificate if completion is not None else None,
                audit_trail=trails[one.stream_key],
            )


def signed_files_of(enrollments: Any) -> Iterator[StudentFiles]:
    """Only the agreements: what a sponsor may have."""
    agreements = Agreement.objects.exclude(current=None).select_related("version", "current", "sealed")
    queryset = enrollments.prefetch_related(
        Prefetch("agreements", agreements.order_by("position", "pk"), to_attr="signed_agreements")
    )
    for one in queryset.iterator(chunk_size=CHUNK):
        yield StudentFiles(name=student_folder(one), agreements=agreements_named(one.signed_agreements))


def agreements_named(agreements: Iterable[Agreement]) -> list[tuple[str, StoredFile]]:
    found = ((row.title, row.sealed or row.current) for row in agreements)
    return [(title, file) for title, file in found if file is not None]


def _in_groups(queryset: Any) -> Iterator[list[Any]]:
    group: list[Any] = []
    for one in queryset.iterator(chunk_size=CHUNK):
        group.append(one)
        if len(group) == CHUNK:
            yield group
            group = []
    if group:
        yield group


def audit_trails(stream_keys: Sequence[str]) -> dict[str, bytes]:
    """Each chain as JSON that anybody can check, without addresses of machines and without salts."""
    streams = {row.pk: row for row in Stream.objects.filter(key__in=stream_keys)}
    events: dict[int, list[dict[str, Any]]] = {pk: [] for pk in streams}
    for event in Event.objects.filter(stream__in=streams).select_related("detail").order_by("stream", "seq"):
        events[event.stream_id].append(_shown(event))
    return {row.key: _trail(row, events[pk]) for pk, row in streams.items()}


def _shown(event: Event) -> dict[str, Any]:
    detail = getattr(event, "detail", None)
    known = detail.values if detail is not None else {}
    return {
        "seq": event.seq, "name": event.name, "at": event.data["at"],
        "details": {name: known[name] for name in SHOWN_DETAILS if name in known},
        "payload": event.payload, "previous_hash": event.previous_hash, "hash": event.hash,
    }  # fmt: skip


def _trail(stream: Stream, events: Sequence[dict[str, Any]]) -> bytes:
    last = events[-1] if events else {"seq": 0, "hash": ""}
    trail = {
        "format": "wagtail-cohorts audit trail 1",
        "stream": stream.key,
        "head": {"seq": last["seq"], "hash": last["hash"]},
        "how_to_check": "hash = SHA-256 of previous_hash, stream, seq and payload, joined by line feeds, as UTF-8",
        "events": list(events),
    }
    return json.dumps(trail, ensure_ascii=False, indent=1).encode()
