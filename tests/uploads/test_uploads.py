from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from tests import factories as make
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import BadInput, Incomplete, WrongState
from wagtail_cohorts.uploads.models import Upload
from wagtail_cohorts.uploads.operations import (
    add_upload,
    approve_upload,
    missing_documents,
    reject_upload,
    remove_upload,
    undo_decision,
)

pytestmark = pytest.mark.django_db


def send(student: Any, data: bytes, name: str = "id.jpg") -> Upload:
    document = student.cohort.required_documents.get()
    return add_upload(student, document, data=data, name=name, actor=make.student_actor(student))


@pytest.fixture
def student() -> Any:
    return make.invited(make.enrolling())


def bomb_png(side: int = 13_000) -> bytes:
    """A PNG of a few kilobytes that claims to be enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * ((side // 8 + 1) * side), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def encrypted_pdf() -> bytes:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make.small_pdf())))
    writer.encrypt("secret")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_photo_becomes_a_clean_pdf_and_starts_the_enrollment(student: Any) -> None:
    upload = send(student, make.photo())
    student.refresh_from_db()
    assert upload.file.read().startswith(b"%PDF-") and upload.original.read() == make.photo()
    assert student.state == "in_progress" and upload.pages == 1


def test_a_pdf_keeps_its_pages(student: Any) -> None:
    assert send(student, make.small_pdf(3), "x.pdf").pages == 3


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.pdf"),
        (b"MZ\x90\x00" + b"\x00" * 500, "program.pdf"),
        (b"<script>alert(1)</script>%PDF-1.4", "page.pdf"),
        (b"%PDF-1.4\ngarbage", "broken.pdf"),
        (make.small_pdf()[:400], "cut.pdf"),
        (encrypted_pdf(), "locked.pdf"),
        (bomb_png(), "bomb.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "picture.svg"),
        (make.photo()[:200], "cut.jpg"),
        (b"\x00" * 2000, "nothing.jpg"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_file_is_refused_with_a_sentence_and_nothing_is_kept(
    student: Any, data: bytes, name: str
) -> None:
    with pytest.raises(BadInput) as caught:
        send(student, data, name)
    assert len(str(caught.value)) > 10 and Upload.objects.count() == 0


def test_a_file_over_the_limit_is_refused(student: Any, settings: Any) -> None:
    settings.WAGTAIL_COHORTS_MAX_UPLOAD_BYTES = 1000
    with pytest.raises(BadInput):
        send(student, make.photo())


def test_one_students_files_together_are_limited(student: Any, settings: Any) -> None:
    settings.WAGTAIL_COHORTS_MAX_ENROLLMENT_BYTES = len(make.photo(1)) + 10
    send(student, make.photo(1))
    with pytest.raises(BadInput) as caught:
        send(student, make.photo(2))
    assert caught.value.code == "quota"


def test_a_photo_is_refused_where_only_pdfs_are_asked_for(student: Any) -> None:
    student.cohort.required_documents.update(accepts=["pdf"])
    with pytest.raises(BadInput):
        send(student, make.photo())


def test_where_a_photo_was_taken_is_not_in_the_clean_copy(student: Any) -> None:
    image, buffer = Image.new("RGB", (300, 200), "white"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "GPS-SECRET-PLACE"
    image.save(buffer, "JPEG", exif=exif)
    upload = send(student, buffer.getvalue())
    assert b"GPS-SECRET-PLACE" not in upload.file.read()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\r\nSet-Cookie: x.jpg", "CON", "x" * 400 + ".jpg", "\u202egpj.exe"]
)
def test_display_names_are_made_harmless(student: Any, name: str) -> None:
    shown = send(student, make.photo(), name).name
    assert "/" not in shown and "\r" not in shown and "\u202e" not in shown and 0 < len(shown) <= 150


def test_several_files_may_stand_for_one_document(student: Any) -> None:
    send(student, make.photo(1))
    send(student, make.photo(2))
    assert student.uploads.current().count() == 2 and missing_documents(student) == []


def test_a_file_is_taken_back_before_sending(student: Any) -> None:
    upload = send(student, make.photo())
    remove_upload(upload, actor=make.student_actor(student))
    assert student.uploads.current().count() == 0 and len(missing_documents(student)) == 1


def test_after_sending_nothing_can_be_added_or_removed() -> None:
    student = make.submitted(make.enrolling())
    with pytest.raises(WrongState):
        send(student, make.photo(9))
    with pytest.raises(WrongState):
        remove_upload(student.uploads.get(), actor=make.student_actor(student))


def test_rejecting_needs_a_reason() -> None:
    student = make.submitted(make.enrolling())
    with pytest.raises(Incomplete):
        reject_upload(student.uploads.get(), reason="  ", actor=make.actor_of(student.institution))


def test_a_rejected_document_reopens_only_the_students_step() -> None:
    student = make.submitted(make.enrolling())
    reject_upload(student.uploads.get(), reason="Too dark", actor=make.actor_of(student.institution))
    student.refresh_from_db()
    assert (student.state, student.verification) == ("in_progress", "rejected")
    assert student.agreements.get().acts.count() == 1


def test_the_decision_keeps_who_when_why_and_what_was_looked_at() -> None:
    student = make.submitted(make.enrolling())
    upload = student.uploads.get()
    reject_upload(upload, reason="Too dark", actor=make.actor_of(student.institution))
    event = Event.objects.get(name="upload.rejected")
    assert event.data["data"]["seen"] == upload.file.sha256
    assert event.data["actor_key"].startswith("user:") and event.detail.values["reason"] == "Too dark"
    assert "Too dark" not in event.payload


def test_a_document_is_decided_about_once() -> None:
    student = make.submitted(make.enrolling())
    upload = student.uploads.get()
    actor = make.actor_of(student.institution)
    approve_upload(upload, actor=actor)
    with pytest.raises(WrongState):
        reject_upload(upload, reason="x", actor=actor)


def test_a_corrected_document_is_looked_at_again_and_then_verifies() -> None:
    student = make.submitted(make.enrolling())
    actor = make.actor_of(student.institution)
    reject_upload(student.uploads.get(), reason="Too dark", actor=actor)
    student.refresh_from_db()
    send(student, make.photo(77))
    from wagtail_cohorts.signing.submission import submit

    submit(student, mark=None, day=make.DAY, shown={}, actor=make.student_actor(student))
    student.refresh_from_db()
    assert (student.state, student.verification) == ("complete", "pending")
    approve_upload(student.uploads.current().get(), actor=actor)
    student.refresh_from_db()
    assert student.verification == "verified"


def test_an_undone_approval_can_be_decided_again() -> None:
    student = make.submitted(make.enrolling())
    upload = student.uploads.get()
    actor = make.actor_of(student.institution)
    approve_upload(upload, actor=actor)
    undo_decision(upload, actor=actor)
    upload.refresh_from_db()
    assert upload.state == "pending"
    reject_upload(upload, reason="After all not", actor=actor)


def test_nothing_is_undone_for_a_student_who_left() -> None:
    student = make.verified(make.enrolling())
    actor = make.actor_of(student.institution)
    withdraw(student, reason="Ill", actor=actor)
    with pytest.raises(WrongState):
        undo_decision(student.uploads.get(), actor=actor)
