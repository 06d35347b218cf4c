"""A role's answers: cleaned one by one, saved as typed, checked as a whole before signing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_cohorts import pdf
from wagtail_cohorts.actors import STUDENT, Actor
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.agreements.models import GUARDIAN
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.cohorts.transitions import lock_cohort
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.operations import lock_enrollment, require_at_work, start
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.enrollments.turns import turn_of
from wagtail_cohorts.exceptions import BadInput, WrongState
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.signing.rendering import prefilled
from wagtail_cohorts.texts import in_language
from wagtail_cohorts.transactions import again

MARK_TYPES = ("signature", "initials", "date_signed", "static")


def editable_fields(agreement: Agreement, role_key: str) -> list[pdf.Field]:
    """What this role fills in by hand."""
    return [f for f in definition_of(agreement.version).inputs(role_key) if not f.read_only]


def clean_answers(
    agreement: Agreement, role_key: str, raw: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values that are fine and the sentences for those that are not, by field key. Empty ones are fine."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in editable_fields(agreement, role_key):
        if one.key not in raw:
            continue
        try:
            values[one.key] = "" if raw[one.key] in ("", None, []) else pdf.clean_value(one, raw[one.key])
        except pdf.FieldError as error:
            errors[one.key] = str(error)
    return values, errors


@again
def save_answers(
    agreement: Agreement, role_key: str, raw: Mapping[str, Any], *, actor: Actor
) -> dict[str, str]:
    """Keep what is fine, return what is not. Never loses an earlier good answer. Raises WrongState."""
    with transaction.atomic():
        agreement = lock_agreement(agreement)
        _check_may_answer(agreement, role_key)
        values, errors = clean_answers(agreement, role_key, raw)
        if agreement.enrollment is not None and actor.kind == STUDENT:
            start(agreement.enrollment, actor=actor)
        own = {**agreement.values.get(role_key, {}), **values}
        agreement.values = {
            **agreement.values,
            role_key: {key: value for key, value in own.items() if value != ""},
        }
        agreement.save(update_fields=["values", "updated_at"])
    return errors


def lock_agreement(agreement: Agreement) -> Agreement:
    """Cohort, enrollment, agreement: locked in this order."""
    if agreement.enrollment_id is None:
        cohort, enrollment = lock_cohort(agreement.cohort_id), None
    else:
        cohort, enrollment = lock_enrollment(agreement.enrollment_id)
    locked = Agreement.objects.select_for_update().prefetch_related("version__template").get(pk=agreement.pk)
    locked.cohort, locked.enrollment = cohort, enrollment
    return locked


def _check_may_answer(agreement: Agreement, role_key: str) -> None:
    enrollment = agreement.enrollment
    if enrollment is None:
        if agreement.cohort.state != CohortState.INSTITUTION_SIGNING:
            raise WrongState(_("The institution fills this in while it signs, not now."))
    else:
        require_at_work(enrollment)
        if definition_of(agreement.version).role(role_key).kind == GUARDIAN:
            return _check_guardians_turn(agreement)
        if enrollment.state not in (EnrollmentState.WAITING, EnrollmentState.IN_PROGRESS):
            raise WrongState(_("Your papers were sent already."))
    if Act.objects.filter(agreement=agreement, revision=agreement.revision, role_key=role_key).exists():
        raise WrongState(_("“%s” is signed already.") % agreement.title)


def _check_guardians_turn(agreement: Agreement) -> None:
    turn = turn_of(agreement)
    if turn is None or turn.kind != GUARDIAN or not (agreement.enrollment and agreement.enrollment.is_active):
        raise WrongState(_("“%s” does not wait for a guardian now.") % agreement.title)


def missing_answers(agreement: Agreement, role_key: str) -> list[tuple[pdf.Field, str]]:
    """Required fields without a value, each with a sentence."""
    own = {**prefilled(agreement, definition_of(agreement.version)), **agreement.values.get(role_key, {})}
    return [
        (one, _("“%s” is missing.") % (in_language(one.label) or one.key))
        for one in editable_fields(agreement, role_key)
        if one.required and own.get(one.key) in (None, "", False, [])
    ]


def require_answers(agreement: Agreement, role_key: str) -> None:
    missing = missing_answers(agreement, role_key)
    if missing:
        raise BadInput(" ".join(text for _field, text in missing), field=missing[0][0].key)
