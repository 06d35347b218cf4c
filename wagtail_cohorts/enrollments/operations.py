"""Students joining, being invited and giving their details; what every change of an enrollment goes through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.agreements.models import INSTITUTION
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.cohorts.transitions import lock_cohort
from wagtail_cohorts.enrollments.models import Agreement, Enrollment, Guardian
from wagtail_cohorts.enrollments.states import TRANSITIONS, EnrollmentState, Verification
from wagtail_cohorts.enrollments.students import clean_student, write_student
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.evidence.operations import append, open_stream
from wagtail_cohorts.exceptions import BadInput, Incomplete, WrongState
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import make_link, rotate_link
from wagtail_cohorts.texts import clean_paragraph
from wagtail_cohorts.transactions import operation

INVITABLE = (
    CohortState.ENROLLING,
    CohortState.READY_FOR_SPONSOR,
    CohortState.SPONSOR_REVIEW,
    CohortState.INSTITUTION_REVIEW,
)


def lock_enrollment(enrollment_id: int) -> tuple[Cohort, Enrollment]:
    """The cohort's row, then the enrollment's, both locked: the one order in which they are ever locked."""
    cohort_id = Enrollment.objects.values_list("cohort_id", flat=True).get(pk=enrollment_id)
    cohort = lock_cohort(cohort_id)
    enrollment = Enrollment.objects.select_for_update().get(pk=enrollment_id)
    enrollment.cohort = cohort
    return cohort, enrollment


def move(
    enrollment: Enrollment,
    name: str,
    *,
    actor: Actor,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Apply one transition of the table to a locked enrollment. Raises WrongState, Incomplete."""
    transition = TRANSITIONS[name]
    if enrollment.state not in transition.sources:
        raise WrongState(
            _("%(student)s is now “%(state)s”; this is not possible there.")
            % {"student": enrollment.full_name, "state": enrollment.get_state_display()}
        )
    reason = clean_paragraph(reason)
    if transition.needs_reason and not reason:
        raise Incomplete(_("A reason is needed."))
    before, enrollment.state = enrollment.state, transition.target
    enrollment.save(update_fields=["state"])
    return append(
        enrollment.stream_key,
        transition.event,
        actor=actor,
        details={"reason": reason} if reason else {},
        data={**identify(enrollment), "from": str(before), "to": str(transition.target), **(data or {})},
    )


def require_at_work(enrollment: Enrollment) -> None:
    """Students do nothing before the institution has signed, nor after the end. Raises WrongState."""
    if enrollment.cohort.state not in INVITABLE:
        raise WrongState(_("This is not possible in this cohort now."))


def identify(enrollment: Enrollment) -> dict[str, str]:
    """How events name an enrollment: by ids only."""
    return {"cohort": str(enrollment.cohort.uuid), "enrollment": str(enrollment.uuid)}


@operation
def add_student(cohort: Cohort, raw: Mapping[str, Any], *, actor: Actor) -> Enrollment:
    """Enroll one student in any open state. Raises BadInput (also for a known address), WrongState. Emits
    enrollment.added."""
    cleaned = clean_student(raw)
    for name in ("first_name", "last_name"):
        if not cleaned.get(name):
            raise BadInput(_("A name is needed."), field=name)
    cohort = lock_cohort(cohort.pk)
    if not cohort.is_open:
        raise WrongState(_("“%s” takes no more students.") % cohort.name)
    enrollment = Enrollment(institution_id=cohort.institution_id, cohort=cohort)
    write_student(enrollment, cleaned)
    try:
        with transaction.atomic():
            enrollment.save()
    except IntegrityError:
        raise BadInput(
            _("%s is in this cohort already.") % enrollment.email, field="email", code="duplicate"
        ) from None
    open_stream(enrollment.stream_key, institution_id=cohort.institution_id)
    make_agreements(cohort, [enrollment])
    append(enrollment.stream_key, "enrollment.added", actor=actor, data=identify(enrollment))
    return enrollment


def make_agreements(cohort: Cohort, enrollments: Iterable[Enrollment]) -> None:
    """One open agreement a frozen version and enrollment; none while the cohort is a draft."""
    rows = [
        row for row in cohort.cohort_templates.select_related("version").order_by("position") if row.version
    ]
    Agreement.objects.bulk_create(
        [
            Agreement(
                institution_id=cohort.institution_id,
                cohort=cohort,
                enrollment=enrollment,
                subject_key=str(enrollment.uuid),
                version=row.version,
                position=row.position,
            )
            for enrollment in enrollments
            for row in rows
        ],
        ignore_conflicts=True,
    )


def on_cohort_opened(event: Event) -> None:
    """Reaction: the specimens that the institution signs, and the agreements of students who are there already."""
    cohort = Cohort.objects.get(uuid=event.data["data"]["cohort"])
    chosen = cohort.cohort_templates.values("version")
    cohort.agreements.exclude(version__in=chosen).filter(
        acts=None
    ).delete()  # of an opening that was stepped back
    for row in cohort.cohort_templates.select_related("version").order_by("position"):
        if definition_of(row.version).of_kind(INSTITUTION):
            Agreement.objects.get_or_create(
                cohort=cohort,
                version=row.version,
                subject_key=Agreement.SPECIMEN,
                defaults={"institution_id": cohort.institution_id, "position": row.position},
            )
    make_agreements(cohort, cohort.enrollments.all())
    for row in cohort.cohort_templates.all():
        cohort.agreements.filter(version=row.version).update(position=row.position)


def link_of(enrollment: Enrollment) -> PersonalLink:
    """The student's personal link, made on first use."""
    return make_link(
        kind="student", subject_key=enrollment.stream_key, institution_id=enrollment.institution_id
    )


@operation
def invite_student(enrollment: Enrollment, *, actor: Actor) -> Enrollment:
    """Send the first invitation, or again with a new link. Raises WrongState, BadInput. Emits enrollment.invited."""
    cohort, enrollment = lock_enrollment(enrollment.pk)
    wants_copies = cohort.state == CohortState.COMPLETED and enrollment.invited_at is not None
    if cohort.state not in INVITABLE and not wants_copies:
        raise WrongState(_("Students are invited after the institution has signed."))
    if not enrollment.is_active:
        raise WrongState(_("%s is no longer in this cohort.") % enrollment.full_name)
    if not enrollment.email:
        raise BadInput(_("%s has no e-mail address; print the link.") % enrollment.full_name, field="email")
    is_again = enrollment.invited_at is not None
    link = link_of(enrollment)
    if is_again or link.revoked_at is not None:
        rotate_link(link)
    enrollment.invited_at = timezone.now()
    enrollment.save(update_fields=["invited_at"])
    append(
        enrollment.stream_key,
        "enrollment.invited",
        actor=actor,
        data={**identify(enrollment), "again": is_again},
    )
    return enrollment


@operation
def change_student(enrollment: Enrollment, raw: Mapping[str, Any], *, actor: Actor) -> Enrollment:
    """Correct details; a changed e-mail address kills the old link. Raises BadInput, WrongState. Emits
    enrollment.changed with the names of the fields."""
    cleaned = clean_student(raw)
    _cohort, enrollment = lock_enrollment(enrollment.pk)
    if not enrollment.is_active:
        raise WrongState(_("%s is no longer in this cohort.") % enrollment.full_name)
    _refuse_guardians_address(enrollment, cleaned)
    before = enrollment.email.casefold()
    touched = write_student(enrollment, cleaned)
    try:
        with transaction.atomic():
            enrollment.save(update_fields=touched)
    except IntegrityError:
        raise BadInput(_("%s is in this cohort already.") % enrollment.email, field="email") from None
    if enrollment.email.casefold() != before and enrollment.invited_at:
        rotate_link(link_of(enrollment))
    append(
        enrollment.stream_key,
        "enrollment.changed",
        actor=actor,
        data={**identify(enrollment), "fields": sorted(set(cleaned))},
    )
    return enrollment


def _refuse_guardians_address(enrollment: Enrollment, cleaned: Mapping[str, Any]) -> None:
    """One mailbox must not be able to sign for both."""
    key = (cleaned.get("email") or "").lower()
    if key and Guardian.objects.filter(enrollment=enrollment, email_key=key).exists():
        raise BadInput(_("This is the guardian's address. The student needs another one."), field="email")


@operation
def confirm_details(enrollment: Enrollment, raw: Mapping[str, Any], *, actor: Actor) -> Enrollment:
    """The student's own details; starts the enrollment. Raises BadInput, WrongState. Emits enrollment.started."""
    cleaned = clean_student({name: value for name, value in raw.items() if name != "email"})
    _cohort, enrollment = lock_enrollment(enrollment.pk)
    require_at_work(enrollment)
    if enrollment.state == EnrollmentState.WAITING:
        move(enrollment, "start", actor=actor)
    if enrollment.state != EnrollmentState.IN_PROGRESS:
        raise WrongState(_("Your papers were sent already."))
    if enrollment.agreements.filter(acts__revision=F("revision")).exists():
        raise WrongState(_("You have signed with these details. Ask for a correction if something is wrong."))
    touched = write_student(enrollment, cleaned)
    enrollment.details_confirmed_at = timezone.now()
    enrollment.save(update_fields=[*touched, "details_confirmed_at"])
    append(
        enrollment.stream_key,
        "enrollment.details_given",
        actor=actor,
        data={**identify(enrollment), "fields": sorted(cleaned)},
    )
    return enrollment


def start(enrollment: Enrollment, *, actor: Actor) -> None:
    """The student's first act on a locked enrollment: from waiting to in progress."""
    if enrollment.state == EnrollmentState.WAITING:
        move(enrollment, "start", actor=actor)


def set_verification(enrollment: Enrollment, verification: Verification, *, actor: Actor) -> None:
    """Write a locked enrollment's verification, if it changed. Emits enrollment.verified or .unverified."""
    if enrollment.verification == verification:
        return
    enrollment.verification = verification
    is_verified = verification == Verification.VERIFIED
    enrollment.verified_at = timezone.now() if is_verified else None
    enrollment.save(update_fields=["verification", "verified_at"])
    name = "enrollment.verified" if is_verified else "enrollment.unverified"
    append(enrollment.stream_key, name, actor=actor, data={**identify(enrollment), "to": str(verification)})
