"""The one function that changes a cohort's state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import TRANSITIONS, CohortState
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import Incomplete, WrongState
from wagtail_cohorts.texts import clean_paragraph


def lock_cohort(cohort_id: int) -> Cohort:
    """The cohort's row, locked: first in the lock order (cohort, enrollment, agreement, chain)."""
    return Cohort.objects.select_for_update().get(pk=cohort_id)


def move(
    cohort: Cohort,
    name: str,
    target: CohortState,
    *,
    actor: Actor,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
) -> Event:
    """Apply one transition of the table to a locked cohort. Raises WrongState, Incomplete without a needed reason."""
    transition = TRANSITIONS[name]
    if cohort.state not in transition.sources or target not in transition.targets:
        raise WrongState(
            _("“%(cohort)s” is now in “%(state)s”; this is not possible there.")
            % {"cohort": cohort.name, "state": cohort.get_state_display()}
        )
    reason = clean_paragraph(reason)
    if transition.needs_reason and not reason:
        raise Incomplete(_("A reason is needed."))
    before, cohort.state, cohort.state_since = cohort.state, target, timezone.now()
    cohort.save(update_fields=["state", "state_since"])
    return append(
        cohort.stream_key,
        transition.event,
        actor=actor,
        data={"cohort": str(cohort.uuid), "from": str(before), "to": str(target), **(data or {})},
        details={"reason": reason} if reason else {},
    )
