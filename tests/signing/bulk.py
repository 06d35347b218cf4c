"""What tests of bulk signing share: the batch is started, made ready to commit, and its copies are read."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PdfReader

from tests.sponsor_cohort import DAY
from wagtail_cohorts.actors import SPONSOR, Actor
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import _claim_item, _do_item
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.signing.acts import Signer
from wagtail_cohorts.signing.bulk import start_bulk_signing
from wagtail_cohorts.signing.marks import make_mark
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.sponsors.models import SponsorContact


def start(cohort: Cohort, contact: SponsorContact, **more: Any) -> Batch:
    key = f"contact:{contact.uuid}"
    students = cohort.enrollments.values_list("uuid", flat=True)
    given: dict[str, Any] = {
        "enrollments": [str(uuid) for uuid in students],
        "mark": make_mark(institution_id=cohort.institution_id, owner_key=key, typed_name=contact.name),
        "signer": Signer(key, contact.name, contact.position, contact.department),
        "day": DAY,
        "actor": Actor(SPONSOR, key, name=contact.name),
    }
    return start_bulk_signing(cohort, contact, **{**given, **more})


def sponsor_acts() -> int:
    return Act.objects.filter(role_key="sponsor").count()


def prepare_all(batch: Batch) -> None:
    """All copies are made, and the worker stops just before the commit."""
    while (item := _claim_item(batch.pk)) is not None:
        _do_item(item)


def text_of(agreement: Agreement) -> str:
    assert agreement.current is not None
    pages = PdfReader(io.BytesIO(agreement.current.read())).pages
    return "\n".join(page.extract_text() for page in pages)
