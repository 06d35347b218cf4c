"""What a sponsor's contact may sign now, and the hash of exactly that list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.states import AgreementState, EnrollmentState, Verification
from wagtail_cohorts.enrollments.turns import consecutive_roles
from wagtail_cohorts.evidence.canonical import canonical_json, sha256_hex
from wagtail_cohorts.signing.rendering import read_copies
from wagtail_cohorts.sponsors.models import SponsorContact

Chosen = Mapping[Enrollment, Sequence[tuple[Agreement, list[str]]]]


def whole(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """With all that rendering reads; equal versions and cohorts are one object, read once."""
    return agreements.select_related("enrollment__guardian").prefetch_related(
        "version", "cohort__programme", "cohort__sponsor", "cohort__institution"
    )


def roles_of_contact(cohort: Cohort, contact: SponsorContact) -> set[str]:
    return set(cohort.parties.filter(contact=contact).values_list("role_key", flat=True))


def signable(cohort: Cohort, contact: SponsorContact) -> dict[Enrollment, list[tuple[Agreement, list[str]]]]:
    """Ready students with the agreements that this contact may sign now."""
    own = roles_of_contact(cohort, contact)
    agreements = whole(
        Agreement.objects.filter(
            cohort=cohort,
            state=AgreementState.OPEN,
            enrollment__state=EnrollmentState.COMPLETE,
            enrollment__verification=Verification.VERIFIED,
            enrollment__waits_for_guardian=False,
        )
    ).prefetch_related("acts")
    found: dict[Enrollment, list[tuple[Agreement, list[str]]]] = {}
    for agreement in agreements.order_by(
        "enrollment__last_name", "enrollment__first_name", "enrollment", "position"
    ):
        roles = consecutive_roles(agreement, own)
        if roles and agreement.enrollment is not None:
            found.setdefault(agreement.enrollment, []).append((agreement, roles))
    return found


def fingerprints_of(chosen: Chosen) -> dict[int, str]:
    """The state of each chosen agreement, by id."""
    agreements = [agreement for rows in chosen.values() for agreement, _roles in rows]
    return {pk: copy.fingerprint for pk, copy in read_copies(agreements).items()}


def list_fingerprint(prints: Mapping[int, str]) -> str:
    """One hash for exactly these agreements in exactly these states."""
    return sha256_hex(canonical_json([[pk, prints[pk]] for pk in sorted(prints)]))
