"""Whose turn it is: derived from a version's roles and the acts of the agreement's revision."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from wagtail_cohorts.agreements.definitions import Definition, Role, definition_of
from wagtail_cohorts.agreements.models import GUARDIAN, INSTITUTION
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.students import age_on

MAJORITY = 18


def is_minor(enrollment: Enrollment | None) -> bool:
    age = age_on(enrollment.birth_date, date.today()) if enrollment is not None else None
    return age is not None and age < MAJORITY


def signing_roles(definition: Definition, enrollment: Enrollment | None) -> list[Role]:
    """Roles that act on a student's copy, in order: not the institution, whose act stands on the specimen; a
    guardian only for a minor."""
    return [
        role
        for role in definition.acting_roles()
        if role.kind != INSTITUTION and (role.kind != GUARDIAN or is_minor(enrollment))
    ]


def next_role(definition: Definition, enrollment: Enrollment | None, acted: Collection[str]) -> Role | None:
    return next((role for role in signing_roles(definition, enrollment) if role.key not in acted), None)


def acted_roles(agreement: Agreement) -> set[str]:
    """Role keys of the acts of the current revision (uses prefetched acts)."""
    return {act.role_key for act in agreement.acts.all() if act.revision == agreement.revision}


def turn_of(agreement: Agreement) -> Role | None:
    """Who signs next on a student's copy; None when all have signed."""
    return next_role(definition_of(agreement.version), agreement.enrollment, acted_roles(agreement))


def is_turn(agreement: Agreement, role_key: str) -> bool:
    role = turn_of(agreement)
    return role is not None and role.key == role_key
