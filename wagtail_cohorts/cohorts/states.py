"""The life of a cohort, as data. One function applies it; the diagrams in docs are made from it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class CohortState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    INSTITUTION_SIGNING = "institution_signing", _("Institution signing")
    ENROLLING = "enrolling", _("Enrolling")
    READY_FOR_SPONSOR = "ready_for_sponsor", _("Ready for sponsor")
    SPONSOR_REVIEW = "sponsor_review", _("Sponsor review")
    INSTITUTION_REVIEW = "institution_review", _("Institution review")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")


S = CohortState
OPEN_STATES = (
    S.DRAFT,
    S.INSTITUTION_SIGNING,
    S.ENROLLING,
    S.READY_FOR_SPONSOR,
    S.SPONSOR_REVIEW,
    S.INSTITUTION_REVIEW,
)
WITH_SPONSOR = (S.READY_FOR_SPONSOR, S.SPONSOR_REVIEW)


@dataclass(frozen=True)
class Transition:
    """``event`` is appended to the cohort's chain; ``needs_reason`` for steps back and for cancelling."""

    name: str
    sources: tuple[CohortState, ...]
    targets: tuple[CohortState, ...]
    event: str
    needs_reason: bool = False


STEP_BACK = {
    S.INSTITUTION_SIGNING: S.DRAFT,
    S.READY_FOR_SPONSOR: S.ENROLLING,
    S.SPONSOR_REVIEW: S.ENROLLING,
    S.INSTITUTION_REVIEW: S.SPONSOR_REVIEW,  # to enrolling when nobody signs on the sponsor's side
}

TRANSITIONS = {
    transition.name: transition
    for transition in (
        Transition("open", (S.DRAFT,), (S.INSTITUTION_SIGNING, S.ENROLLING), "cohort.opened"),
        Transition(
            "institution_signed", (S.INSTITUTION_SIGNING,), (S.ENROLLING,), "cohort.institution_signed"
        ),
        Transition(
            "all_ready",
            (S.ENROLLING,),
            (S.READY_FOR_SPONSOR, S.INSTITUTION_REVIEW),
            "cohort.ready_for_sponsor",
        ),
        Transition(
            "start_sponsor_review",
            (S.READY_FOR_SPONSOR,),
            (S.SPONSOR_REVIEW,),
            "cohort.sponsor_review_started",
        ),
        Transition(
            "reopen",
            (S.READY_FOR_SPONSOR, S.SPONSOR_REVIEW, S.INSTITUTION_REVIEW),
            (S.ENROLLING,),
            "cohort.reopened",
        ),
        Transition("sponsor_signed", (S.SPONSOR_REVIEW,), (S.INSTITUTION_REVIEW,), "cohort.sponsor_signed"),
        Transition(
            "return_to_sponsor", (S.INSTITUTION_REVIEW,), (S.SPONSOR_REVIEW,), "cohort.returned_to_sponsor"
        ),
        Transition("finalize", (S.INSTITUTION_REVIEW,), (S.COMPLETED,), "cohort.completed"),
        Transition("cancel", OPEN_STATES, (S.CANCELLED,), "cohort.cancelled", needs_reason=True),
        Transition(
            "step_back",
            tuple(STEP_BACK),
            tuple(dict.fromkeys(STEP_BACK.values())),
            "cohort.stepped_back",
            needs_reason=True,
        ),
    )
}
