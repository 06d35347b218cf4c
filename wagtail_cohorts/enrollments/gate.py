"""The gate to the sponsor: decided under the cohort's lock, never in two students' own transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import SPONSOR_SIDE, definitions_of, has_role
from wagtail_cohorts.cohorts.states import WITH_SPONSOR, CohortState
from wagtail_cohorts.cohorts.transitions import lock_cohort, move
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.sponsor_turns import invite_whose_turn_it_is
from wagtail_cohorts.enrollments.states import ACTIVE_STATES, AgreementState
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import WrongState
from wagtail_cohorts.transactions import operation

S = CohortState
_waiting: ContextVar[bool] = ContextVar("gate_waits", default=False)


@dataclass(frozen=True)
class Facts:
    """What the decision rests on, counted under the lock."""

    active: int
    ready: int
    unsigned: int
    sponsor_acts: bool

    @property
    def all_ready(self) -> bool:
        return self.active > 0 and self.ready == self.active


@operation
def go_on(cohort: Cohort) -> Cohort:
    """Decide again, after a step back that nothing followed. Raises WrongState when the cohort stays where it is."""
    cohort = lock_cohort(cohort.pk)
    before = cohort.state
    reconsider(cohort)
    if cohort.state == before:
        raise WrongState(
            _("Not everything is there yet, so the cohort stays in “%s”.") % cohort.get_state_display()
        )
    return cohort


def facts_of(cohort: Cohort) -> Facts:
    active = cohort.enrollments.filter(state__in=ACTIVE_STATES)
    ready = active.ready()
    agreements = Agreement.objects.filter(cohort=cohort, enrollment__state__in=ACTIVE_STATES)
    sponsor_keys = {
        role.key
        for definition in definitions_of(cohort)
        for role in definition.acting_roles()
        if role.kind in SPONSOR_SIDE
    }
    acted = agreements.filter(Q(acts__role_key__in=sponsor_keys)).exists() if sponsor_keys else False
    return Facts(
        active=active.count(),
        ready=ready.count(),
        sponsor_acts=acted,
        unsigned=agreements.exclude(state=AgreementState.SIGNED).exclude(state=AgreementState.SEALED).count(),
    )


def reconsider(cohort: Cohort) -> Cohort:
    """Move the locked cohort to where its students' states put it, by system transitions."""
    facts = facts_of(cohort)
    if cohort.state == S.ENROLLING and facts.all_ready:
        _open_gate(cohort, facts)
    elif cohort.state in WITH_SPONSOR and not facts.all_ready and not facts.sponsor_acts:
        move(cohort, "reopen", S.ENROLLING, actor=SYSTEM_ACTOR)
    elif cohort.state in WITH_SPONSOR and facts.all_ready and not facts.unsigned:
        _leave_sponsor(cohort)
    elif cohort.state == S.INSTITUTION_REVIEW and (not facts.all_ready or facts.unsigned):
        _return(cohort)
    if cohort.state in WITH_SPONSOR:
        invite_whose_turn_it_is(cohort)
    return cohort


def _open_gate(cohort: Cohort, facts: Facts) -> None:
    if not has_role(definitions_of(cohort), *SPONSOR_SIDE):
        move(cohort, "all_ready", S.INSTITUTION_REVIEW, actor=SYSTEM_ACTOR, data={"students": facts.active})
        return
    move(cohort, "all_ready", S.READY_FOR_SPONSOR, actor=SYSTEM_ACTOR, data={"students": facts.active})
    if facts.sponsor_acts and not facts.unsigned:
        _leave_sponsor(cohort)


def _leave_sponsor(cohort: Cohort) -> None:
    if cohort.state == S.READY_FOR_SPONSOR:
        move(cohort, "start_sponsor_review", S.SPONSOR_REVIEW, actor=SYSTEM_ACTOR)
    move(cohort, "sponsor_signed", S.INSTITUTION_REVIEW, actor=SYSTEM_ACTOR)


def _return(cohort: Cohort) -> None:
    if has_role(definitions_of(cohort), *SPONSOR_SIDE):
        move(cohort, "return_to_sponsor", S.SPONSOR_REVIEW, actor=SYSTEM_ACTOR)
    else:
        move(cohort, "reopen", S.ENROLLING, actor=SYSTEM_ACTOR)


@contextmanager
def once(cohort: Cohort) -> Iterator[None]:
    """Decide once after many events of one locked cohort, not after each of them."""
    token = _waiting.set(True)
    try:
        yield
    finally:
        _waiting.reset(token)
    reconsider(cohort)


def on_enrollment_event(event: Event) -> None:
    """Reaction to whatever changes an enrollment or its agreements; the caller holds the cohort's lock already."""
    if _waiting.get():
        return
    reconsider(_locked(event))


def on_parties_changed(event: Event) -> None:
    """Reaction: whoever is named while the sponsor's side signs is invited, if it is that person's turn."""
    if "parties" not in event.data["data"]["fields"]:
        return
    cohort = _locked(event)
    if cohort.state in WITH_SPONSOR:
        invite_whose_turn_it_is(cohort)


def _locked(event: Event) -> Cohort:
    cohort_uuid = event.data["data"]["cohort"]
    return lock_cohort(Cohort.objects.values_list("pk", flat=True).get(uuid=cohort_uuid))
