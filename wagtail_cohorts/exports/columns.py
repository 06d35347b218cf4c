"""What a student's row may hold: the ten fixed columns, more of the student, and any field of the agreements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wagtail_cohorts import clock
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.students import age_on
from wagtail_cohorts.exceptions import BadInput
from wagtail_cohorts.signing.rendering import prefilled
from wagtail_cohorts.texts import in_language

FIELD_PREFIX = "field:"
NOT_EXPORTED = ("signature", "initials", "static")


@dataclass(frozen=True)
class Column:
    """``read`` gives a text, a number, a date, a moment, or nothing."""

    key: str
    label: Any
    read: Callable[[Enrollment], Any]


def _age(enrollment: Enrollment) -> int | None:
    return age_on(enrollment.birth_date, clock.today())


FIXED = (
    Column("cohort_name", "Cohort name", lambda e: e.cohort.name),
    Column("student_name", "Student name", lambda e: e.first_name),
    Column("student_surname", "Student surname", lambda e: e.last_name),
    Column("student_age", "Student age", _age),
    Column("student_race", "Student race", lambda e: e.get_race_display() if e.race else ""),
    Column("student_city", "Student city", lambda e: e.city),
    Column("programme_type", "Programme type", lambda e: e.cohort.programme.get_kind_display()),
    Column("sponsor_company_name", "Sponsor company name", lambda e: e.cohort.sponsor.name),
    Column(
        "disability_status", "Disability status", lambda e: e.get_disability_display() if e.disability else ""
    ),
    Column("gender", "Gender", lambda e: e.get_gender_display() if e.gender else ""),
)
"""Their titles are a fixed format that others read by name, so they are not translated."""

EXTRA = (
    Column("state", gettext_lazy("State"), lambda e: e.get_state_display()),
    Column("verification", gettext_lazy("Verification"), lambda e: e.get_verification_display()),
    Column("email", gettext_lazy("E-mail"), lambda e: e.email),
    Column("phone", gettext_lazy("Phone"), lambda e: e.phone),
    Column("birth_date", gettext_lazy("Date of birth"), lambda e: e.birth_date),
    Column("invited_at", pgettext_lazy("column", "Invited"), lambda e: e.invited_at),
    Column("submitted_at", pgettext_lazy("column", "Sent"), lambda e: e.submitted_at),
    Column("verified_at", pgettext_lazy("column", "Verified"), lambda e: e.verified_at),
)
_KNOWN = {column.key: column for column in (*FIXED, *EXTRA)}
FIXED_KEYS = tuple(column.key for column in FIXED)


def field_columns(cohort: Cohort) -> list[Column]:
    """A column for each field of the cohort's agreements, by its export key; a key that two share is one column,
    and a label that two share says whose it is."""
    found: dict[str, tuple[str, str, str]] = {}
    for row in cohort.cohort_templates.select_related("version").order_by("position", "pk"):
        definition = definition_of(row.version) if row.version else None
        roles = {role.key: role.name for role in definition.roles} if definition else {}
        for one in definition.fields if definition else ():
            if one.type not in NOT_EXPORTED:
                label = in_language(one.label) or one.key
                found.setdefault(one.key, (label, roles.get(one.role, one.role), row.version.title))
    return [_field_column(key, title) for key, title in zip(found, _told_apart(found.values()), strict=True)]


def _told_apart(parts: Iterable[tuple[str, str, str]]) -> list[str]:
    """Label alone where that is enough; else with the role, and then with the agreement."""
    rows = [(label, f"{label} ({role})", f"{label} ({role}, {title})") for label, role, title in parts]
    others = Counter(str(column.label) for column in (*FIXED, *EXTRA))
    names = [row[0] for row in rows]
    for level in (1, 2):
        count = others + Counter(names)
        names = [row[level] if count[name] > 1 else name for row, name in zip(rows, names, strict=True)]
    return names


def _field_column(key: str, label: str) -> Column:
    return Column(FIELD_PREFIX + key, label, lambda enrollment: _field_value(enrollment, key))


def _field_value(enrollment: Enrollment, key: str) -> Any:
    for agreement in enrollment.agreements.all():
        field = next((one for one in definition_of(agreement.version).fields if one.key == key), None)
        if field is None:
            continue
        answers = agreement.values.get(field.role, {})
        if key in answers:
            return _shown(answers[key])
        agreement.enrollment, agreement.cohort = enrollment, enrollment.cohort
        return _shown(prefilled(agreement, definition_of(agreement.version)).get(key, ""))
    return ""


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, (list, tuple)):
        return ", ".join(str(one) for one in value)
    return value


def columns_named(keys: Iterable[str], *, fields: Sequence[Column] = ()) -> list[Column]:
    """The columns with these keys, in this order. Raises BadInput for a key that there is not."""
    known = {**_KNOWN, **{column.key: column for column in fields}}
    found = []
    for key in dict.fromkeys(keys):
        if key not in known:
            raise BadInput(_("There is no column “%s”.") % key, field="columns")
        found.append(known[key])
    return found


def available_columns(cohort: Cohort) -> list[Column]:
    """All that may be chosen for a cohort: the fixed ones first."""
    return [*FIXED, *EXTRA, *field_columns(cohort)]
