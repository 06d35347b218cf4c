"""What one contact may see of its cohorts: students by name, agreements by state; no other personal data."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Min, Prefetch, QuerySet

from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.states import ACTIVE_STATES, AgreementState, EnrollmentState, Verification
from wagtail_cohorts.enrollments.turns import acted_roles, consecutive_roles
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.signing.signable import roles_of_contact
from wagtail_cohorts.sponsors.models import SponsorContact

S = CohortState
OPEN_TO_SPONSOR = (S.READY_FOR_SPONSOR, S.SPONSOR_REVIEW, S.INSTITUTION_REVIEW, S.COMPLETED)
TO_SIGN, SIGNED, LATER = "to_sign", "signed", "later"


def cohorts_of(contact: SponsorContact) -> QuerySet[Cohort]:
    """All cohorts for which this person signs, newest first; drafts and cancelled ones open nothing."""
    found = Cohort.objects.filter(parties__contact=contact).exclude(state__in=(S.DRAFT, S.CANCELLED))
    return found.select_related("programme", "sponsor", "institution").distinct().order_by("-pk")


def cohort_of(contact: SponsorContact, cohort_uuid: uuid.UUID) -> Cohort | None:
    return cohorts_of(contact).filter(uuid=cohort_uuid).first()


@dataclass
class Row:
    """One student as the sponsor sees them."""

    enrollment: Enrollment
    agreements: list[Agreement] = field(default_factory=list)
    to_sign: list[Agreement] = field(default_factory=list)
    signed: list[Agreement] = field(default_factory=list)

    @property
    def state(self) -> str:
        if self.to_sign:
            return TO_SIGN
        return SIGNED if self.signed else LATER

    @property
    def student_signed_at(self) -> datetime | None:
        return self.enrollment.submitted_at


def rows_of(cohort: Cohort, contact: SponsorContact) -> list[Row]:
    """Active students by name, each with what waits for this contact and what it has signed. Four queries."""
    own = roles_of_contact(cohort, contact)
    shown = (
        "uuid",
        "first_name",
        "last_name",
        "state",
        "verification",
        "submitted_at",
        "birth_date",
        "waits_for_guardian",
        "cohort_id",
    )
    students = Enrollment.objects.filter(cohort=cohort, state__in=ACTIVE_STATES).only(*shown)
    rows = {one.pk: Row(one) for one in students.order_by("first_name", "last_name", "pk")}
    for agreement in _agreements(cohort):
        row = rows.get(agreement.enrollment_id or 0)
        if row is not None:
            agreement.enrollment = row.enrollment
            _sort(row, agreement, own)
    return list(rows.values())


def agreement_for(
    cohort: Cohort, contact: SponsorContact, *, enrollment: uuid.UUID, agreement: uuid.UUID
) -> Agreement | None:
    """One agreement with all that rendering reads, if the contact may look at it: its student is ready, or the
    contact signed it."""
    found = Agreement.objects.filter(cohort=cohort, uuid=agreement, enrollment__uuid=enrollment)
    found = found.filter(enrollment__state__in=ACTIVE_STATES).exclude(state=AgreementState.VOID)
    found = found.select_related(
        "version", "enrollment", "cohort__programme", "cohort__sponsor", "cohort__institution", "current", "sealed"
    )  # fmt: skip
    one = found.prefetch_related("acts").first()
    if one is None or one.enrollment is None:
        return None
    is_mine = bool(acted_roles(one) & roles_of_contact(cohort, contact))
    return one if is_mine or is_ready(one.enrollment) else None


def is_ready(enrollment: Enrollment) -> bool:
    """Complete, checked and signed by the guardian too: what the gate asks of each student."""
    done = (enrollment.state, enrollment.verification) == (EnrollmentState.COMPLETE, Verification.VERIFIED)
    return done and not enrollment.waits_for_guardian


def _agreements(cohort: Cohort) -> QuerySet[Agreement]:
    shown = ("uuid", "enrollment_id", "cohort_id", "version_id", "revision", "state", "position", "for_minor")
    acts = Act.objects.only("agreement_id", "revision", "role_key").order_by("pk")
    found = Agreement.objects.filter(cohort=cohort, enrollment__state__in=ACTIVE_STATES).only(*shown)
    found = found.exclude(state=AgreementState.VOID).order_by("position", "pk")
    return found.prefetch_related("version", Prefetch("acts", queryset=acts))


def _sort(row: Row, agreement: Agreement, own: set[str]) -> None:
    row.agreements.append(agreement)
    if own & acted_roles(agreement):
        row.signed.append(agreement)
    if (
        agreement.state == AgreementState.OPEN
        and is_ready(row.enrollment)
        and consecutive_roles(agreement, own)
    ):
        row.to_sign.append(agreement)


@dataclass
class Totals:
    """The overview's numbers."""

    students: int
    to_sign_students: int
    to_sign_documents: int
    signed_students: int
    signed_documents: int
    later_students: int
    by_title: list[tuple[str, int]]


def totals_of(rows: Sequence[Row]) -> Totals:
    waiting = [row for row in rows if row.state == TO_SIGN]
    signed = [row for row in rows if row.signed]
    titles: Counter[str] = Counter()
    for row in waiting or signed:
        titles.update(agreement.title for agreement in row.to_sign or row.signed)
    return Totals(
        students=len(rows), to_sign_students=len(waiting),
        to_sign_documents=sum(len(row.to_sign) for row in waiting),
        signed_students=len(signed), signed_documents=sum(len(row.signed) for row in signed),
        later_students=sum(row.state == LATER for row in rows), by_title=list(titles.items()),
    )  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One point of the line that shows who signs when."""

    state: str
    title: str
    note: str = ""


def dates_of(cohort: Cohort) -> dict[str, datetime | None]:
    """When the institution signed, and since when the sponsor may."""
    specimens = Act.objects.filter(agreement__cohort=cohort, agreement__subject_key=Agreement.SPECIMEN)
    invited = cohort.sponsor_invitations.aggregate(first=Min("invited_at"))["first"]
    return {"institution": specimens.aggregate(first=Min("signed_at"))["first"], "open": invited}
