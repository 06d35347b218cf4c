"""Finalizing a cohort: every file is sealed item by item, then one transaction completes the cohort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_cohorts import flags
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.batches import kinds
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import open_batch
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.cohorts.transitions import lock_cohort, move
from wagtail_cohorts.completion.models import CompletionRecord, new_code
from wagtail_cohorts.completion.sealing import seal_student
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.operations import identify
from wagtail_cohorts.enrollments.states import AgreementState, EnrollmentState, Verification
from wagtail_cohorts.enrollments.turns import turn_of
from wagtail_cohorts.evidence.models import Stream
from wagtail_cohorts.evidence.operations import NewEvent, append, append_all
from wagtail_cohorts.exceptions import Changed, Incomplete, NotAllowed, WrongState
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.transactions import again

KIND = "finalize"
SHOWN_PROBLEMS = 20


def finalize_problems(cohort: Cohort) -> list[str]:
    """What keeps the cohort from being finalized, in staff's words; empty when nothing does."""
    if cohort.state != CohortState.INSTITUTION_REVIEW:
        return [
            _("“%(cohort)s” is now in “%(state)s”. It is finalized in “%(review)s”.")
            % {
                "cohort": cohort.name, "state": cohort.get_state_display(),
                "review": CohortState.INSTITUTION_REVIEW.label,
            }
        ]  # fmt: skip
    enrollments = list(cohort.enrollments.active())
    if not enrollments:
        return [_("There are no students in this cohort.")]
    problems = [
        _("%s is not done yet.") % one.full_name
        for one in enrollments
        if (one.state, one.verification) != (EnrollmentState.COMPLETE, Verification.VERIFIED)
    ]
    return problems + _unsigned(cohort, enrollments)


def _unsigned(cohort: Cohort, enrollments: Sequence[Enrollment]) -> list[str]:
    agreements = Agreement.objects.filter(enrollment__in=[one.pk for one in enrollments])
    agreements = (
        agreements.exclude(state=AgreementState.VOID).select_related("version").prefetch_related("acts")
    )
    own: dict[int | None, list[Agreement]] = {}
    for agreement in agreements:
        own.setdefault(agreement.enrollment_id, []).append(agreement)
    problems = []
    for one in enrollments:
        if one.pk not in own:
            problems.append(_("%s has no agreement.") % one.full_name)
        for agreement in own.get(one.pk, []):
            agreement.enrollment = one
            if not _is_signed(agreement):
                facts = {"student": one.full_name, "title": agreement.title}
                problems.append(_("%(student)s: “%(title)s” is not signed by everybody yet.") % facts)
    return problems


def _is_signed(agreement: Agreement) -> bool:
    has_file = agreement.current_id is not None
    return agreement.state == AgreementState.SIGNED and has_file and turn_of(agreement) is None


@again
def start_finalizing(cohort: Cohort, *, actor: Actor) -> Batch:
    """Open the batch that seals everything, or return the one that runs. Raises Incomplete, NotAllowed. Emits
    cohort.finalizing_started."""
    if not flags.is_open(flags.FEATURE, institution=cohort.institution):
        raise NotAllowed(_("This is switched off at the moment. Nothing is lost."))
    with transaction.atomic():
        cohort = lock_cohort(cohort.pk)
        running = latest_batch(cohort)
        if running is not None and running.is_open:
            return running
        problems = finalize_problems(cohort)
        if problems:
            raise Incomplete(" ".join(problems[:SHOWN_PROBLEMS]), problems=problems)
        keys = [str(key) for key in cohort.enrollments.active().values_list("uuid", flat=True)]
        batch = open_batch(
            KIND, institution_id=cohort.institution_id, subject_key=cohort.stream_key, actor=actor,
            items={key: {"code": new_code()} for key in keys},
            params={
                "cohort": cohort.pk, "name": actor.name, "ip": actor.ip, "user_agent": actor.user_agent[:300],
            },
        )  # fmt: skip
        data = {"cohort": str(cohort.uuid), "batch": str(batch.uuid), "students": len(keys)}
        append(cohort.stream_key, "cohort.finalizing_started", actor=actor, data=data)
    return batch


def latest_batch(cohort: Cohort) -> Batch | None:
    return Batch.objects.filter(kind=KIND, subject_key=cohort.stream_key).order_by("-pk").first()


def commit_batch(batch: Batch) -> dict[str, Any]:
    """Make all sealed files the cohort's own and complete it, or nothing of it. Raises Changed, WrongState."""
    cohort = lock_cohort(batch.params["cohort"])
    items = list(batch.items.all())
    failed = [item for item in items if item.state != BatchItem.PREPARED]
    if failed:
        raise WrongState(_("%d students' files could not be sealed. Nothing was changed.") % len(failed))
    enrollments = _unchanged(cohort, items)
    now, actor = timezone.now(), _actor_of(batch)
    results = {item.key: item for item in items}
    agreements = _seal_rows(enrollments, results, now=now)
    CompletionRecord.objects.bulk_create(
        [_record(one, results[str(one.uuid)], now=now) for one in enrollments]
    )
    append_all(_events(enrollments, agreements, results), actor=actor)
    data = {"batch": str(batch.uuid), "students": len(enrollments), "heads": _heads_of(cohort)}
    move(cohort, "finalize", CohortState.COMPLETED, actor=actor, data=data)
    return {"students": len(enrollments), "documents": len(agreements)}


def _actor_of(batch: Batch) -> Actor:
    params = batch.params
    return Actor(
        batch.actor_kind,
        batch.actor_key,
        name=params["name"],
        ip=params["ip"],
        user_agent=params["user_agent"],
    )


def _unchanged(cohort: Cohort, items: Sequence[BatchItem]) -> list[Enrollment]:
    """The cohort's students, locked, if nothing happened to any of them since their files were made."""
    enrollments = list(Enrollment.objects.select_for_update().active().filter(cohort=cohort).order_by("pk"))
    for one in enrollments:
        one.cohort = cohort
    problems = finalize_problems(cohort)
    if problems:
        raise Changed(" ".join(problems[:SHOWN_PROBLEMS]))
    if {str(one.uuid) for one in enrollments} != {item.key for item in items}:
        raise Changed(
            _("Students joined or left while the files were sealed. Nothing was changed; finalize again.")
        )
    streams = Stream.objects.filter(key__in=[one.stream_key for one in enrollments])
    heads = dict(streams.values_list("key", "head_hash"))
    made_from = {item.key: item.result["head"] for item in items}
    moved = [one for one in enrollments if heads[one.stream_key] != made_from[str(one.uuid)]]
    if moved:
        names = ", ".join(one.full_name for one in moved[:SHOWN_PROBLEMS])
        raise Changed(_("Something changed for %s while the files were sealed. Finalize again.") % names)
    return enrollments


def _seal_rows(
    enrollments: Sequence[Enrollment], results: Mapping[str, BatchItem], *, now: datetime
) -> dict[int, Agreement]:
    """Put the sealed files on the locked agreements. Raises Changed."""
    rows = Agreement.objects.select_for_update().filter(enrollment__in=[one.pk for one in enrollments])
    agreements = {row.pk: row for row in rows.exclude(state=AgreementState.VOID).order_by("pk")}
    made = {row["id"]: row for item in results.values() for row in item.result["agreements"]}
    if {pk: row.current_id for pk, row in agreements.items()} != {
        pk: row["current"] for pk, row in made.items()
    }:
        raise Changed(
            _("A document changed while the files were sealed. Nothing was changed; finalize again.")
        )
    for pk, agreement in agreements.items():
        agreement.sealed_id, agreement.state = made[pk]["file"], AgreementState.SEALED
        agreement.sealed_at = agreement.updated_at = now
    Agreement.objects.bulk_update(agreements.values(), ["sealed", "state", "sealed_at", "updated_at"])
    return agreements


def _record(enrollment: Enrollment, item: BatchItem, *, now: datetime) -> CompletionRecord:
    return CompletionRecord(
        institution_id=enrollment.institution_id, enrollment=enrollment, code=item.params["code"], completed_at=now,
        certificate_id=item.result["certificate"][0], package_id=item.result["package"][0],
    )  # fmt: skip


def _events(
    enrollments: Sequence[Enrollment], agreements: Mapping[int, Agreement], results: Mapping[str, BatchItem]
) -> list[NewEvent]:
    events = []
    for one in enrollments:
        result = results[str(one.uuid)].result
        for row in result["agreements"]:
            agreement = str(agreements[row["id"]].uuid)
            data = {**identify(one), "agreement": agreement, "signed": row["signed"], "sealed": row["sealed"]}
            events.append(NewEvent(one.stream_key, "agreement.sealed", data))
        data = {**identify(one), "certificate": result["certificate"][1], "package": result["package"][1]}
        events.append(NewEvent(one.stream_key, "enrollment.completed", data))
    return events


def _heads_of(cohort: Cohort) -> dict[str, str]:
    """The heads of all enrollments' chains, also of those who left: the cohort's last event pins them."""
    keys = {f"enrollment:{key}": str(key) for key in cohort.enrollments.values_list("uuid", flat=True)}
    rows = Stream.objects.filter(key__in=list(keys)).values_list("key", "head_hash")
    return {keys[key]: digest for key, digest in rows}


def may_run(batch: Batch) -> bool:
    return flags.is_open(flags.FEATURE, institution=Institution.objects.get(pk=batch.institution_id))


def register() -> None:
    kinds.register(kinds.Kind(KIND, prepare=seal_student, commit=commit_batch, is_open=may_run))
