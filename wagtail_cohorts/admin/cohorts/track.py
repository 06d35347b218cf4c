"""The state track of a cohort: which steps are behind, which is now, and by when the others are due."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wagtail_cohorts import clock
from wagtail_cohorts.agreements.models import INSTITUTION
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import SPONSOR_SIDE, definitions_of, has_role
from wagtail_cohorts.cohorts.states import TRANSITIONS, CohortState
from wagtail_cohorts.evidence.models import Event

S = CohortState
PATH = (
    S.DRAFT,
    S.INSTITUTION_SIGNING,
    S.ENROLLING,
    S.READY_FOR_SPONSOR,
    S.SPONSOR_REVIEW,
    S.INSTITUTION_REVIEW,
    S.COMPLETED,
)
MOVES = sorted({transition.event for transition in TRANSITIONS.values()})


@dataclass(frozen=True)
class Step:
    number: int
    name: str
    status: str
    note: str


@dataclass(frozen=True)
class Past:
    """When each state was last entered, and why the cohort ended, from its events."""

    entered: dict[str, datetime]
    last_reason: str


def past_of(cohort: Cohort) -> Past:
    events = Event.objects.filter(stream__key=cohort.stream_key, name__in=MOVES).select_related("detail")
    entered, reason = {str(S.DRAFT): cohort.created_at}, ""
    for event in events.order_by("pk"):
        entered[json.loads(event.payload)["data"].get("to", "")] = event.recorded_at
        reason = event.detail.values.get("reason", "") if hasattr(event, "detail") else ""
    return Past(entered, reason)


def path_of(cohort: Cohort) -> list[CohortState]:
    """The states that this cohort goes through; a party without fields is not asked."""
    if cohort.state == S.DRAFT:
        return list(PATH)
    definitions = definitions_of(cohort)
    skipped: set[CohortState] = set()
    if not has_role(definitions, INSTITUTION):
        skipped.add(S.INSTITUTION_SIGNING)
    if not has_role(definitions, *SPONSOR_SIDE):
        skipped |= {S.READY_FOR_SPONSOR, S.SPONSOR_REVIEW}
    return [state for state in PATH if state not in skipped]


def short(value: Any) -> str:
    """A day as "25 Nov", with the year when it is another one."""
    if value is None:
        return ""
    day = clock.local(value).date() if isinstance(value, datetime) else value
    return str(date_format(day, "j M" if day.year == date.today().year else "j M Y"))


def track_of(cohort: Cohort, past: Past, *, done: int, active: int) -> list[Step]:
    path = path_of(cohort)
    here = path.index(CohortState(cohort.state)) if cohort.state in path else -1
    due = {S.READY_FOR_SPONSOR: cohort.deadline, S.SPONSOR_REVIEW: cohort.sign_by}
    steps = []
    for place, state in enumerate(path):
        if place < here or (place == here and state == S.COMPLETED):
            status, note = "done", short(past.entered.get(str(state)))
        elif place == here:
            status, note = "now", _("Since %s") % short(cohort.state_since)
            if state == S.ENROLLING and active:
                note += ". " + _("%(done)d of %(all)d complete") % {"done": done, "all": active}
        else:
            status, note = "", _("By %s") % short(due[state]) if due.get(state) else ""
        steps.append(Step(place + 1, str(state.label), status, note))
    return steps
