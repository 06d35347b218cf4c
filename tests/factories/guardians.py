"""Minors' agreements, and the guardians who sign them too."""

from __future__ import annotations

from typing import Any

from tests.factories.agreements import published
from tests.factories.cohorts import enrolling
from tests.factories.fields import field, small_fields
from tests.factories.institutions import institution
from tests.factories.signing import DAY, shown_sha
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.cosigning import agreements_for_guardian, guardian_signer, sign_as_guardian
from wagtail_cohorts.signing.marks import make_mark

GUARDIAN_ROLES = [
    {"key": "institution", "kind": "institution", "name": "Institution"},
    {"key": "student", "kind": "student", "name": "Student"},
    {"key": "guardian", "kind": "guardian", "name": "Guardian"},
    {"key": "sponsor", "kind": "sponsor", "name": "Sponsor"},
]


def guardian_fields() -> list[dict[str, Any]]:
    """``small_fields`` with a block for the guardian of a minor."""
    return [
        *small_fields(),
        field("guardian_name", "guardian", "text", y=230_000, source="guardian.name", read_only=True),
        field("guardian_id", "guardian", "text", y=260_000, required=True),
        field("guardian_signature", "guardian", "signature", y=700_000),
        field("guardian_date", "guardian", "date_signed", y=750_000),
        field("guardian_initials", "guardian", "initials", y=900_000, page=2),
    ]


def with_guardian(of: Institution | None = None, **more: Any) -> Cohort:
    """A cohort that the institution has signed, and whose agreement a minor's guardian signs too."""
    of = of or institution()
    version = published(of, fields=guardian_fields(), roles=GUARDIAN_ROLES)
    return enrolling(of, versions=[version], **more)


def guardian_actor(guardian: Guardian) -> Actor:
    return Actor("guardian", guardian.signer_key, name=guardian.name, ip="127.0.0.1", user_agent="test")


def cosigned(of: Enrollment) -> Enrollment:
    """The guardian fills in and signs all that waits."""
    guardian = Guardian.objects.get(enrollment=of)
    for agreement, keys in agreements_for_guardian(of):
        save_answers(agreement, keys[0], {"guardian_id": "7001015009087"}, actor=guardian_actor(guardian))
    signer = guardian_signer(guardian)
    shown = {str(one.uuid): shown_sha(one, keys, signer) for one, keys in agreements_for_guardian(of)}
    own = make_mark(institution_id=of.institution_id, owner_key=guardian.signer_key, typed_name=guardian.name)
    return sign_as_guardian(guardian, mark=own, day=DAY, shown=shown, actor=guardian_actor(guardian))
