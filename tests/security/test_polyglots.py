"""Files that are two things at once: refused, or kept as a clean PDF in which nothing of the other thing is left."""

from __future__ import annotations

import io
import re
import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests import factories as make
from tests.admin.staff_client import client_of
from tests.pdf.samples import one_page
from tests.portal.journey import Visitor
from wagtail_cohorts.uploads.models import Upload

pytestmark = pytest.mark.django_db

SCRIPT = b"<script>alert('wagtail')</script>"
OTHERS: dict[str, bytes] = {
    "page": b"<!doctype html><html><body>" + SCRIPT + b"</body></html>",
    "drawing": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload=\"alert('wagtail')\"/>",
    "archive": b"PK\x03\x04\x14\0\0\0\0\0wagtail.class" + bytes(40) + b"PK\x05\x06" + bytes(18),
    "program": b"MZ\x90\0" + bytes(56) + b"\x40\0\0\0PE\0\0wagtail",
    "server": b"<?php system($_GET['wagtail']); ?>",
    "shell": b"#!/bin/sh\nrm -rf wagtail\n",
    "macro": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60) + b"wagtail",
}
MARKS = (
    b"wagtail'",
    b"wagtail.class",
    b"rm -rf",
    b"<script",
    b"<svg",
    b"<?php",
    b"PE\0\0wagtail",
    b"\xd0\xcf\x11\xe0",
)


def picture(kind: str) -> bytes:
    target = io.BytesIO()
    Image.effect_noise((80, 60), 40).convert("RGB").save(target, kind)
    return target.getvalue()


def in_a_comment(kind: str, other: bytes) -> bytes:
    """The other thing where the format allows notes."""
    data = picture(kind)
    if kind == "JPEG":
        return data[:2] + b"\xff\xfe" + struct.pack(">H", len(other) + 2) + other + data[2:]
    chunk = b"tEXt" + b"Comment\0" + other
    return (
        data[:33]
        + struct.pack(">I", len(chunk) - 4)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + data[33:]
    )


def corpus() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for name, other in OTHERS.items():
        found[f"{name} before a pdf"] = other + one_page()
        found[f"{name} after a pdf"] = one_page() + other
        found[f"{name} called a pdf"] = b"%PDF-1.7\n" + other
        found[f"{name} inside a pdf"] = one_page(
            more=[b"<</Length %d>>\nstream\n%s\nendstream" % (len(other), other)]
        )
        found[f"{name} after a photo"] = picture("JPEG") + other
        found[f"{name} inside a photo"] = in_a_comment("JPEG", other)
        found[f"{name} inside a png"] = in_a_comment("PNG", other)
        found[f"{name} called a photo"] = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + other
    return found


CORPUS = corpus()


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(make.invited(make.enrolling()))


def opened(data: bytes) -> bytes:
    """A PDF with its compressed streams opened after it."""
    parts = [data]
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            parts.append(zlib.decompressobj().decompress(match[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_there_are_enough_of_them() -> None:
    assert len(CORPUS) >= 30


def test_nothing_of_the_other_thing_is_shown(visitor: Visitor) -> None:
    document = visitor.enrollment.cohort.required_documents.get()
    staff = client_of(visitor.enrollment.institution)
    verdicts = {}
    for name, data in CORPUS.items():
        file = SimpleUploadedFile("paper.pdf", data, content_type="text/html")
        assert visitor.post("add_files", {"file": file}, document=document.uuid).status_code in (200, 303), (
            name
        )
        upload = Upload.objects.filter(enrollment=visitor.enrollment).first()
        verdicts[name] = upload is not None
        if upload is not None:
            assert not [mark for mark in MARKS if mark in opened(upload.file.read())], name
            check_the_original(staff, upload)
            upload.delete()
    assert sum(verdicts.values()) > 10
    assert [
        name for name, taken in verdicts.items() if taken and ("before" in name or "called" in name)
    ] == []


def check_the_original(staff: Any, upload: Upload) -> None:
    """It is kept as evidence: given to staff as a file to save, never as something that a browser runs."""
    answer = staff.get(reverse("wagtail_cohorts_admin:document_original", args=[upload.uuid]))
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Content-Type"] in ("application/pdf", "image/jpeg", "image/png")
