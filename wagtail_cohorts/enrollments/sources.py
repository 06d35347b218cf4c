"""Where a field's prefilled value comes from: student, cohort, sponsor, institution."""

from __future__ import annotations

from collections.abc import Callable

from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.students import identity_of

COHORT_SOURCES: dict[str, Callable[[Cohort], object]] = {
    "cohort.name": lambda c: c.name,
    "cohort.qualification": lambda c: c.qualification or c.programme.qualification,
    "cohort.nqf_level": lambda c: c.nqf_level or c.programme.nqf_level or "",
    "cohort.seta": lambda c: c.seta or c.programme.seta,
    "cohort.start_date": lambda c: c.start_date.isoformat() if c.start_date else "",
    "cohort.end_date": lambda c: c.end_date.isoformat() if c.end_date else "",
    "programme.name": lambda c: c.programme.name,
    "sponsor.name": lambda c: c.sponsor.name,
    "sponsor.registration_number": lambda c: c.sponsor.registration_number,
    "sponsor.address": lambda c: c.sponsor.address,
    "institution.name": lambda c: c.institution.name,
    "institution.contact_name": lambda c: c.institution.contact_name,
    "institution.contact_email": lambda c: c.institution.contact_email,
    "institution.contact_phone": lambda c: c.institution.contact_phone,
}
STUDENT_SOURCES: dict[str, Callable[[Enrollment], object]] = {
    "student.first_name": lambda e: e.first_name,
    "student.last_name": lambda e: e.last_name,
    "student.full_name": lambda e: e.full_name,
    "student.email": lambda e: e.email,
    "student.phone": lambda e: e.phone,
    "student.identity_number": identity_of,
    "student.birth_date": lambda e: e.birth_date.isoformat() if e.birth_date else "",
    "student.gender": lambda e: e.get_gender_display() if e.gender else "",
    "student.race": lambda e: e.get_race_display() if e.race else "",
    "student.city": lambda e: e.city,
    "student.disability": lambda e: e.get_disability_display() if e.disability else "",
    "guardian.name": lambda e: _guardian(e, "name"),
    "guardian.email": lambda e: _guardian(e, "email"),
    "guardian.phone": lambda e: _guardian(e, "phone"),
    "guardian.relation": lambda e: _guardian(e, "get_relation_display"),
}


def _guardian(enrollment: Enrollment, name: str) -> object:
    """A fact of the guardian whom the student named; empty until then."""
    found = getattr(getattr(enrollment, "guardian", None), name, "")
    return found() if callable(found) else found


STUDENT_CHOICES = {"student.gender": "gender", "student.race": "race", "student.disability": "disability"}


def choice(source: str, enrollment: Enrollment | None) -> str:
    """The key of a choice, for a field with options; empty for anything else."""
    attribute = STUDENT_CHOICES.get(source)
    return str(getattr(enrollment, attribute)) if enrollment is not None and attribute else ""


def resolve(source: str, *, cohort: Cohort, enrollment: Enrollment | None) -> str:
    """The value as text; empty for an unknown source or when there is no student yet (the specimen)."""
    if source in COHORT_SOURCES:
        return str(COHORT_SOURCES[source](cohort))
    if enrollment is not None and source in STUDENT_SOURCES:
        return str(STUDENT_SOURCES[source](enrollment))
    return ""
