"""What tests of finalizing share: its batch is started and run, and what it sealed is read."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PdfReader

from tests import factories as make
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.completion.finalizing import start_finalizing
from wagtail_cohorts.institutions.models import SigningCertificate


def start(cohort: Any) -> Batch:
    return start_finalizing(cohort, actor=make.actor_of(cohort.institution))


def run(batch: Batch) -> Batch:
    run_due_items(batch_id=batch.pk)
    batch.refresh_from_db()
    return batch


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


def trusted(cohort: Any) -> list[bytes]:
    rows = SigningCertificate.objects.filter(institution=cohort.institution)
    return [row.certificate_pem.encode() for row in rows]
