"""Events as sentences for staff: who did what to whom, and when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext_lazy

from wagtail_cohorts.actors import SYSTEM
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.evidence.models import Event, EventDetail, Stream

SENTENCES: dict[str, tuple[str, str]] = {
    "cohort.created": ("plus", gettext_noop("%(who)s made this cohort")),
    "cohort.changed": ("edit", gettext_noop("%(who)s changed the cohort")),
    "cohort.opened": ("folder-open-1", gettext_noop("%(who)s opened the cohort")),
    "cohort.institution_signed": ("edit", gettext_noop("The institution signed: %(who)s")),
    "cohort.ready_for_sponsor": ("group", gettext_noop("All students are ready for the sponsor")),
    "cohort.sponsor_review_started": ("view", gettext_noop("The sponsor is looking at the papers")),
    "cohort.reopened": ("undo", gettext_noop("Back to enrolling: not all students are ready")),
    "cohort.sponsor_signed": ("edit", gettext_noop("The sponsor has signed everything")),
    "cohort.returned_to_sponsor": ("undo", gettext_noop("Back to the sponsor: something is left to sign")),
    "cohort.finalizing_started": ("lock", gettext_noop("%(who)s began to finalize the cohort")),
    "cohort.completed": ("success", gettext_noop("The cohort is completed")),
    "cohort.cancelled": ("cross", gettext_noop("%(who)s cancelled the cohort")),
    "cohort.stepped_back": ("undo", gettext_noop("%(who)s took the cohort one step back")),
    "cohort.exported": ("download", gettext_noop("%(who)s exported the students")),
    "history.exported": ("download", gettext_noop("%(who)s took the history as a file")),
    "cohort.packed": ("download", gettext_noop("The ZIP of all papers was made")),
    "sponsor.invited": ("mail", gettext_noop("The sponsor was invited")),
    "sponsor.reminded": ("mail", gettext_noop("%(who)s reminded the sponsor")),
    "sponsor.changed": ("user", gettext_noop("%(who)s named another person for the sponsor")),
    "sponsor.opened": ("view", gettext_noop("The sponsor opened the link")),
    "signing.started": ("edit", gettext_noop("%(who)s signs for the sponsor")),
    "signing.completed": ("edit", gettext_noop("The sponsor's signing is finished")),
    "enrollment.added": ("plus", gettext_noop("%(who)s added %(student)s")),
    "enrollment.changed": ("edit", gettext_noop("%(who)s corrected details of %(student)s")),
    "enrollment.invited": ("mail", gettext_noop("%(student)s was invited")),
    "enrollment.started": ("user", gettext_noop("%(student)s started")),
    "enrollment.details_given": ("user", gettext_noop("%(student)s confirmed the details")),
    "enrollment.submitted": ("success", gettext_noop("%(student)s sent all papers")),
    "enrollment.sent_back": ("undo", gettext_noop("Papers of %(student)s were sent back")),
    "enrollment.verified": ("check", gettext_noop("%(student)s is verified")),
    "enrollment.unverified": ("warning", gettext_noop("%(student)s has to be verified")),
    "enrollment.withdrawn": ("cross", gettext_noop("%(student)s was withdrawn")),
    "enrollment.declined": ("cross", gettext_noop("%(student)s does not take part")),
    "enrollment.readmitted": ("plus", gettext_noop("%(who)s took %(student)s back")),
    "enrollment.reset": ("rotate", gettext_noop("%(who)s took %(student)s back to the start")),
    "enrollment.reminded": ("mail", gettext_noop("%(who)s reminded %(student)s of what is missing")),
    "enrollment.completed": ("success", gettext_noop("The papers of %(student)s are sealed")),
    "guardian.named": ("user", gettext_noop("%(who)s named the guardian of %(student)s")),
    "guardian.changed": ("edit", gettext_noop("%(who)s corrected the guardian of %(student)s")),
    "guardian.asked": ("mail", gettext_noop("The guardian of %(student)s was asked to sign")),
    "guardian.signed": ("edit", gettext_noop("The guardian of %(student)s has signed")),
    "guardian.declined": ("cross", gettext_noop("The guardian of %(student)s does not agree")),
    "guardian.link_revoked": ("cross", gettext_noop("%(who)s closed the link of %(student)s's guardian")),
    "guardian.decided": (
        "undo",
        gettext_noop("Another date of birth: it was decided anew whether a guardian signs"),
    ),
    "upload.added": ("upload", gettext_noop("%(student)s sent a document")),
    "upload.removed": ("bin", gettext_noop("%(student)s took a document back")),
    "upload.approved": ("check", gettext_noop("%(who)s accepted a document of %(student)s")),
    "upload.rejected": ("undo", gettext_noop("%(who)s sent back a document of %(student)s")),
    "upload.decision_undone": ("undo", gettext_noop("%(who)s took a decision back for %(student)s")),
    "agreement.signed": ("edit", gettext_noop("%(who)s signed an agreement")),
    "agreement.looked_at": ("view", gettext_noop("%(who)s looked at an agreement of %(student)s")),
    "agreement.sealed": ("lock", gettext_noop("An agreement of %(student)s was sealed")),
}
MANY: dict[str, Any] = {
    "enrollment.added": ngettext_lazy(
        "%(who)s added %(count)d student", "%(who)s added %(count)d students", "count"
    ),
    "enrollment.invited": ngettext_lazy(
        "%(count)d student was invited", "%(count)d students were invited", "count"
    ),
    "enrollment.completed": ngettext_lazy(
        "The papers of %(count)d student are sealed", "The papers of %(count)d students are sealed", "count"
    ),
    "upload.added": ngettext_lazy(
        "%(student)s sent %(count)d document", "%(student)s sent %(count)d documents", "count"
    ),
    "upload.approved": ngettext_lazy(
        "%(who)s accepted %(count)d document", "%(who)s accepted %(count)d documents", "count"
    ),
    "agreement.signed": ngettext_lazy(
        "%(who)s signed %(count)d agreement", "%(who)s signed %(count)d agreements", "count"
    ),
    "agreement.looked_at": ngettext_lazy(
        "%(who)s looked at %(count)d agreement", "%(who)s looked at %(count)d agreements", "count"
    ),
    "agreement.sealed": ngettext_lazy(
        "%(count)d agreement was sealed", "%(count)d agreements were sealed", "count"
    ),
}
ICONS = {"undo": "rotate"}
NEAR_SECONDS = 90


@dataclass
class Line:
    """One line of a feed; ``count`` like events in a row are one line."""

    icon: str
    text: str
    reason: str
    at: datetime
    cohort: Cohort | None = None
    count: int = 1


@dataclass(frozen=True)
class Told:
    """One event with what a sentence about it needs."""

    event: Event
    payload: dict[str, Any]
    details: dict[str, Any]
    student: str
    cohort: Cohort | None

    @property
    def key(self) -> tuple[str, str]:
        """What makes two events one line: the same thing done by the same person."""
        return self.event.name, self.payload["actor_key"]

    @property
    def who(self) -> str:
        if self.details.get("signer_name"):
            return str(self.details["signer_name"])
        if self.payload["actor"] == SYSTEM:
            return _("The system")
        return str(self.details.get("actor_name") or self.student or _("Somebody"))

    @property
    def icon(self) -> str:
        icon = SENTENCES.get(self.event.name, ("info-circle", ""))[0]
        return ICONS.get(icon, icon)

    @property
    def text(self) -> str:
        return self.told(count=1)

    def told(self, *, count: int) -> str:
        """One sentence, for this event or for ``count`` like ones."""
        name = self.event.name
        facts = {"who": self.who, "student": self.student or _("a student"), "count": count}
        if count > 1:
            return str(MANY[name] % facts)
        return _(SENTENCES[name][1]) % facts if name in SENTENCES else name

    @property
    def reason(self) -> str:
        return str(self.details.get("reason") or self.details.get("about") or "")

    @property
    def is_erased(self) -> bool:
        """Names, address and reason were erased; the chain still holds their commitment."""
        return "details" in self.payload and not self.details


def events_of_cohort(cohort: Cohort) -> Any:
    """Events of the cohort and of its students, newest first."""
    keys = [f"enrollment:{uuid}" for uuid in cohort.enrollments.order_by().values_list("uuid", flat=True)]
    streams = Stream.objects.filter(key__in=[cohort.stream_key, *keys])
    return Event.objects.filter(stream__in=streams.values("pk"))


def lines_of(events: Iterable[Event], *, with_cohort: bool = False) -> list[Line]:
    """Sentences for events given newest first; like ones in a row become one. Constant queries."""
    told = told_of(list(events), with_cohort=with_cohort)
    lines: list[Line] = []
    group: list[Told] = []
    for one in told:
        if group and (one.key != group[0].key or _apart(group[-1], one) or one.event.name not in MANY):
            lines.append(_line(group))
            group = []
        group.append(one)
    return [*lines, _line(group)] if group else lines


def _apart(newer: Told, older: Told) -> bool:
    return (newer.event.recorded_at - older.event.recorded_at).total_seconds() > NEAR_SECONDS


def told_of(events: Sequence[Event], *, with_cohort: bool = False) -> list[Told]:
    """What is told of each event, in their order. Constant queries."""
    payloads = [json.loads(event.payload) for event in events]
    details = {
        row.event_id: row.values for row in EventDetail.objects.filter(event__in=[e.pk for e in events])
    }
    uuids = {payload.get("data", {}).get("enrollment") for payload in payloads} - {None, ""}
    found = Enrollment.objects.filter(uuid__in=uuids).only("uuid", "first_name", "last_name")
    names = {str(row.uuid): row.full_name for row in found}
    cohorts: dict[str, Cohort] = {}
    if with_cohort:
        keys = {payload.get("data", {}).get("cohort") for payload in payloads} - {None, ""}
        cohorts = {str(row.uuid): row for row in Cohort.objects.filter(uuid__in=keys).only("uuid", "name")}
    return [
        Told(
            event,
            payload,
            details.get(event.pk, {}),
            names.get(payload.get("data", {}).get("enrollment", ""), ""),
            cohorts.get(payload.get("data", {}).get("cohort", "")),
        )
        for event, payload in zip(events, payloads, strict=True)
    ]


def _line(group: list[Told]) -> Line:
    first = group[0]
    text = first.told(count=len(group))
    return Line(first.icon, text, first.reason, first.event.recorded_at, first.cohort, len(group))
