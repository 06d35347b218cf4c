"""Whose turn it is: derived from a version's roles, the student's age and the acts of the agreement's revision."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from wagtail_cohorts import clock
from wagtail_cohorts.agreements.definitions import Role, definition_of
from wagtail_cohorts.agreements.models import GUARDIAN, INSTITUTION, STUDENT
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.states import AgreementState
from wagtail_cohorts.enrollments.students import age_on

MAJORITY = 18
PLACES = {STUDENT: 0, GUARDIAN: 1}
"""The student signs first, then the guardian, then the sponsor's side in the editor's order: the gate lies between."""


def is_minor(enrollment: Enrollment | None, *, on: date | None = None) -> bool:
    """Under 18 on that day, or today; nobody without a date of birth."""
    age = age_on(enrollment.birth_date, on or clock.today()) if enrollment is not None else None
    return age is not None and age < MAJORITY


def acted_roles(agreement: Agreement) -> set[str]:
    """Role keys of the acts of the current revision (uses prefetched acts)."""
    return {act.role_key for act in agreement.acts.all() if act.revision == agreement.revision}


def is_for_minor(agreement: Agreement, acted: Collection[str]) -> bool:
    """Decided on the day on which the student signed this copy, and kept: a birthday changes nothing after that.
    Until then today's age counts."""
    if agreement.for_minor is not None and acted:
        return agreement.for_minor
    return is_minor(agreement.enrollment)


def signing_roles(agreement: Agreement, acted: Collection[str]) -> list[Role]:
    """Roles that act on a student's copy, in order: not the institution, whose act stands on the specimen; a
    guardian only for a minor."""
    roles = [role for role in definition_of(agreement.version).acting_roles() if role.kind != INSTITUTION]
    if any(role.kind == GUARDIAN for role in roles) and not is_for_minor(agreement, acted):
        roles = [role for role in roles if role.kind != GUARDIAN]
    return sorted(roles, key=lambda role: PLACES.get(role.kind, len(PLACES)))


def roles_left(agreement: Agreement, acted: Collection[str]) -> list[Role]:
    """Who still signs, in order."""
    return [role for role in signing_roles(agreement, acted) if role.key not in acted]


def turn_of(agreement: Agreement) -> Role | None:
    """Who signs next on a student's copy; None when all have signed."""
    left = roles_left(agreement, acted_roles(agreement))
    return left[0] if left else None


def consecutive_roles(agreement: Agreement, own: Collection[str]) -> list[str]:
    """The next roles in signing order that are this signer's: one person may act for two in one go."""
    found: list[str] = []
    for role in roles_left(agreement, acted_roles(agreement)):
        if role.key not in own:
            break
        found.append(role.key)
    return found


def copies_of(enrollment: Enrollment) -> list[Agreement]:
    """The student's agreements that are not void, with what a turn rests on."""
    rows = enrollment.agreements.exclude(state=AgreementState.VOID).select_related("version__template")
    found = list(rows.prefetch_related("acts"))
    for agreement in found:
        agreement.enrollment = enrollment
    return found


def asks_guardian(enrollment: Enrollment) -> bool:
    """Whether a guardian signs at least one of the student's agreements."""
    return any(
        role.kind == GUARDIAN
        for agreement in copies_of(enrollment)
        for role in signing_roles(agreement, acted_roles(agreement))
    )


def guardian_turns(enrollment: Enrollment) -> list[Agreement]:
    """The agreements that wait for the guardian now."""
    turns = [(agreement, turn_of(agreement)) for agreement in copies_of(enrollment)]
    return [agreement for agreement, role in turns if role is not None and role.kind == GUARDIAN]


def decide_again(agreement: Agreement) -> None:
    """The student's age was wrong: whether a guardian signs follows the right one, unless somebody signed after the
    student already. On an agreement whose enrollment is locked."""
    acts = [act for act in agreement.acts.all() if act.revision == agreement.revision]
    students = {role.key for role in definition_of(agreement.version).roles if role.kind == STUDENT}
    if not acts or any(act.role_key not in students for act in acts):
        return
    for_minor = is_minor(agreement.enrollment, on=acts[-1].signed_on)
    if for_minor == agreement.for_minor:
        return
    agreement.for_minor = for_minor
    if agreement.state in (AgreementState.OPEN, AgreementState.SIGNED):
        is_left = bool(roles_left(agreement, acted_roles(agreement)))
        agreement.state = AgreementState.OPEN if is_left else AgreementState.SIGNED
    agreement.save(update_fields=["for_minor", "state"])
