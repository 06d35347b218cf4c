"""ZIPs and exports made in the background."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from openpyxl import load_workbook

from tests import factories as make
from wagtail_cohorts import pdf
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.evidence.canonical import event_hash
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import BadInput, NotAllowed, WrongState
from wagtail_cohorts.exports.models import ExportFile
from wagtail_cohorts.exports.packing import (
    download_now,
    latest_export,
    signed_subject,
    start_cohort_zip,
    start_export,
    start_signed_zip,
)

pytestmark = pytest.mark.django_db


def _run(batch: Batch) -> Batch:
    run_due_items(batch_id=batch.pk)
    batch.refresh_from_db()
    return batch


def _zip(export: ExportFile | None) -> zipfile.ZipFile:
    assert export is not None
    return zipfile.ZipFile(io.BytesIO(export.file.read()))


def _staff(cohort: Any) -> Any:
    return make.actor_of(cohort.institution)


def test_the_cohort_zip_has_a_folder_a_student_with_everything_in_it() -> None:
    cohort = make.completed(students=2, name="Learners 2026/27")
    batch = _run(start_cohort_zip(cohort, actor=_staff(cohort)))
    assert (batch.state, batch.error) == (Batch.DONE, "")
    archive = _zip(latest_export(cohort.stream_key, "cohort_zip"))
    title = cohort.cohort_templates.get().version.title
    one = cohort.enrollments.first()
    root = f"Learners 2026-27/{one.last_name} {one.first_name}"
    assert archive.testzip() is None
    assert [name for name in archive.namelist() if name.startswith(root)] == [
        f"{root}/{title}.pdf", f"{root}/Uploads/Document 1.pdf", f"{root}/Certificate.pdf", f"{root}/audit-trail.json"
    ]  # fmt: skip
    assert len(archive.namelist()) == 8


def test_the_pdfs_in_the_zip_are_the_sealed_ones_and_are_not_compressed_again() -> None:
    cohort = make.completed(students=1)
    _run(start_cohort_zip(cohort, actor=_staff(cohort)))
    archive = _zip(latest_export(cohort.stream_key, "cohort_zip"))
    title = cohort.cohort_templates.get().version.title
    name = next(one for one in archive.namelist() if one.endswith(f"{title}.pdf"))
    assert pdf.verify(archive.read(name))[0].intact
    assert archive.getinfo(name).compress_type == zipfile.ZIP_STORED
    assert archive.getinfo(name).external_attr >> 16 == 0o644


def test_the_audit_trail_in_the_zip_can_be_checked_by_hand_and_reaches_the_end() -> None:
    cohort = make.completed(students=1)
    _run(start_cohort_zip(cohort, actor=_staff(cohort)))
    archive = _zip(latest_export(cohort.stream_key, "cohort_zip"))
    trail = json.loads(archive.read(next(n for n in archive.namelist() if n.endswith("audit-trail.json"))))
    previous = ""
    for event in trail["events"]:
        assert event["previous_hash"] == previous
        previous = event_hash(previous, trail["stream"], event["seq"], event["payload"])
        assert event["hash"] == previous
    assert trail["head"]["hash"] == previous
    assert trail["events"][-1]["name"] == "enrollment.completed"
    assert "127.0.0.1" not in json.dumps(trail)


def test_two_students_of_one_name_keep_their_own_folders() -> None:
    cohort = make.completed(students=2)
    Enrollment.objects.filter(cohort=cohort).update(first_name="J.P.", last_name="Botha ")
    _run(start_cohort_zip(cohort, actor=_staff(cohort)))
    names = _zip(latest_export(cohort.stream_key, "cohort_zip")).namelist()
    assert len(set(names)) == len(names) == 8
    assert {name.split("/")[1] for name in names} == {"Botha J P", "Botha J P (2)"}


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\Windows\\con", "a\x00b", "..", "NUL"])
def test_a_name_never_leads_out_of_the_folder(name: str) -> None:
    cohort = make.completed(students=1)
    Enrollment.objects.filter(cohort=cohort).update(first_name=name.replace("\x00", "\x01"), last_name="")
    _run(start_cohort_zip(cohort, actor=_staff(cohort)))
    for path in _zip(latest_export(cohort.stream_key, "cohort_zip")).namelist():
        assert ".." not in path.split("/")
        assert not set(path) & set('\\:*?"<>|\x00\x01')
        assert all(part and not part.startswith("/") for part in path.split("/"))


def test_before_completion_the_zip_holds_the_signed_copies() -> None:
    cohort = make.sponsor_signed(students=1)
    _run(start_cohort_zip(cohort, actor=_staff(cohort)))
    names = _zip(latest_export(cohort.stream_key, "cohort_zip")).namelist()
    assert not any(name.endswith("Certificate.pdf") for name in names)
    assert len(names) == 3


def test_nothing_signed_is_nothing_to_pack() -> None:
    cohort = make.enrolling()
    make.invited(cohort)
    with pytest.raises(WrongState):
        start_cohort_zip(cohort, actor=_staff(cohort))


def test_a_sponsor_gets_the_agreements_alone() -> None:
    cohort = make.sponsor_signed(students=2)
    contact = make.contact_of(cohort)
    batch = _run(start_signed_zip(cohort, contact, actor=make.sponsor_actor(contact)))
    assert batch.state == Batch.DONE
    names = _zip(latest_export(signed_subject(cohort, contact), "signed_zip")).namelist()
    assert len(names) == 2
    assert not any("Uploads" in name or name.endswith(".json") for name in names)


def test_another_sponsors_contact_gets_nothing() -> None:
    cohort = make.sponsor_signed(students=1)
    stranger = make.sponsor(cohort.institution)
    with pytest.raises(NotAllowed):
        start_signed_zip(cohort, stranger, actor=make.sponsor_actor(stranger))


def test_a_sponsor_who_signed_nothing_gets_nothing() -> None:
    cohort = make.ready(students=1)
    contact = make.contact_of(cohort)
    with pytest.raises(WrongState):
        start_signed_zip(cohort, contact, actor=make.sponsor_actor(contact))


@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_an_export_leaves_a_file_and_a_trace(format: str) -> None:
    cohort = make.enrolling()
    make.enrollment(cohort, first_name="Naledi")
    batch = _run(start_export(cohort, columns=["student_name", "email"], format=format, actor=_staff(cohort)))
    assert batch.state == Batch.DONE
    export = latest_export(cohort.stream_key, format)
    assert export is not None and export.name.endswith(f".{format}")
    if format == "xlsx":
        sheet = load_workbook(io.BytesIO(export.file.read())).active
        assert [cell.value for cell in sheet["A"]] == ["Student name", "Naledi"]
    else:
        assert b"Naledi," in export.file.read()
    event = Event.objects.get(name="cohort.exported")
    assert event.data["data"]["columns"] == ["student_name", "email"]
    assert event.data["data"]["file"] == export.file.sha256


def test_people_who_left_are_not_exported() -> None:
    cohort = make.enrolling()
    left = make.enrollment(cohort, first_name="Left")
    Enrollment.objects.filter(pk=left.pk).update(state="withdrawn")
    _run(start_export(cohort, format="csv", actor=_staff(cohort)))
    export = latest_export(cohort.stream_key, "csv")
    assert export is not None and b"Left" not in export.file.read()


def test_unknown_columns_and_formats_are_refused() -> None:
    cohort = make.enrolling()
    with pytest.raises(BadInput):
        start_export(cohort, columns=["identity_number; drop"], actor=_staff(cohort))
    with pytest.raises(BadInput):
        start_export(cohort, format="exe", actor=_staff(cohort))


def test_a_second_click_finds_the_first_batch() -> None:
    cohort = make.sponsor_signed(students=1)
    first = start_cohort_zip(cohort, actor=_staff(cohort))
    assert start_cohort_zip(cohort, actor=_staff(cohort)).pk == first.pk
    one = start_export(cohort, actor=_staff(cohort))
    other = start_export(cohort, format="csv", actor=_staff(cohort))
    assert one.pk != other.pk


def test_a_closed_flag_refuses_new_exports_and_lets_begun_ones_wait() -> None:
    cohort = make.sponsor_signed(students=1)
    batch = start_cohort_zip(cohort, actor=_staff(cohort))
    cohort.institution.closed_flags = ["cohorts_exports"]
    cohort.institution.save()
    assert run_due_items(batch_id=batch.pk) == 0
    with pytest.raises(NotAllowed):
        start_export(cohort, actor=_staff(cohort))
    cohort.institution.closed_flags = []
    cohort.institution.save()
    assert _run(batch).state == Batch.DONE


def test_a_direct_download_leaves_an_event_with_the_files_hash() -> None:
    cohort = make.enrolling()
    make.enrollment(cohort)
    data = download_now(cohort, format="xlsx", actor=make.actor_of(cohort.institution))
    event = Event.objects.get(name="cohort.exported")
    assert event.data["data"]["file"] == hashlib.sha256(data).hexdigest()
