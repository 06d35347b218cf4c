"""What must be covered, as data: every transition of the product's tables, and every refusal of every operation.

A refusal's condition is the state (of the cohort, the student, the document or the job) in which the operation must
be refused, or the words for another reason. The exception is the one that the operation's docstring promises.
"""

from __future__ import annotations

from collections.abc import Iterator

from wagtail_cohorts.cohorts import states as cohort_states
from wagtail_cohorts.enrollments import states as enrollment_states
from wagtail_cohorts.exceptions import BadInput, Changed, CohortsError, Incomplete, NotAllowed, WrongState

Conditions = dict[str, type[CohortsError]]
COHORT = tuple(str(state) for state in cohort_states.CohortState)
WORKING = ("enrolling", "ready_for_sponsor", "sponsor_review", "institution_review")
CLOSED = ("completed", "cancelled")
BEFORE = ("draft", "institution_signing")
LEFT = ("withdrawn", "declined")
ACTIVE = ("waiting", "in_progress", "complete")


def _in(exception: type[CohortsError], *states: str) -> Conditions:
    return dict.fromkeys(states, exception)


def _but(*allowed: str) -> list[str]:
    return [state for state in COHORT if state not in allowed]


STEPS_BACK = [*cohort_states.STEP_BACK.items(), ("institution_review", "enrolling")]
"""One a state; the last where nobody signs on the sponsor's side."""
NO_REASON = {"no reason": Incomplete}
AT_WORK = _in(WrongState, *BEFORE, *CLOSED, "complete", *LEFT)
"""Where a student does nothing: before the institution has signed, after the end, after sending, after leaving."""

REFUSALS: dict[str, Conditions] = {
    "publish": {"no PDF": BadInput},
    "open_cohort": {
        **_in(WrongState, *_but("draft")),
        **_in(Incomplete, "no agreement", "unpublished", "nobody named", "deadline past"),
    },
    "choose_agreements": _in(WrongState, *_but("draft")),
    "answer_as_institution": {**_in(WrongState, *_but("institution_signing"))},
    "sign_as_institution": {
        **_in(WrongState, *_but("institution_signing")),
        "answer missing": Incomplete,
        "shown otherwise": Changed,
    },
    "cancel_cohort": {**_in(WrongState, *CLOSED), **NO_REASON},
    "step_back": {**_in(WrongState, "draft", "enrolling", *CLOSED), **NO_REASON},
    "go_on": _in(WrongState, *COHORT),
    "add_student": {**_in(WrongState, *CLOSED), **_in(BadInput, "no name", "known address")},
    "invite_student": {**_in(WrongState, *BEFORE, *CLOSED, *LEFT), "no address": BadInput},
    "change_student": {
        **_in(WrongState, *LEFT),
        **_in(BadInput, "no name", "known address", "guardian's address"),
    },
    "name_guardian": {
        **_in(WrongState, *BEFORE, *CLOSED, *LEFT, "complete", "asked already"),
        **_in(BadInput, "no name", "shared address"),
    },
    "sign_as_guardian": {"shown otherwise": Changed, "cancelled": WrongState},
    "refuse_as_guardian": {**_in(WrongState, *BEFORE, *CLOSED, *LEFT, "nothing waits"), **NO_REASON},
    "ask_guardian_again": {
        **_in(WrongState, *BEFORE, "cancelled", *LEFT, "not asked yet"),
        "no address": BadInput,
    },
    "confirm_details": {**AT_WORK, "signed": WrongState},
    "save_answers": {**AT_WORK, "signed": WrongState},
    "add_upload": {**AT_WORK, "approved": WrongState, "no file": BadInput},
    "remove_upload": _in(WrongState, *CLOSED, "complete", *LEFT, "approved", "replaced", "removed"),
    "approve_upload": _in(WrongState, *CLOSED, *LEFT, "approved", "rejected", "replaced", "removed"),
    "reject_upload": {
        **_in(WrongState, *CLOSED, *LEFT, "approved", "rejected", "replaced", "removed"),
        **NO_REASON,
    },
    "undo_decision": _in(WrongState, *CLOSED, *LEFT, "pending", "rejected", "replaced", "removed"),
    "submit": {
        **_in(
            Incomplete,
            "details missing",
            "guardian missing",
            "document missing",
            "answer missing",
            "signature missing",
        ),
        "shown otherwise": Changed,
        **_in(WrongState, "cancelled", *LEFT),
    },
    "withdraw": {**_in(WrongState, "completed", *LEFT), **NO_REASON},
    "decline": {**_in(WrongState, "completed", "complete", *LEFT), **NO_REASON},
    "readmit": {**_in(WrongState, *CLOSED, *ACTIVE), **NO_REASON},
    "reset_student": {**_in(WrongState, *BEFORE, *CLOSED, "waiting", *LEFT), **NO_REASON},
    "invite_sponsor_again": _in(WrongState, "cancelled"),
    "start_bulk_signing": {
        **_in(WrongState, *_but("ready_for_sponsor", "sponsor_review")),
        "switched off": NotAllowed,
        "nobody waits": Incomplete,
        "shown otherwise": Changed,
        "answer missing": BadInput,
    },
    "start_finalizing": {**_in(Incomplete, *_but("institution_review")), "switched off": NotAllowed},
    "retry_batch": _in(WrongState, "cancelled job", "still running", "nothing failed", "newer job"),
    "cancel_batch": _in(WrongState, "done", "failed", "cancelled job"),
    # A job says no by its item's or its own row, not by an exception to whoever called.
    "prepare_sign": {"changed": Changed},
    "commit_sign": {"closed": WrongState, "late": Changed},
    "prepare_finalize": {"not signed": WrongState},
    "commit_finalize": {
        "failed item": WrongState,
        **_in(Changed, "not ready", "joined or left", "moved"),
    },
}


def refusals() -> list[str]:
    return [f"{operation}: {condition}" for operation, rows in REFUSALS.items() for condition in rows]


def transitions() -> list[str]:
    """Each move of the tables, source by source and target by target."""
    return sorted({*_cohort_moves(), *_enrollment_moves()})


def _cohort_moves() -> Iterator[str]:
    for one in cohort_states.TRANSITIONS.values():
        for source in one.sources:
            for target in one.targets:
                if one.name != "step_back" or (source, target) in STEPS_BACK:
                    yield move(one.name, source, target)


def _enrollment_moves() -> Iterator[str]:
    for one in enrollment_states.TRANSITIONS.values():
        for source in one.sources:
            yield move(one.name, source, one.target)


def move(name: str, source: str, target: str) -> str:
    return f"{name}: {source} -> {target}"
