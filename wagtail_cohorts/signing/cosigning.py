"""The guardian of a minor signs beside the student: all that waits for the guardian, in one press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import IntegrityError
from django.utils.translation import gettext as _

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.agreements.models import GUARDIAN
from wagtail_cohorts.enrollments.guardians import note_wait
from wagtail_cohorts.enrollments.models import Agreement, Enrollment, Guardian
from wagtail_cohorts.enrollments.operations import identify, lock_enrollment, require_at_work
from wagtail_cohorts.enrollments.states import AgreementState
from wagtail_cohorts.enrollments.turns import consecutive_roles
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import Changed, Incomplete, WrongState
from wagtail_cohorts.signing.acts import Prepared, Signing, commit, prepare
from wagtail_cohorts.signing.answers import missing_answers
from wagtail_cohorts.signing.consent import keep_consent
from wagtail_cohorts.signing.models import Mark
from wagtail_cohorts.signing.rendering import Signer
from wagtail_cohorts.signing.signable import whole
from wagtail_cohorts.transactions import operation

ToSign = list[tuple[Agreement, list[str]]]


def guardian_keys(agreement: Agreement) -> list[str]:
    return [role.key for role in definition_of(agreement.version).of_kind(GUARDIAN)]


def agreements_for_guardian(enrollment: Enrollment) -> ToSign:
    """The agreements whose turn is the guardian's, with the roles; none once the student left."""
    if not enrollment.is_active:
        return []
    rows = whole(Agreement.objects.filter(enrollment=enrollment, state=AgreementState.OPEN))
    found = [
        (one, consecutive_roles(one, guardian_keys(one)))
        for one in rows.prefetch_related("acts", "version__template").order_by("position", "pk")
    ]
    return [(agreement, keys) for agreement, keys in found if keys]


def guardian_signer(guardian: Guardian) -> Signer:
    """The record keeps what the guardian is to the student in the place of a position."""
    return Signer(guardian.signer_key, guardian.name, guardian.get_relation_display())


def cosigning_problems(to_sign: ToSign) -> list[str]:
    """Required answers that are not there yet, as sentences."""
    return [
        sentence
        for agreement, keys in to_sign
        for key in keys
        for _f, sentence in missing_answers(agreement, key)
    ]


def sign_as_guardian(
    guardian: Guardian, *, mark: Mark, day: date, shown: Mapping[str, str], actor: Actor
) -> Enrollment:
    """Sign everything that waits for the guardian. ``shown`` maps an agreement's uuid to the SHA-256 that the page
    showed. A second press changes nothing. Raises Incomplete, Changed, WrongState. Emits agreement.signed,
    guardian.signed."""
    enrollment = Enrollment.objects.get(pk=guardian.enrollment_id)
    to_sign = agreements_for_guardian(enrollment)
    if not to_sign:
        return enrollment
    _check(to_sign)
    signing = Signing(
        signer=guardian_signer(guardian), mark=mark, consent=keep_consent(), day=day, actor=actor
    )
    try:
        prepared = [
            prepare(
                agreement, keys, signer=signing.signer, mark=mark, day=day,
                expected_sha256=shown.get(str(agreement.uuid), "-"),
            )
            for agreement, keys in to_sign
        ]  # fmt: skip
        return _commit(guardian, prepared, signing)
    except (IntegrityError, Changed):  # the same press, twice at once: the other one was first
        enrollment.refresh_from_db()
        if not agreements_for_guardian(enrollment):
            return enrollment
        raise


def _check(to_sign: ToSign) -> None:
    problems = cosigning_problems(to_sign)
    if problems:
        raise Incomplete(_("Something is still missing."), problems=problems)


@operation
def _commit(guardian: Guardian, prepared: Sequence[Prepared], signing: Signing) -> Enrollment:
    cohort, enrollment = lock_enrollment(guardian.enrollment_id)
    require_at_work(enrollment)
    if not enrollment.is_active or Guardian.objects.get(pk=guardian.pk).uuid != guardian.uuid:
        raise WrongState(_("This is no longer possible here."))
    to_sign = agreements_for_guardian(enrollment)
    if not to_sign:
        return enrollment
    _check(to_sign)
    if {one.pk: tuple(keys) for one, keys in to_sign} != {
        one.agreement_id: one.role_keys for one in prepared
    }:
        raise Changed(_("The agreements have changed since you saw them. Look at them again."))
    locked = Agreement.objects.select_for_update().prefetch_related("version__template").order_by("pk")
    rows = {row.pk: row for row in locked.filter(pk__in=[one.agreement_id for one in prepared])}
    for row in rows.values():
        row.cohort, row.enrollment = cohort, enrollment
    commit([(rows[one.agreement_id], one) for one in prepared], signing)
    note_wait(enrollment)
    data = {**identify(enrollment), "guardian": str(guardian.uuid), "agreements": len(prepared)}
    append(enrollment.stream_key, "guardian.signed", actor=signing.actor, data=data)
    return enrollment
