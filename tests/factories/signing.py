"""Marks, what a signer was shown, and the signatures of the institution and the sponsor."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from tests.factories.institutions import actor_of
from tests.factories.sponsors import contact_of, sponsor_actor
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import note_sponsor_opened
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.signing.acts import shown_bytes
from wagtail_cohorts.signing.bulk import start_bulk_signing
from wagtail_cohorts.signing.institution import institution_roles, sign_as_institution, specimens_of
from wagtail_cohorts.signing.marks import make_mark
from wagtail_cohorts.signing.rendering import Signer

DAY = date(2026, 11, 24)


def mark(of: Institution, owner: str = "test", name: str = "Lindiwe Mahlangu") -> Any:
    return make_mark(institution_id=of.pk, owner_key=owner, typed_name=name)


def shown_sha(agreement: Any, roles: list[str], signer: Signer) -> str:
    return hashlib.sha256(shown_bytes(agreement, roles, day=DAY, signer=signer)[1]).hexdigest()


def sign_institution(made: Cohort) -> Cohort:
    """The institution signs its specimens."""
    signer = Signer("user:0", "Lindiwe Mahlangu", "Principal")
    shown = {str(one.uuid): shown_sha(one, institution_roles(one), signer) for one in specimens_of(made)}
    return sign_as_institution(
        made,
        signer=signer,
        mark=mark(made.institution),
        day=DAY,
        shown=shown,
        actor=actor_of(made.institution),
    )


def start_signing(made: Cohort, *, enrollments: list[Enrollment] | None = None) -> Batch:
    """The sponsor presses the button; the batch waits for a worker."""
    contact = contact_of(made)
    note_sponsor_opened(made, contact, actor=sponsor_actor(contact))
    chosen = enrollments if enrollments is not None else list(made.enrollments.active())
    return start_bulk_signing(
        made, contact, enrollments=[str(one.uuid) for one in chosen],
        mark=mark(made.institution, owner=f"contact:{contact.uuid}", name=contact.name),
        signer=Signer(f"contact:{contact.uuid}", contact.name, contact.position), day=DAY,
        actor=sponsor_actor(contact),
    )  # fmt: skip
