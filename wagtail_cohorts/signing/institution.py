"""The institution signs once per cohort and agreement, on a specimen; every student's copy carries it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.agreements.models import INSTITUTION
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.cohorts.transitions import lock_cohort, move
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.exceptions import Changed, Incomplete, WrongState
from wagtail_cohorts.signing.acts import Prepared, Signing, commit, prepare
from wagtail_cohorts.signing.answers import missing_answers
from wagtail_cohorts.signing.consent import keep_consent
from wagtail_cohorts.signing.models import Mark
from wagtail_cohorts.signing.rendering import Signer
from wagtail_cohorts.transactions import operation


def specimens_of(cohort: Cohort) -> list[Agreement]:
    specimens = Agreement.objects.filter(cohort=cohort, subject_key=Agreement.SPECIMEN)
    return list(
        specimens.select_related(
            "version__template", "cohort__programme", "cohort__sponsor", "cohort__institution"
        ).prefetch_related("acts")
    )


def institution_roles(specimen: Agreement) -> list[str]:
    return [role.key for role in definition_of(specimen.version).of_kind(INSTITUTION)]


def specimen_problems(cohort: Cohort) -> list[str]:
    """What the institution has not filled in yet."""
    return [
        f"{specimen.title}: {sentence}"
        for specimen in specimens_of(cohort)
        for key in institution_roles(specimen)
        for _field, sentence in missing_answers(specimen, key)
    ]


def sign_as_institution(
    cohort: Cohort, *, signer: Signer, mark: Mark, day: date, shown: Mapping[str, str], actor: Actor
) -> Cohort:
    """Sign all specimens; the cohort goes on to enrolling. Raises Incomplete, Changed, WrongState. Emits
    agreement.signed, cohort.institution_signed."""
    problems = specimen_problems(cohort)
    if problems:
        raise Incomplete(" ".join(problems), problems=problems)
    prepared = [
        prepare(
            one,
            institution_roles(one),
            signer=signer,
            mark=mark,
            day=day,
            expected_sha256=shown.get(str(one.uuid), "-"),
        )
        for one in specimens_of(cohort)
    ]
    signing = Signing(signer=signer, mark=mark, consent=keep_consent(), day=day, actor=actor)
    try:
        return _commit(cohort, {one.agreement_id: one for one in prepared}, signing)
    except IntegrityError:
        raise WrongState(_("The institution has signed already.")) from None


@operation
def _commit(cohort: Cohort, prepared: Mapping[int, Prepared], signing: Signing) -> Cohort:
    cohort = lock_cohort(cohort.pk)
    if cohort.state != CohortState.INSTITUTION_SIGNING:
        raise WrongState(_("The institution has signed already."))
    locked = Agreement.objects.select_for_update().prefetch_related("version__template")
    specimens = list(locked.filter(cohort=cohort, subject_key=Agreement.SPECIMEN))
    if {one.pk for one in specimens} != set(prepared):  # stepped back and opened with others meanwhile
        raise Changed(_("The agreements have changed since you saw them. Look at them again."))
    pairs: list[tuple[Agreement, Any]] = []
    for specimen in specimens:
        specimen.cohort = cohort
        pairs.append((specimen, prepared[specimen.pk]))
    commit(pairs, signing)
    move(cohort, "institution_signed", CohortState.ENROLLING, actor=signing.actor)
    return cohort
