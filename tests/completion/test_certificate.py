"""What a completed student takes away: the certificate, and the package with every file."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests import factories as make
from tests.completion.finalizing import run, start, text_of, trusted
from wagtail_cohorts import clock, pdf
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.institutions.operations import replace_certificate

pytestmark = pytest.mark.django_db


def test_the_certificate_names_who_signed_what_when_and_how() -> None:
    cohort = make.completed(students=1, name="Data 2027")
    student = cohort.enrollments.get()
    record = student.completion
    text = text_of(record.certificate.read())
    agreement = student.agreements.get()
    contact = make.contact_of(cohort)
    for words in (
        student.full_name, "Data 2027", agreement.title, "Lindiwe Mahlangu", "Principal", contact.name,
        contact.position, record.shown_code, "Signature typed", "specimen", f"http://testserver{reverse('wagtail_cohorts:verify')}",
        "not advanced electronic signatures", "No public authority", "Document 1", agreement.sealed.sha256,
    ):  # fmt: skip
        assert words in text
    squeezed = text.replace(" ", "")
    for act in agreement.acts.all():
        assert act.seen_sha256 in squeezed
        assert act.result_sha256 in squeezed
        assert act.consent.sha256 in squeezed
        assert clock.local(act.signed_at).strftime("%H:%M:%S") in text
    assert "127.0.0.1" not in text
    assert pdf.verify(record.certificate.read(), trusted(cohort))[0].trusted


def test_a_phone_that_looks_at_the_certificate_opens_the_page_with_the_code() -> None:
    record = make.completed(students=1).enrollments.get().completion
    data = record.certificate.read()
    pages = (pdf.page_image(data, page, 1200) for page in range(1, len(pdf.inspect(data).pages) + 1))
    (read,) = (one.text for page in pages for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(page))))
    assert read.startswith(f"http://testserver{reverse('wagtail_cohorts:verify')}?code=")
    answer = Client().get(read.removeprefix("http://testserver"))
    assert (
        answer.context["verdict"].status == "sealed" and answer.context["verdict"].code == record.shown_code
    )


def test_the_certificate_holds_the_head_of_the_students_chain_before_the_seal() -> None:
    cohort = make.completed(students=1)
    student = cohort.enrollments.get()
    last = Event.objects.filter(stream__key=student.stream_key).exclude(
        name__in=("agreement.sealed", "enrollment.completed")
    ).order_by("-seq").first()  # fmt: skip
    assert last is not None
    assert last.hash in text_of(student.completion.certificate.read()).replace(" ", "")


def test_the_package_holds_every_file_under_its_name() -> None:
    cohort = make.completed(students=1)
    student = cohort.enrollments.get()
    archive = zipfile.ZipFile(io.BytesIO(student.completion.package.read()))
    folder = f"{student.last_name} {student.first_name}"
    title = student.agreements.get().title
    assert archive.namelist() == [
        f"{folder}/{title}.pdf", f"{folder}/Uploads/Document 1.pdf", f"{folder}/Certificate.pdf",
        f"{folder}/audit-trail.json",
    ]  # fmt: skip
    assert archive.read(f"{folder}/{title}.pdf") == student.agreements.get().sealed.read()
    assert archive.read(f"{folder}/Certificate.pdf") == student.completion.certificate.read()
    assert json.loads(archive.read(f"{folder}/audit-trail.json"))["stream"] == student.stream_key


def test_an_institutions_own_certificate_seals_and_is_named() -> None:
    from cryptography.hazmat.primitives import serialization

    cohort = make.sponsor_signed(students=1)
    own = pdf.generate("Own Authority", common_name="Own seal")
    data = serialization.pkcs12.serialize_key_and_certificates(
        b"own", own.key(), own.certificate, None, serialization.BestAvailableEncryption(b"secret")
    )
    actor = make.actor_of(cohort.institution)
    replace_certificate(cohort.institution, pkcs12=data, password="secret", actor=actor)
    run(start(cohort))
    student = cohort.enrollments.get()
    assert pdf.verify(student.agreements.get().sealed.read())[0].certificate_sha256 == own.fingerprint
    assert "Own seal" in text_of(student.completion.certificate.read())


def test_names_with_diacritics_and_markup_stand_on_the_certificate_as_they_are() -> None:
    cohort = make.sponsor_signed(students=1, name="R&D <b>2027</b>")
    Enrollment.objects.filter(cohort=cohort).update(first_name="Ṱhonifho", last_name="Ḽiṋḓa-Müller")
    run(start(cohort))
    text = text_of(cohort.enrollments.get().completion.certificate.read())
    assert "Ṱhonifho Ḽiṋḓa-Müller" in text
    assert "R&D <b>2027</b>" in text
