"""ZIPs and exports made in the background, each a batch of one item that leaves an ExportFile."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from wagtail_cohorts import flags
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.batches import kinds
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import open_batch
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.completion.packages import cohort_entries, files_of, signed_files_of
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.evidence.canonical import canonical_json, sha256_hex
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import BadInput, NotAllowed, WrongState
from wagtail_cohorts.exports.columns import FIXED_KEYS, Column, columns_named, field_columns
from wagtail_cohorts.exports.models import ExportFile
from wagtail_cohorts.exports.workbook import (
    CSV_TYPE,
    XLSX_TYPE,
    csv_bytes,
    workbook_bytes,
    write_csv,
    write_workbook,
)
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.files.packing import file_name, store_handle, store_zip
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.signing.signable import roles_of_contact
from wagtail_cohorts.sponsors.models import SponsorContact
from wagtail_cohorts.transactions import operation

PACK, EXPORT = "pack", "export"
COHORT_ZIP, SIGNED_ZIP, XLSX, CSV = "cohort_zip", "signed_zip", "xlsx", "csv"
WRITERS = {XLSX: (write_workbook, XLSX_TYPE), CSV: (write_csv, CSV_TYPE)}
IN_MEMORY = 4 << 20
LONGEST_SECONDS = 900  # a ZIP of the largest cohorts
BYTES = {XLSX: workbook_bytes, CSV: csv_bytes}
CONTENT_TYPES = {XLSX: XLSX_TYPE, CSV: CSV_TYPE}


def start_cohort_zip(cohort: Cohort, *, actor: Actor) -> Batch:
    """Pack everything of the cohort's active students. Raises NotAllowed, WrongState. Emits cohort.packed when done."""
    _check_open(cohort)
    if not cohort.agreements.exclude(current=None).filter(enrollment__isnull=False).exists():
        raise WrongState(_("Nothing is signed yet, so there is nothing to pack."))
    params = {"cohort": cohort.pk, "kind": COHORT_ZIP, "subject_key": cohort.stream_key}
    return _open(PACK, cohort, subject_key=cohort.stream_key, params=params, actor=actor)


def start_signed_zip(cohort: Cohort, contact: SponsorContact, *, actor: Actor) -> Batch:
    """Pack the agreements alone, for a sponsor's contact who signs in this cohort. Raises NotAllowed, WrongState."""
    _check_open(cohort)
    if not cohort.parties.filter(contact=contact).exists():
        raise NotAllowed(_("These files belong to another sponsor."))
    if not _signed_by(cohort, contact).exists():
        raise WrongState(_("You have not signed anything here yet."))
    key = signed_subject(cohort, contact)
    params = {"cohort": cohort.pk, "kind": SIGNED_ZIP, "subject_key": key, "contact": contact.pk}
    return _open(PACK, cohort, subject_key=key, params=params, actor=actor)


def signed_subject(cohort: Cohort, contact: SponsorContact) -> str:
    """Subject of a contact's ZIP, for ``latest_export``."""
    return f"{cohort.stream_key}:{contact.uuid}"


def _signed_by(cohort: Cohort, contact: SponsorContact) -> Any:
    """Active students with at least one agreement that this contact signed, as it stands now."""
    roles, revision = roles_of_contact(cohort, contact), F("agreements__revision")
    signed = cohort.enrollments.active().filter(
        agreements__acts__role_key__in=roles, agreements__acts__revision=revision
    )
    return signed.distinct()


def start_export(
    cohort: Cohort, *, columns: Sequence[str] | None = None, format: str = XLSX, actor: Actor
) -> Batch:
    """Export the cohort's students with the named columns. Raises BadInput, NotAllowed. Emits cohort.exported."""
    _check_open(cohort)
    if format not in WRITERS:
        raise BadInput(_("There is no format “%s”.") % format, field="format")
    chosen = [column.key for column in _columns(cohort, columns or FIXED_KEYS)]
    digest = sha256_hex(canonical_json([format, chosen]))[:16]
    params = {
        "cohort": cohort.pk, "kind": format, "subject_key": cohort.stream_key, "columns": chosen,
        "language": translation.get_language() or cohort.institution.language,
    }  # fmt: skip
    return _open(EXPORT, cohort, subject_key=f"{cohort.stream_key}:{digest}", params=params, actor=actor)


def _columns(cohort: Cohort, keys: Iterable[str]) -> list[Column]:
    return columns_named(keys, fields=field_columns(cohort))


def _check_open(cohort: Cohort) -> None:
    if not flags.is_open(flags.EXPORTS, institution=cohort.institution):
        raise NotAllowed(_("Exports are switched off at the moment."))


@operation
def _open(kind: str, cohort: Cohort, *, subject_key: str, params: Mapping[str, Any], actor: Actor) -> Batch:
    return open_batch(
        kind, institution_id=cohort.institution_id, subject_key=subject_key, items=["file"], actor=actor,
        params={**params, "name": actor.name, "ip": actor.ip, "user_agent": actor.user_agent[:300]},
    )  # fmt: skip


def latest_export(subject_key: str, kind: str) -> ExportFile | None:
    """The newest file of this kind (cohort_zip, signed_zip, xlsx, csv) about this subject."""
    return (
        ExportFile.objects.filter(subject_key=subject_key, kind=kind).select_related("file", "batch").first()
    )


def _cohort_of(batch: Batch) -> Cohort:
    return Cohort.objects.select_related("institution", "programme", "sponsor").get(pk=batch.params["cohort"])


def pack(item: BatchItem) -> dict[str, Any]:
    """Write the ZIP to disk and keep it."""
    batch = item.batch
    cohort = _cohort_of(batch)
    language = cohort.institution.language
    if batch.params["kind"] == COHORT_ZIP:
        students = files_of(cohort.enrollments.active(), language=language)
        title = cohort.name
    else:
        contact = SponsorContact.objects.get(pk=batch.params["contact"])
        students = signed_files_of(_signed_by(cohort, contact))
        title = f"{cohort.name} {_('signed')}"
    entries = cohort_entries(students, cohort_name=cohort.name)
    stored = store_zip(entries, institution_id=cohort.institution_id, moment=batch.created_at)
    return _kept(stored, file_name(title, "zip"))


def export(item: BatchItem) -> dict[str, Any]:
    """Write the workbook or CSV file and keep it."""
    batch = item.batch
    cohort = _cohort_of(batch)
    enrollments = cohort.enrollments.exclude(state__in=(EnrollmentState.WITHDRAWN, EnrollmentState.DECLINED))
    write, content_type = WRITERS[batch.params["kind"]]
    with (
        translation.override(batch.params["language"]),
        tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as handle,
    ):
        write(_binary(handle), enrollments, _columns(cohort, batch.params["columns"]))
        stored = store_handle(handle, institution_id=cohort.institution_id, content_type=content_type)
    return _kept(stored, file_name(cohort.name, batch.params["kind"]))


def _binary(handle: Any) -> IO[bytes]:
    return handle


def _kept(stored: StoredFile, name: str) -> dict[str, Any]:
    return {"file": stored.pk, "sha256": stored.sha256, "size": stored.size, "name": name}


def finish(batch: Batch) -> dict[str, Any]:
    """Make the file known, and tell the cohort's record who took what out."""
    item = batch.items.get()
    if item.state != BatchItem.PREPARED:
        raise WrongState(item.error or _("The file could not be made."))
    params, kept = batch.params, item.result
    ExportFile.objects.create(
        institution_id=batch.institution_id, batch=batch, subject_key=params["subject_key"], kind=params["kind"],
        name=kept["name"], file_id=kept["file"],
    )  # fmt: skip
    cohort = _cohort_of(batch)
    actor = Actor(
        batch.actor_kind,
        batch.actor_key,
        name=params["name"],
        ip=params["ip"],
        user_agent=params["user_agent"],
    )
    data = {
        "cohort": str(cohort.uuid),
        "batch": str(batch.uuid),
        "kind": params["kind"],
        "file": kept["sha256"],
    }
    if batch.kind == EXPORT:
        data["columns"] = params["columns"]
    append(
        cohort.stream_key,
        "cohort.exported" if batch.kind == EXPORT else "cohort.packed",
        actor=actor,
        data=data,
    )
    return {"name": kept["name"], "size": kept["size"]}


@operation
def download_now(cohort: Cohort, *, format: str, actor: Actor) -> bytes:
    """The ten columns of the active students at once, for a cohort of ordinary size. Raises BadInput, NotAllowed.
    Emits cohort.exported."""
    _check_open(cohort)
    if format not in WRITERS:
        raise BadInput(_("There is no format “%s”.") % format, field="format")
    data = BYTES[format](cohort.enrollments.active())
    about = {
        "cohort": str(cohort.uuid),
        "kind": format,
        "file": sha256_hex(data),
        "columns": list(FIXED_KEYS),
    }
    append(cohort.stream_key, "cohort.exported", actor=actor, data=about)
    return data


def may_run(batch: Batch) -> bool:
    return flags.is_open(flags.EXPORTS, institution=Institution.objects.get(pk=batch.institution_id))


def register() -> None:
    for name, prepare in ((PACK, pack), (EXPORT, export)):
        kinds.register(
            kinds.Kind(name, prepare=prepare, commit=finish, is_open=may_run, lease_seconds=LONGEST_SECONDS)
        )
