"""Bulk signing: copies are rendered and checked item by item, then one transaction makes them all signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_cohorts.actors import SPONSOR, Actor
from wagtail_cohorts.batches import kinds
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import open_batch
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import WITH_SPONSOR
from wagtail_cohorts.cohorts.transitions import lock_cohort
from wagtail_cohorts.enrollments.gate import reconsider
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.states import EnrollmentState, Verification
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import Changed, Incomplete, NotAllowed, WrongState
from wagtail_cohorts.flags import BULK_SIGNING, is_open
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.signing.acts import Prepared, Signing, render_signed, store_signed, write_acts
from wagtail_cohorts.signing.asked import clean_asked
from wagtail_cohorts.signing.consent import keep_consent
from wagtail_cohorts.signing.models import ConsentText, Mark
from wagtail_cohorts.signing.rendering import Copy, Signer, marks_of, read_copies
from wagtail_cohorts.signing.signable import (
    fingerprints_of,
    list_fingerprint,
    signable,
)
from wagtail_cohorts.sponsors.models import SponsorContact
from wagtail_cohorts.transactions import again

KIND = "sign"
JOINED = ("version", "enrollment__guardian", "cohort__programme", "cohort__sponsor", "cohort__institution")
CHANGED = gettext_lazy("“%s” has changed since you saw it. Look at it again.")


@again
def start_bulk_signing(
    cohort: Cohort,
    contact: SponsorContact,
    *,
    enrollments: Sequence[str],
    mark: Mark,
    signer: Signer,
    day: date,
    actor: Actor,
    expected: str = "",
    answers: Mapping[str, Any] | None = None,
) -> Batch:
    """Freeze the list (agreements and their fingerprints) and open the batch, or return the running one.

    ``enrollments`` are uuids; those signable now are taken. ``expected`` is the ``list_fingerprint`` that
    was shown; ``answers`` are by the names of ``asked_fields``. Raises NotAllowed, WrongState, Incomplete,
    Changed, BadInput. Emits signing.started.
    """
    if not is_open(BULK_SIGNING, institution=cohort.institution):
        raise NotAllowed(_("Signing is switched off at the moment. Nothing is lost."))
    wanted = set(enrollments)
    with transaction.atomic():
        cohort = lock_cohort(cohort.pk)
        if cohort.state not in WITH_SPONSOR:
            raise WrongState(_("This cohort is not open for your signature."))
        running = _running(cohort, contact)
        if running is not None:
            return running
        chosen = {e: rows for e, rows in signable(cohort, contact).items() if str(e.uuid) in wanted}
        if not chosen:
            raise Incomplete(_("Choose at least one student whose agreements wait for you."))
        prints = fingerprints_of(chosen)
        digest = list_fingerprint(prints)
        if expected and expected != digest:
            raise Changed(_("The list has changed since you saw it. Nothing was signed. Look at it again."))
        items = {str(enrollment.uuid): _freeze(rows, prints) for enrollment, rows in chosen.items()}
        params = {
            "cohort": cohort.pk,
            "contact": contact.pk,
            "mark": mark.pk,
            "signer": asdict(signer),
            "day": day.isoformat(),
            "ip": actor.ip,
            "user_agent": actor.user_agent[:300],
            "consent": keep_consent().pk,
            "list": digest,
            "answers": clean_asked(chosen, answers or {}),
        }
        batch = open_batch(
            KIND,
            institution_id=cohort.institution_id,
            subject_key=subject_of(cohort, contact),
            items=items,
            actor=actor,
            params=params,
        )
        data = {"cohort": str(cohort.uuid), "batch": str(batch.uuid), "students": len(items), "list": digest}
        append(cohort.stream_key, "signing.started", actor=actor, data=data)
    return batch


def subject_of(cohort: Cohort, contact: SponsorContact) -> str:
    """What a signing batch is about: this contact in this cohort."""
    return f"{cohort.uuid}:{contact.uuid}"


def _running(cohort: Cohort, contact: SponsorContact) -> Batch | None:
    return Batch.objects.filter(active_key=f"{KIND}:{subject_of(cohort, contact)}").first()


def _freeze(rows: Sequence[tuple[Agreement, list[str]]], prints: Mapping[int, str]) -> dict[str, Any]:
    return {
        "agreements": [
            {"id": agreement.pk, "roles": roles, "fingerprint": prints[agreement.pk]}
            for agreement, roles in rows
        ]
    }


def prepare_item(item: BatchItem) -> dict[str, Any]:
    """Render and check one student's copies. Changed ones fail: nothing is signed unseen."""
    params, frozen = item.batch.params, {row["id"]: row for row in item.params["agreements"]}
    marks = marks_of(Mark.objects.select_related("signature", "initials").get(pk=params["mark"]))
    signer, day = Signer(**params["signer"]), date.fromisoformat(params["day"])
    agreements = list(
        Agreement.objects.filter(pk__in=frozen).select_related(*JOINED).order_by("position", "pk")
    )
    copies = read_copies(agreements)
    rendered, answers = [], {}
    for agreement in agreements:
        row, copy = frozen[agreement.pk], copies[agreement.pk]
        if copy.fingerprint != row["fingerprint"]:
            raise Changed(CHANGED % agreement.title)
        answers[agreement.pk] = params["answers"].get(str(agreement.version_id), {})
        rendered.append(
            render_signed(
                copy, row["roles"], signer=signer, marks=marks, day=day, answers=answers[agreement.pk]
            )
        )
    return {"prepared": [asdict(one) for one in store_signed(rendered, answers)]}


def commit_batch(batch: Batch) -> dict[str, Any]:
    """One transaction makes all prepared copies signed, and moves the cohort on when none is left."""
    params = batch.params
    cohort = lock_cohort(params["cohort"])
    if cohort.state not in WITH_SPONSOR:
        raise WrongState(_("This cohort is no longer open for your signature. Nothing was signed."))
    by_student = {
        item.key: [_prepared(row) for row in item.result["prepared"]]
        for item in batch.items.filter(state=BatchItem.PREPARED)
    }
    roles = set(cohort.parties.filter(contact=params["contact"]).values_list("role_key", flat=True))
    found = _sort_out(cohort, by_student, roles=roles)
    batch.items.filter(key__in=found.late).update(
        state=BatchItem.FAILED,
        error=_("This student's papers changed while you signed. Look at them again."),
    )
    signing = _signing(params, batch)
    if found.valid:
        acts = write_acts(found.valid, signing)
        append(
            cohort.stream_key, "signing.completed", actor=signing.actor,
            data={"cohort": str(cohort.uuid), "batch": str(batch.uuid), "documents": len(acts),
                  "students": _students(found.valid)},
        )  # fmt: skip
    reconsider(cohort)
    everything = [*found.valid, *found.signed]
    return {"documents": len(everything), "students": _students(everything)}


Pairs = list[tuple[Copy, Prepared]]


def _students(pairs: Pairs) -> int:
    return len({copy.agreement.enrollment_id for copy, _one in pairs})


def _prepared(row: Mapping[str, Any]) -> Prepared:
    return Prepared(
        row["agreement_id"],
        tuple(row["role_keys"]),
        row["fingerprint"],
        row["seen_sha256"],
        tuple((key, pk, sha256) for key, pk, sha256 in row["results"]),
        row["answers"],
    )


@dataclass
class _Found:
    """Prepared copies under the lock: to sign now, signed before the batch was retried, or too late."""

    valid: Pairs = field(default_factory=list)
    signed: Pairs = field(default_factory=list)
    late: list[str] = field(default_factory=list)


def _sort_out(cohort: Cohort, by_student: Mapping[str, list[Prepared]], *, roles: set[str]) -> _Found:
    """``roles`` are those that the contact has now: another person may have been named meanwhile."""
    enrollments = {
        str(row.uuid): row
        for row in Enrollment.objects.select_for_update()
        .filter(cohort=cohort, uuid__in=by_student)
        .order_by("pk")
    }
    copies, found = _lock_copies(cohort, enrollments.values(), by_student), _Found()
    for key, rows in by_student.items():
        enrollment = enrollments[key]
        own = [(copies[one.agreement_id], one) for one in rows]
        is_ready = not enrollment.waits_for_guardian and (enrollment.state, enrollment.verification) == (
            EnrollmentState.COMPLETE,
            Verification.VERIFIED,
        )
        if all(_is_signed(copy, one) for copy, one in own):
            found.signed += own
        elif is_ready and all(
            copy.fingerprint == one.fingerprint and roles >= set(one.role_keys) for copy, one in own
        ):
            found.valid += own
        else:
            found.late.append(key)
    return found


def _lock_copies(
    cohort: Cohort, enrollments: Iterable[Enrollment], by_student: Mapping[str, list[Prepared]]
) -> dict[int, Copy]:
    students = {row.pk: row for row in enrollments}
    ids = [one.agreement_id for rows in by_student.values() for one in rows]
    locked = Agreement.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    agreements = list(locked.prefetch_related("version"))
    for agreement in agreements:
        agreement.cohort, agreement.enrollment = cohort, students[agreement.enrollment_id or 0]
    return read_copies(agreements)


def _is_signed(copy: Copy, prepared: Prepared) -> bool:
    """Whether exactly these results are the acts that stand on the agreement."""
    stand = {(act.role_key, act.result_sha256) for act in copy.own_acts}
    return stand >= {(key, sha256) for key, _pk, sha256 in prepared.results}


def _signing(params: Mapping[str, Any], batch: Batch) -> Signing:
    signer = Signer(**params["signer"])
    actor = Actor(
        batch.actor_kind or SPONSOR,
        batch.actor_key,
        name=signer.name,
        ip=params["ip"],
        user_agent=params["user_agent"],
    )
    return Signing(
        signer=signer,
        mark=Mark.objects.get(pk=params["mark"]),
        day=date.fromisoformat(params["day"]),
        actor=actor,
        consent=ConsentText.objects.get(pk=params["consent"]),
    )


def may_run(batch: Batch) -> bool:
    return is_open(BULK_SIGNING, institution=Institution.objects.get(pk=batch.institution_id))


def register() -> None:
    kinds.register(kinds.Kind(KIND, prepare=prepare_item, commit=commit_batch, is_open=may_run))


def latest_batch(cohort: Cohort, contact: SponsorContact) -> Batch | None:
    return Batch.objects.filter(kind=KIND, subject_key=subject_of(cohort, contact)).order_by("-pk").first()
