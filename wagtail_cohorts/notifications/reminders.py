"""Staff remind a student of one missing thing: what can be named, how often, and the event that is mailed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wagtail_cohorts import clock
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.enrollments.guardians import guardian_of
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import INVITABLE, identify, lock_enrollment
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.enrollments.turns import asks_guardian
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import BadInput, WrongState
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.signing.submission import agreements_to_sign
from wagtail_cohorts.transactions import operation
from wagtail_cohorts.uploads.operations import missing_documents

DETAILS, GUARDIAN, DOCUMENT, AGREEMENT, SENDING = "details", "guardian", "document", "agreement", "sending"
AT_WORK = (EnrollmentState.WAITING, EnrollmentState.IN_PROGRESS)
AGAIN_AFTER = timedelta(days=1)
MOST = 3
"""So many mails about one thing; after that only whoever says so knowingly sends one more."""


@dataclass(frozen=True)
class Reminder:
    """One that was sent: when, and by whom (empty once that was erased)."""

    at: datetime
    by: str


@dataclass
class Item:
    """One missing thing of a student. ``name`` identifies it: "document:<uuid>"."""

    name: str
    label: str
    past: list[Reminder] = field(default_factory=list)

    @property
    def again_at(self) -> datetime | None:
        """From when on the next one may go out; None when it may now."""
        if not self.past:
            return None
        again = self.past[-1].at + AGAIN_AFTER
        return again if again > timezone.now() else None

    @property
    def is_used_up(self) -> bool:
        return len(self.past) >= MOST


def missing_items(enrollment: Enrollment) -> list[Item]:
    """What the student still has to do, each with the reminders that were sent about it."""
    past = _past_of(enrollment)
    return [Item(name, label, past.get(name, [])) for name, label in _missing(enrollment)]


def _missing(enrollment: Enrollment) -> Iterable[tuple[str, str]]:
    if enrollment.state not in AT_WORK:
        return []
    found = [] if enrollment.details_confirmed_at else [(DETAILS, _("Personal details"))]
    if guardian_of(enrollment) is None and asks_guardian(enrollment):
        found.append((GUARDIAN, _("Naming the guardian")))
    found += [(f"{DOCUMENT}:{row.uuid}", row.label) for row in missing_documents(enrollment)]
    found += [(f"{AGREEMENT}:{row.uuid}", row.title) for row, _role in agreements_to_sign(enrollment)]
    return found or [(SENDING, _("Sending the papers: everything else is there"))]


def _past_of(enrollment: Enrollment) -> dict[str, list[Reminder]]:
    events = Event.objects.filter(stream__key=enrollment.stream_key, name="enrollment.reminded")
    found: dict[str, list[Reminder]] = defaultdict(list)
    for event in events.select_related("detail").order_by("seq"):
        by = event.detail.values.get("actor_name", "") if hasattr(event, "detail") else ""
        found[event.data["data"]["item"]].append(Reminder(event.recorded_at, by))
    return found


@operation
def remind_student(enrollment: Enrollment, name: str, *, actor: Actor, insists: bool = False) -> Event:
    """Mail the student about exactly this. At most once a day, and more than three times only for whoever insists.

    Raises WrongState, BadInput. Emits enrollment.reminded.
    """
    _cohort, enrollment = lock_enrollment(enrollment.pk)
    refusal = remind_refusal(enrollment)
    if refusal:
        raise WrongState(refusal)
    item = next((one for one in missing_items(enrollment) if one.name == name), None)
    if item is None:
        raise BadInput(_("Choose something that is still missing."), field="item")
    if item.again_at is not None:
        when = date_format(clock.local(item.again_at), "j F, H:i")
        raise WrongState(_("A mail about this went out already. The next one can go from %s.") % when)
    if item.is_used_up and not insists:
        raise WrongState(_("%d mails have gone out about this. Say that you want one more.") % len(item.past))
    data = {**identify(enrollment), "item": name, "number": len(item.past) + 1}
    return append(
        enrollment.stream_key, "enrollment.reminded", actor=actor, data=data, details={"about": item.label}
    )


def remind_refusal(enrollment: Enrollment) -> str:
    """Why this student cannot be mailed about anything now; empty when it is possible."""
    if enrollment.cohort.state not in INVITABLE or enrollment.state not in AT_WORK:
        return _("%s has nothing to do at the moment.") % enrollment.full_name
    if not enrollment.email:
        return _("%s has no e-mail address.") % enrollment.full_name
    link = PersonalLink.objects.filter(subject_key=enrollment.stream_key).first()
    if enrollment.invited_at is None or (link is not None and link.revoked_at is not None):
        return _("%s has no open link. Send the link first.") % enrollment.full_name
    return ""
