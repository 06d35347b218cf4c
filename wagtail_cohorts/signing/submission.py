"""The student's last step: everything is checked, signed and sent at once; or sent again after a correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.agreements.models import STUDENT
from wagtail_cohorts.enrollments.guardians import ask_guardian, guardian_of, note_wait
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.operations import lock_enrollment, move, require_at_work
from wagtail_cohorts.enrollments.states import AgreementState, EnrollmentState
from wagtail_cohorts.enrollments.turns import asks_guardian, turn_of
from wagtail_cohorts.exceptions import Changed, Incomplete, WrongState
from wagtail_cohorts.signing.acts import Prepared, Signing, commit, prepare
from wagtail_cohorts.signing.answers import missing_answers
from wagtail_cohorts.signing.consent import keep_consent
from wagtail_cohorts.signing.models import Mark
from wagtail_cohorts.signing.rendering import Signer
from wagtail_cohorts.transactions import operation
from wagtail_cohorts.uploads.operations import missing_documents, update_verification


def agreements_to_sign(enrollment: Enrollment) -> list[tuple[Agreement, str]]:
    """The open agreements whose turn is the student's, with the role's key."""
    agreements = enrollment.agreements.filter(state=AgreementState.OPEN)
    agreements = agreements.select_related(
        "version__template", "cohort__programme", "cohort__sponsor", "cohort__institution", "enrollment"
    ).prefetch_related("acts")
    turns = [(agreement, turn_of(agreement)) for agreement in agreements]
    return [(agreement, role.key) for agreement, role in turns if role is not None and role.kind == STUDENT]


def student_signer(enrollment: Enrollment) -> Signer:
    return Signer(enrollment.stream_key, enrollment.full_name)


def submission_problems(enrollment: Enrollment) -> list[tuple[str, str, str]]:
    """What is missing: (kind, key, sentence), kind being details, guardian, document or agreement."""
    problems = []
    if enrollment.details_confirmed_at is None:
        problems.append(("details", "", _("Your details are not confirmed yet.")))
    if guardian_of(enrollment) is None and asks_guardian(enrollment):
        problems.append(("guardian", "", _("Your guardian is not named yet.")))
    for document in missing_documents(enrollment):
        problems.append(("document", str(document.uuid), _("“%s” is missing.") % document.label))
    for agreement, role_key in agreements_to_sign(enrollment):
        for _field, sentence in missing_answers(agreement, role_key):
            problems.append(("agreement", str(agreement.uuid), sentence))
    return problems


def submit(
    enrollment: Enrollment, *, mark: Mark | None, day: date, shown: Mapping[str, str], actor: Actor
) -> Enrollment:
    """Sign every open agreement and send all papers. ``shown`` maps an agreement's uuid to the SHA-256 that the
    review page showed. A second press changes nothing. Raises Incomplete, Changed, WrongState. Emits
    agreement.signed, enrollment.submitted, and guardian.asked where a guardian signs next."""
    enrollment = Enrollment.objects.get(pk=enrollment.pk)
    if enrollment.state == EnrollmentState.COMPLETE:
        return enrollment
    to_sign = agreements_to_sign(enrollment)
    _check(enrollment, mark, needs_mark=bool(to_sign))
    try:
        prepared = [
            _prepare(enrollment, agreement, role_key, mark=mark, day=day, shown=shown)
            for agreement, role_key in to_sign
            if mark is not None
        ]
        return _commit(enrollment, prepared, mark=mark, day=day, actor=actor)
    except (IntegrityError, Changed):  # the same press, twice at once: the other one was first
        enrollment.refresh_from_db()
        if enrollment.state == EnrollmentState.COMPLETE:
            return enrollment
        raise


def _prepare(
    enrollment: Enrollment,
    agreement: Agreement,
    role_key: str,
    *,
    mark: Mark,
    day: date,
    shown: Mapping[str, str],
) -> Prepared:
    seen = shown.get(str(agreement.uuid), "-")
    return prepare(
        agreement, [role_key], signer=student_signer(enrollment), mark=mark, day=day, expected_sha256=seen
    )


def _check(enrollment: Enrollment, mark: Mark | None, *, needs_mark: bool) -> None:
    problems = submission_problems(enrollment)
    if problems:
        raise Incomplete(_("Something is still missing."), problems=problems)
    if needs_mark and mark is None:
        raise Incomplete(
            _("Your signature is missing."), problems=[("signature", "", _("Your signature is missing."))]
        )


@operation
def _commit(
    enrollment: Enrollment, prepared: Sequence[Prepared], *, mark: Mark | None, day: date, actor: Actor
) -> Enrollment:
    cohort, enrollment = lock_enrollment(enrollment.pk)
    if enrollment.state == EnrollmentState.COMPLETE:
        return enrollment
    if enrollment.state != EnrollmentState.IN_PROGRESS:
        raise WrongState(_("This is no longer possible here."))
    require_at_work(enrollment)
    _check(enrollment, mark, needs_mark=bool(prepared))
    if {agreement.pk for agreement, _key in agreements_to_sign(enrollment)} != {
        one.agreement_id for one in prepared
    }:
        raise Changed(_("The agreements have changed since you saw them. Look at them again."))
    locked = Agreement.objects.select_for_update().prefetch_related("version__template")
    rows = {row.pk: row for row in locked.filter(pk__in=[one.agreement_id for one in prepared])}
    pairs = []
    for one in prepared:
        agreement = rows[one.agreement_id]
        agreement.cohort, agreement.enrollment = cohort, enrollment
        pairs.append((agreement, one))
    if pairs and mark is not None:
        signer = student_signer(enrollment)
        commit(pairs, Signing(signer=signer, mark=mark, consent=keep_consent(), day=day, actor=actor))
    enrollment.submitted_at = timezone.now()
    enrollment.save(update_fields=["submitted_at"])
    note_wait(enrollment)
    move(enrollment, "submit", actor=actor)
    ask_guardian(enrollment)
    update_verification(enrollment, actor=actor)
    return enrollment
