"""The public check: by code and by file, before and after the seal."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.portal.journey import Visitor
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.completion.finalizing import start_finalizing
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.enrollments.models import Enrollment

pytestmark = pytest.mark.django_db
URL = reverse("wagtail_cohorts:verify")


def completed() -> Cohort:
    cohort = make.sponsor_signed(students=1)
    batch = start_finalizing(cohort, actor=make.actor_of(cohort.institution))
    run_due_items(batch_id=batch.pk, limit=100)
    return cohort


def send(data: bytes) -> Any:
    return Client().post(URL, {"file": SimpleUploadedFile("x.pdf", data, content_type="application/pdf")})


def test_a_sealed_file_its_changed_copy_and_its_code_are_told_apart() -> None:
    cohort = completed()
    enrollment = cohort.enrollments.get()
    agreement = enrollment.agreements.get()
    assert agreement.sealed is not None
    data = agreement.sealed.read()
    genuine = send(data).content.decode()
    assert "Genuine and unchanged" in genuine and "N. Mokoena" in genuine
    assert enrollment.full_name not in genuine and enrollment.email not in genuine
    place = data.find(b"endstream") - 20
    changed = send(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]).content.decode()
    assert "Changed since it was sealed" in changed and "Do not rely on it." in changed
    record = CompletionRecord.objects.get(enrollment=enrollment)
    for code in (record.shown_code, record.code.lower()):
        assert "Genuine and unchanged" in Client().get(URL, {"code": code}).content.decode()


def test_a_copy_from_before_the_seal_is_called_signed() -> None:
    enrollment = make.submitted(make.enrolling())
    current = enrollment.agreements.get().current
    assert current is not None
    page = send(current.read()).content.decode()
    assert "Signed, not sealed yet" in page and "no seal yet" in page


def test_a_strange_file_is_unknown_and_not_false() -> None:
    page = send(make.small_pdf(words="Another paper")).content.decode()
    assert "We do not know this" in page and "false" not in page.casefold().replace('false"', "")


def test_nothing_sent_is_said_so() -> None:
    assert "Choose a PDF or type a code." in Client().post(URL).content.decode()


def test_guessing_codes_is_slowed_down(settings: Any) -> None:
    settings.WAGTAIL_COHORTS_RATE_LIMITS = {"verify": (3, 60)}
    assert [Client().get(URL, {"code": "X"}).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_completed_student_takes_everything_away() -> None:
    cohort = completed()
    visitor = Visitor(Enrollment.objects.get(cohort=cohort))
    page = visitor.get("status").content.decode()
    assert "everything is complete" in page and "Signed by all and sealed" in page
    package = visitor.get("final", part="package")
    assert package["Content-Disposition"].startswith("attachment") and b"".join(package)[:2] == b"PK"
    assert b"".join(visitor.get("final", part="certificate")).startswith(b"%PDF-")
    agreement = visitor.enrollment.agreements.get()
    assert agreement.sealed is not None
    assert b"".join(visitor.get("copy", agreement=agreement.uuid)) == agreement.sealed.read()
