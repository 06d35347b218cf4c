"""A student starts again: what that undoes, told before it is done, and doing it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.enrollments.guardians import guardian_of, note_wait
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.operations import INVITABLE, identify, lock_enrollment, move
from wagtail_cohorts.enrollments.states import TRANSITIONS, AgreementState
from wagtail_cohorts.exceptions import WrongState
from wagtail_cohorts.signing.models import Act, Mark
from wagtail_cohorts.transactions import operation
from wagtail_cohorts.uploads.models import CURRENT_STATES, Upload, UploadState
from wagtail_cohorts.uploads.operations import update_verification

RESETTABLE = TRANSITIONS["reset"].sources


@dataclass(frozen=True)
class Undone:
    """What a reset would take out of force now. Nothing of it is deleted."""

    acts: list[Act]
    answered: int
    uploads: int

    @property
    def signers(self) -> list[str]:
        """Whose signatures no longer count, each once, in the order in which they signed."""
        return list(dict.fromkeys(act.signer_name for act in self.acts))


def what_reset_undoes(enrollment: Enrollment) -> Undone:
    """Signatures on the present revisions, agreements with answers, and documents that stand."""
    agreements = _agreements(enrollment)
    acts = Act.objects.filter(agreement__in=agreements, revision=F("agreement__revision"))
    return Undone(
        acts=list(acts.select_related("agreement__version").order_by("pk")),
        answered=sum(bool(one.values) for one in agreements),
        uploads=_uploads(enrollment).count(),
    )


@operation
def reset_student(
    enrollment: Enrollment, *, reason: str, keep_documents: bool = False, actor: Actor
) -> Enrollment:
    """Back to the start: a new revision voids every signature on the student's agreements, answers are cleared,
    details are asked again, and documents are superseded unless they are kept. Files, acts and events stay.

    Raises WrongState, Incomplete without a reason. Emits enrollment.reset.
    """
    cohort, enrollment = lock_enrollment(enrollment.pk)
    if cohort.state not in INVITABLE:
        raise WrongState(_("This is not possible in this cohort now."))
    voided = _void_agreements(enrollment)
    _forget_marks(enrollment)
    replaced = [] if keep_documents else _supersede(enrollment)
    enrollment.details_confirmed_at = enrollment.submitted_at = None
    enrollment.save(update_fields=["details_confirmed_at", "submitted_at"])
    data = {
        **identify(enrollment),
        "agreements": voided,
        "uploads": replaced,
        "documents_kept": keep_documents,
    }
    note_wait(enrollment)
    move(enrollment, "reset", actor=actor, reason=reason, data=data)
    update_verification(enrollment, actor=actor)
    return enrollment


def _agreements(enrollment: Enrollment) -> QuerySet[Agreement]:
    return Agreement.objects.filter(enrollment=enrollment).exclude(state=AgreementState.VOID).order_by("pk")


def _uploads(enrollment: Enrollment) -> QuerySet[Upload]:
    return Upload.objects.filter(enrollment=enrollment, state__in=CURRENT_STATES).order_by("pk")


def _void_agreements(enrollment: Enrollment) -> list[dict[str, str | int]]:
    """A signed one gets its next revision, to which no act belongs yet. Returns those, as the event tells them."""
    voided: list[dict[str, str | int]] = []
    locked = list(_agreements(enrollment).select_for_update())
    acted = set(
        Act.objects.filter(agreement__in=locked, revision=F("agreement__revision")).values_list(
            "agreement_id", flat=True
        )
    )
    for agreement in locked:
        if agreement.pk in acted:
            agreement.revision += 1
            voided.append({"agreement": str(agreement.uuid), "revision": agreement.revision})
        agreement.state, agreement.current = AgreementState.OPEN, None
        agreement.values, agreement.fixed, agreement.returned_reason = {}, {}, ""
        agreement.for_minor = None
        agreement.save()
    return voided


def _forget_marks(enrollment: Enrollment) -> None:
    """The acts keep their marks; neither student nor guardian signs again with one that was made before."""
    guardian = guardian_of(enrollment)
    for key in [enrollment.stream_key, *([guardian.signer_key] if guardian else [])]:
        Mark.objects.filter(owner_key=key).update(owner_key=f"{key}:before-reset")


def _supersede(enrollment: Enrollment) -> list[str]:
    uploads = list(_uploads(enrollment).select_for_update())
    Upload.objects.filter(pk__in=[one.pk for one in uploads]).update(state=UploadState.REPLACED)
    return [str(one.uuid) for one in uploads]
