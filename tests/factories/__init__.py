"""Small real things for tests: each goes through the same operations as the pages do."""

from tests.factories.agreements import published, template
from tests.factories.cohorts import cohort, completed, enrolling, programme, ready, sponsor_signed
from tests.factories.fields import field, small_fields
from tests.factories.files import photo, small_pdf
from tests.factories.guardians import GUARDIAN_ROLES, cosigned, guardian_actor, guardian_fields, with_guardian
from tests.factories.institutions import account, actor_of, institution, staff, superuser, user
from tests.factories.signing import DAY, mark, shown_sha, sign_institution, start_signing
from tests.factories.sponsors import contact_of, sponsor, sponsor_actor
from tests.factories.students import (
    enrollment,
    filled,
    invited,
    sent,
    shown_to_student,
    student_actor,
    submitted,
    upload,
    verified,
    years_ago,
)

__all__ = [
    "DAY",
    "GUARDIAN_ROLES",
    "account",
    "actor_of",
    "cohort",
    "completed",
    "contact_of",
    "cosigned",
    "enrolling",
    "enrollment",
    "field",
    "filled",
    "guardian_actor",
    "guardian_fields",
    "institution",
    "invited",
    "mark",
    "photo",
    "programme",
    "published",
    "ready",
    "sent",
    "shown_sha",
    "shown_to_student",
    "sign_institution",
    "small_fields",
    "small_pdf",
    "sponsor",
    "sponsor_actor",
    "sponsor_signed",
    "staff",
    "start_signing",
    "student_actor",
    "submitted",
    "superuser",
    "template",
    "upload",
    "user",
    "verified",
    "with_guardian",
    "years_ago",
]
