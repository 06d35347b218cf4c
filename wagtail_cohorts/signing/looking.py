"""What a signer looked at before signing: one row an agreement, not one a page."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError
from django.db.models import F, QuerySet
from django.utils import timezone

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import WITH_SPONSOR
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.operations import identify
from wagtail_cohorts.enrollments.states import ACTIVE_STATES
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import Busy
from wagtail_cohorts.signing.models import Look
from wagtail_cohorts.sponsors.models import SponsorContact
from wagtail_cohorts.transactions import operation

NOTED_EVERY = timedelta(minutes=1)


def note_looked(agreement: Agreement, *, actor: Actor) -> None:
    """Keep when this person first and last looked at the agreement as it stands now, while the sponsor's side signs:
    a look at what is signed proves nothing, and would change a chain that is being sealed. Emits agreement.looked_at
    the first time."""
    if agreement.cohort.state not in WITH_SPONSOR:
        return
    now = timezone.now()
    mine = Look.objects.filter(agreement=agreement, revision=agreement.revision, viewer_key=actor.key)
    look = mine.first()
    if look is None:
        with suppress(IntegrityError, Busy):  # two windows of one person; nobody waits long for a note
            _first(agreement, actor=actor, now=now)
    elif now - look.last_seen_at >= NOTED_EVERY:
        mine.update(last_seen_at=now)


@operation
def _first(agreement: Agreement, *, actor: Actor, now: datetime) -> None:
    enrollment, facts = agreement.enrollment, {"agreement": agreement, "revision": agreement.revision}
    if enrollment is None:
        return
    Look.objects.create(first_seen_at=now, last_seen_at=now, viewer_key=actor.key, **facts)
    told = {"agreement": str(agreement.uuid), "revision": agreement.revision, "viewer": actor.key}
    data = {**identify(enrollment), **told}
    append(enrollment.stream_key, "agreement.looked_at", actor=actor, data=data)


@dataclass
class Looked:
    """One student's papers through the eyes of one contact."""

    enrollment_id: int
    agreements: int = 0
    seen: int = 0
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None


def looked_at(cohort: Cohort, contact: SponsorContact) -> dict[int, Looked]:
    """By enrollment, for active students: how many agreements there are, and which the contact looked at. A look at an
    earlier revision does not count. Two queries."""
    found: dict[int, Looked] = {}
    agreements = Agreement.objects.filter(cohort=cohort, enrollment__state__in=ACTIVE_STATES).exclude(
        state="void"
    )
    for enrollment_id in agreements.order_by().values_list("enrollment_id", flat=True):
        found.setdefault(enrollment_id or 0, Looked(enrollment_id or 0)).agreements += 1
    for enrollment_id, first, last in _looks(agreements, contact):
        row = found[enrollment_id]
        row.seen += 1
        row.first_seen_at = min(filter(None, (row.first_seen_at, first)))
        row.last_seen_at = max(filter(None, (row.last_seen_at, last)))
    return found


def _looks(
    agreements: QuerySet[Agreement], contact: SponsorContact
) -> Iterable[tuple[int, datetime, datetime]]:
    looks = Look.objects.filter(
        agreement__in=agreements.order_by().values("pk"), revision=F("agreement__revision")
    )
    mine = looks.filter(viewer_key=f"contact:{contact.uuid}")
    return mine.values_list("agreement__enrollment_id", "first_seen_at", "last_seen_at")
