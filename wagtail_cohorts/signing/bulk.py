"""Bulk signing: copies are rendered and checked item by item, then one transaction makes them all signed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_cohorts.actors import SPONSOR, Actor
from wagtail_cohorts.batches import kinds
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import open_batch
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.cohorts.transitions import lock_cohort
from wagtail_cohorts.enrollments.gate import reconsider
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.states import AgreementState, EnrollmentState, Verification
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import Changed, Incomplete, NotAllowed, WrongState
from wagtail_cohorts.flags import BULK_SIGNING, is_open
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.signing.acts import Prepared, Signer, Signing, commit, prepare
from wagtail_cohorts.signing.consent import keep_consent
from wagtail_cohorts.signing.models import ConsentText, Mark
from wagtail_cohorts.signing.rendering import read_copy
from wagtail_cohorts.signing.turns import acted_roles, signing_roles
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.sponsors.models import SponsorContact

KIND = "sign"
SIGNABLE = (CohortState.READY_FOR_SPONSOR, CohortState.SPONSOR_REVIEW)
FULL = ("version__template", "cohort__programme", "cohort__sponsor", "cohort__institution", "enrollment")


def roles_of_contact(cohort: Cohort, contact: SponsorContact) -> set[str]:
    return set(cohort.parties.filter(contact=contact).values_list("role_key", flat=True))


def consecutive_roles(agreement: Agreement, own: Collection[str]) -> list[str]:
    """The next roles in signing order that are this contact's: it may act for two in one go."""
    enrollment, acted = agreement.enrollment, acted_roles(agreement)
    found: list[str] = []
    for role in signing_roles(definition_of(agreement.version), enrollment):
        if role.key in acted:
            continue
        if role.key not in own:
            break
        found.append(role.key)
    return found


def signable(cohort: Cohort, contact: SponsorContact) -> dict[Enrollment, list[tuple[Agreement, list[str]]]]:
    """Ready students with the agreements that this contact may sign now."""
    own = roles_of_contact(cohort, contact)
    agreements = Agreement.objects.filter(
        cohort=cohort, state=AgreementState.OPEN, enrollment__state=EnrollmentState.COMPLETE,
        enrollment__verification=Verification.VERIFIED,
    )
    agreements = agreements.select_related(*FULL).prefetch_related("acts")
    found: dict[Enrollment, list[tuple[Agreement, list[str]]]] = {}
    for agreement in agreements.order_by("enrollment__last_name", "enrollment__first_name", "enrollment", "position"):
        roles = consecutive_roles(agreement, own)
        if roles and agreement.enrollment is not None:
            found.setdefault(agreement.enrollment, []).append((agreement, roles))
    return found


def start_bulk_signing(
    cohort: Cohort,
    contact: SponsorContact,
    *,
    enrollments: Sequence[str],
    mark: Mark,
    signer: Signer,
    day: date,
    actor: Actor,
) -> Batch:
    """Freeze the list (enrollment, agreements, fingerprints) and open the batch, or return the one that runs.

    ``enrollments`` are uuids; all must be signable now. Raises NotAllowed, WrongState, Incomplete. Emits
    signing.started.
    """
    if not is_open(BULK_SIGNING, institution=cohort.institution):
        raise NotAllowed(_("Signing is switched off at the moment. Nothing is lost."))
    wanted = set(enrollments)
    with transaction.atomic():
        cohort = lock_cohort(cohort.pk)
        if cohort.state not in SIGNABLE:
            raise WrongState(_("This cohort is not open for your signature."))
        chosen = {e: rows for e, rows in signable(cohort, contact).items() if str(e.uuid) in wanted}
        if not chosen:
            raise Incomplete(_("Choose at least one student whose agreements wait for you."))
        items = {str(enrollment.uuid): _freeze(rows) for enrollment, rows in chosen.items()}
        params = {
            "cohort": cohort.pk, "contact": contact.pk, "mark": mark.pk, "signer": asdict(signer),
            "day": day.isoformat(), "ip": actor.ip, "user_agent": actor.user_agent[:300],
            "consent": keep_consent().pk,
        }
        batch = open_batch(
            KIND, institution_id=cohort.institution_id, subject_key=f"{cohort.stream_key}:{contact.uuid}",
            items=items, actor=actor, params=params,
        )
        if batch.params == params:
            data = {"cohort": str(cohort.uuid), "batch": str(batch.uuid), "students": len(items)}
            append(cohort.stream_key, "signing.started", actor=actor, data=data)
    return batch


def _freeze(rows: Sequence[tuple[Agreement, list[str]]]) -> dict[str, Any]:
    return {
        "agreements": [
            {"id": agreement.pk, "roles": roles, "fingerprint": read_copy(agreement).fingerprint}
            for agreement, roles in rows
        ]
    }


def prepare_item(item: BatchItem) -> dict[str, Any]:
    """Render and check one student's copies. Changed ones fail: nothing is signed unseen."""
    params = item.batch.params
    mark = Mark.objects.select_related("signature", "initials").get(pk=params["mark"])
    day, prepared = date.fromisoformat(params["day"]), []
    for row in item.params["agreements"]:
        agreement = Agreement.objects.select_related(*FULL).get(pk=row["id"])
        one = prepare(agreement, row["roles"], signer=Signer(**params["signer"]), mark=mark, day=day)
        if one.fingerprint != row["fingerprint"]:
            raise Changed(_("“%s” has changed since you saw it. Look at it again.") % agreement.title)
        prepared.append(asdict(one))
    return {"prepared": prepared}


def commit_batch(batch: Batch) -> dict[str, Any]:
    """One transaction makes all prepared copies signed, and moves the cohort on when none is left."""
    params = batch.params
    cohort = lock_cohort(params["cohort"])
    if cohort.state not in SIGNABLE:
        raise WrongState(_("This cohort is no longer open for your signature. Nothing was signed."))
    by_student = {
        item.key: [_prepared(row) for row in item.result["prepared"]]
        for item in batch.items.filter(state=BatchItem.PREPARED)
    }
    pairs, late = _still_valid(cohort, by_student)
    for key in late:
        batch.items.filter(key=key).update(
            state=BatchItem.FAILED, error=_("This student's papers changed while you signed. Look at them again.")
        )
    signing = _signing(params, batch)
    acts = commit(pairs, signing)
    if acts:
        students = len({agreement.enrollment_id for agreement, _one in pairs})
        data = {"cohort": str(cohort.uuid), "batch": str(batch.uuid), "students": students, "documents": len(acts)}
        append(cohort.stream_key, "signing.completed", actor=signing.actor, data=data)
    reconsider(cohort)
    return {"documents": len(pairs), "students": len({a.enrollment_id for a, _ in pairs})}


def _prepared(row: Mapping[str, Any]) -> Prepared:
    return Prepared(
        row["agreement_id"], tuple(row["role_keys"]), row["fingerprint"], row["seen_sha256"],
        tuple((key, pk, sha256) for key, pk, sha256 in row["results"]),
    )


def _still_valid(
    cohort: Cohort, by_student: Mapping[str, list[Prepared]]
) -> tuple[list[tuple[Agreement, Prepared]], list[str]]:
    """Locked agreements of students who are still ready and unchanged; and the keys of the others."""
    enrollments = {
        str(row.uuid): row
        for row in Enrollment.objects.select_for_update().filter(cohort=cohort, uuid__in=by_student).order_by("pk")
    }
    ids = [one.agreement_id for rows in by_student.values() for one in rows]
    locked = Agreement.objects.select_for_update().select_related("version__template").filter(pk__in=ids)
    agreements = {row.pk: row for row in locked.order_by("pk")}
    pairs, late = [], []
    for key, rows in by_student.items():
        enrollment = enrollments[key]
        own = [(agreements[one.agreement_id], one) for one in rows]
        for agreement, _one in own:
            agreement.cohort, agreement.enrollment = cohort, enrollment
        is_ready = (enrollment.state, enrollment.verification) == (EnrollmentState.COMPLETE, Verification.VERIFIED)
        if is_ready and all(read_copy(agreement).fingerprint == one.fingerprint for agreement, one in own):
            pairs += own
        else:
            late.append(key)
    return pairs, late


def _signing(params: Mapping[str, Any], batch: Batch) -> Signing:
    signer = Signer(**params["signer"])
    actor = Actor(
        batch.actor_kind or SPONSOR, batch.actor_key, name=signer.name, ip=params["ip"],
        user_agent=params["user_agent"],
    )
    return Signing(
        signer=signer, mark=Mark.objects.get(pk=params["mark"]), day=date.fromisoformat(params["day"]), actor=actor,
        consent=ConsentText.objects.get(pk=params["consent"]),
    )


def may_run(batch: Batch) -> bool:
    return is_open(BULK_SIGNING, institution=Institution.objects.get(pk=batch.institution_id))


def register() -> None:
    kinds.register(kinds.Kind(KIND, prepare=prepare_item, commit=commit_batch, is_open=may_run))


def latest_batch(cohort: Cohort, contact: SponsorContact) -> Batch | None:
    key = f"{cohort.stream_key}:{contact.uuid}"
    return Batch.objects.filter(kind=KIND, subject_key=key).order_by("-pk").first()

