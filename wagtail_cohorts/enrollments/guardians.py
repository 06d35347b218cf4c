"""The guardian of a student who is a minor: named, corrected, asked to sign, and the personal link."""

from __future__ import annotations

import uuid as uuid_module
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_cohorts.actors import STUDENT, SYSTEM_ACTOR, Actor
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.agreements.models import GUARDIAN
from wagtail_cohorts.enrollments.models import RELATIONS, Enrollment, Guardian
from wagtail_cohorts.enrollments.operations import (
    INVITABLE,
    identify,
    lock_enrollment,
    move,
    require_at_work,
)
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.enrollments.students import clean_email, clean_text
from wagtail_cohorts.enrollments.turns import copies_of, decide_again, guardian_turns
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import BadInput, WrongState
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import is_alive, make_link, revoke_link, rotate_link
from wagtail_cohorts.texts import clean_paragraph
from wagtail_cohorts.transactions import operation

FIELDS = ("name", "relation", "email", "phone")
LENGTHS = {"name": 120, "phone": 30, "email": 254}


def guardian_of(enrollment: Enrollment) -> Guardian | None:
    return Guardian.objects.filter(enrollment=enrollment).first()


def clean_guardian(raw: Mapping[str, Any]) -> dict[str, str]:
    """All four facts, checked. Raises BadInput naming the field, in the person's words."""
    found = {name: clean_text(raw.get(name)) for name in FIELDS}
    if not found["name"]:
        raise BadInput(_("A name is needed."), field="name")
    if found["relation"] not in dict(RELATIONS):
        raise BadInput(_("Choose one."), field="relation")
    for name, most in LENGTHS.items():
        if len(found[name]) > most:
            raise BadInput(_("This is longer than %d characters.") % most, field=name)
    if found["email"]:
        clean_email(found["email"])
    elif not found["phone"]:
        raise BadInput(_("Give an e-mail address or a phone number."), field="email")
    return found


def refuse_shared_address(student_email: str, guardian_email: str) -> None:
    """Whoever reads the mailbox holds the links in it: one mailbox must not be able to sign for both."""
    if guardian_email and guardian_email.casefold() == student_email.strip().casefold():
        raise BadInput(
            _("This is the student's own address. Give another one, or leave it empty: then the link is handed "
              "over in another way."),
            field="email", code="shared_address",
        )  # fmt: skip


@operation
def name_guardian(enrollment: Enrollment, raw: Mapping[str, Any], *, actor: Actor) -> Guardian:
    """Set or correct the guardian. A changed address kills the old link; another name is another person, with a new
    link and without the old answers and marks. The student may do it until the guardian was asked. Raises BadInput,
    WrongState. Emits guardian.named or guardian.changed."""
    cleaned = clean_guardian(raw)
    _cohort, enrollment = lock_enrollment(enrollment.pk)
    refuse_shared_address(enrollment.email, cleaned["email"])
    guardian = guardian_of(enrollment)
    _check_may_name(enrollment, guardian, actor=actor)
    if guardian is None:
        return _first(enrollment, cleaned, actor=actor)
    return _correct(guardian, cleaned, actor=actor)


def _check_may_name(enrollment: Enrollment, guardian: Guardian | None, *, actor: Actor) -> None:
    if not enrollment.is_active or not enrollment.cohort.is_open:
        raise WrongState(_("%s is no longer in this cohort.") % enrollment.full_name)
    if actor.kind != STUDENT:
        return
    require_at_work(enrollment)
    if enrollment.state == EnrollmentState.COMPLETE or (guardian is not None and guardian.asked_at):
        raise WrongState(_("Your guardian was asked already. Ask for a correction if something is wrong."))


def _first(enrollment: Enrollment, cleaned: Mapping[str, str], *, actor: Actor) -> Guardian:
    guardian = Guardian(institution_id=enrollment.institution_id, enrollment=enrollment, **cleaned)
    guardian.save()
    _append(guardian, "guardian.named", actor=actor, data={"fields": _given(cleaned)})
    return guardian


def _correct(guardian: Guardian, cleaned: Mapping[str, str], *, actor: Actor) -> Guardian:
    changed = [name for name in FIELDS if getattr(guardian, name) != cleaned[name]]
    if not changed:
        return guardian
    before = guardian.uuid
    for name in changed:
        setattr(guardian, name, cleaned[name])
    if "name" in changed:
        _become_another(guardian)
    elif "email" in changed and (link := _link(guardian)) is not None:
        rotate_link(link)
    guardian.save()
    _append(
        guardian, "guardian.changed", actor=actor, data={"fields": sorted(changed), "before": str(before)}
    )
    return guardian


def _become_another(guardian: Guardian) -> None:
    """What the person before typed is not this person's; what that person signed stays."""
    if (link := _link(guardian)) is not None:
        revoke_link(link)
    guardian.uuid, guardian.asked_at, guardian.asked_for = uuid_module.uuid4(), None, []
    for agreement in guardian_turns(guardian.enrollment):
        keys = {role.key for role in definition_of(agreement.version).roles if role.kind == GUARDIAN}
        agreement.values = {key: answers for key, answers in agreement.values.items() if key not in keys}
        agreement.save(update_fields=["values"])


def _given(cleaned: Mapping[str, str]) -> list[str]:
    return sorted(name for name, value in cleaned.items() if value)


def _append(
    guardian: Guardian,
    name: str,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
) -> Event:
    enrollment = guardian.enrollment
    facts = {**identify(enrollment), "guardian": str(guardian.uuid), **(data or {})}
    return append(enrollment.stream_key, name, actor=actor, data=facts, details=details or {})


# The link


def _link(guardian: Guardian) -> PersonalLink | None:
    return PersonalLink.objects.filter(subject_key=guardian.signer_key).first()


def guardian_link(guardian: Guardian) -> PersonalLink:
    """The guardian's personal link, made on first use."""
    return make_link(kind="guardian", subject_key=guardian.signer_key, institution_id=guardian.institution_id)


@operation
def revoke_guardian_link(guardian: Guardian, *, actor: Actor) -> Guardian:
    """Dead at once, until the link is sent again. Emits guardian.link_revoked."""
    guardian = _lock(guardian)
    revoke_link(guardian_link(guardian))
    _append(guardian, "guardian.link_revoked", actor=actor)
    return guardian


def _lock(guardian: Guardian) -> Guardian:
    """Under the locks of cohort and enrollment; the guardian's row is changed nowhere else."""
    _cohort, enrollment = lock_enrollment(guardian.enrollment_id)
    guardian = Guardian.objects.get(pk=guardian.pk)
    guardian.enrollment = enrollment
    return guardian


# Asking


def note_wait(enrollment: Enrollment) -> bool:
    """Write down on a locked enrollment whether a guardian still signs something. Returns whether that changed."""
    waits = bool(guardian_turns(enrollment))
    if waits == enrollment.waits_for_guardian:
        return False
    enrollment.waits_for_guardian = waits
    enrollment.save(update_fields=["waits_for_guardian"])
    return True


def ask_guardian(enrollment: Enrollment) -> None:
    """After the student sent: ask for what the guardian does not know of yet, once. Inside the caller's transaction,
    on a locked enrollment. Emits guardian.asked."""
    guardian = guardian_of(enrollment)
    wanted = {f"{one.uuid}:{one.revision}" for one in guardian_turns(enrollment)}
    if guardian is None or wanted <= set(guardian.asked_for):
        return
    guardian.enrollment = enrollment
    link = guardian_link(guardian)
    if not is_alive(link) and link.revoked_at is None:
        rotate_link(link)
    _ask(guardian, wanted, actor=SYSTEM_ACTOR, is_again=False)


@operation
def ask_guardian_again(guardian: Guardian, *, actor: Actor) -> Guardian:
    """Send a new link; the old one dies. Also after everything is signed, for the copies. Raises WrongState, BadInput.
    Emits guardian.asked."""
    guardian = _lock(guardian)
    enrollment = guardian.enrollment
    waits = enrollment.state == EnrollmentState.COMPLETE and enrollment.waits_for_guardian
    if not enrollment.is_active or not (waits or guardian.asked_at) or not _is_open(enrollment):
        raise WrongState(_("A guardian is asked when the student has sent everything."))
    if not guardian.email:
        raise BadInput(_("%s has no e-mail address; copy the link.") % guardian.name, field="email")
    if guardian.asked_at or _link(guardian) is not None:
        rotate_link(guardian_link(guardian))
    wanted = {f"{one.uuid}:{one.revision}" for one in guardian_turns(enrollment)}
    return _ask(guardian, wanted, actor=actor, is_again=guardian.asked_at is not None)


def _is_open(enrollment: Enrollment) -> bool:
    return enrollment.cohort.state in (*INVITABLE, "completed")


def _ask(guardian: Guardian, wanted: set[str], *, actor: Actor, is_again: bool) -> Guardian:
    guardian_link(guardian)
    guardian.asked_at, guardian.asked_for = timezone.now(), sorted({*guardian.asked_for, *wanted})
    guardian.save(update_fields=["asked_at", "asked_for"])
    _append(guardian, "guardian.asked", actor=actor, data={"again": is_again, "agreements": len(wanted)})
    return guardian


@operation
def refuse_as_guardian(guardian: Guardian, *, reason: str, actor: Actor) -> Guardian:
    """The guardian does not agree: the student leaves, as after the student's own no, and may be taken back. Raises
    WrongState, Incomplete without a reason. Emits guardian.declined, enrollment.declined."""
    guardian = _lock(guardian)
    enrollment = guardian.enrollment
    require_at_work(enrollment)
    if not guardian_turns(enrollment):
        raise WrongState(_("There is nothing to sign now."))
    reason = clean_paragraph(reason)[:300]
    guardian.declined_at, guardian.asked_for = timezone.now(), []
    guardian.save(update_fields=["declined_at", "asked_for"])
    enrollment.closed_reason = reason
    enrollment.save(update_fields=["closed_reason"])
    _append(guardian, "guardian.declined", actor=actor, details={"reason": reason} if reason else {})
    move(enrollment, "refuse", actor=actor, reason=reason)
    return guardian


# A corrected date of birth


def on_student_changed(event: Event) -> None:
    """Reaction: another date of birth decides again whether a guardian signs, while nobody signed after the student."""
    data = event.data["data"]
    if not {"birth_date", "identity_number"} & set(data["fields"]):
        return
    enrollment = Enrollment.objects.select_related("cohort").get(uuid=data["enrollment"])
    for agreement in copies_of(enrollment):
        decide_again(agreement)
    if enrollment.state == EnrollmentState.COMPLETE and note_wait(enrollment):
        waits = {**identify(enrollment), "waits": enrollment.waits_for_guardian}
        append(enrollment.stream_key, "guardian.decided", actor=SYSTEM_ACTOR, data=waits)
        ask_guardian(enrollment)
