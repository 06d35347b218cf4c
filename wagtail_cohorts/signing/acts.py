"""Making copies to sign, and writing acts: prepared outside the transaction, committed only if nothing changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_cohorts import pdf
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.states import AgreementState
from wagtail_cohorts.evidence.canonical import sha256_hex
from wagtail_cohorts.evidence.operations import NewEvent, append_all
from wagtail_cohorts.exceptions import BadInput, Changed
from wagtail_cohorts.files.storage import store
from wagtail_cohorts.signing.models import Act, ConsentText, Mark
from wagtail_cohorts.signing.rendering import Copy, Signer, marks_of, read_copy, written_by_signing
from wagtail_cohorts.signing.turns import signing_roles


@dataclass(frozen=True)
class Prepared:
    """A copy with the new marks, stored and checked, waiting for its act."""

    agreement_id: int
    role_keys: tuple[str, ...]
    fingerprint: str
    seen_sha256: str
    results: tuple[tuple[str, int, str], ...]
    """For each role: key, id of the stored file, SHA-256."""


def shown_bytes(
    agreement: Agreement, role_keys: Sequence[str], *, day: date, signer: Signer
) -> tuple[Copy, bytes]:
    """The exact bytes shown before signing: everything so far, with the date and the name that will be written."""
    copy = read_copy(agreement)
    written: dict[str, str] = {}
    for key in role_keys:
        written |= written_by_signing(copy.definition, key, day=day, signer=signer)
    try:
        return copy, copy.render(values=written)
    except pdf.FieldError as error:
        raise BadInput(str(error), field=error.field_key) from error


def prepare(
    agreement: Agreement,
    role_keys: Sequence[str],
    *,
    signer: Signer,
    mark: Mark,
    day: date,
    expected_sha256: str = "",
) -> Prepared:
    """Render, check and store the copy with the marks. Outside any transaction; may run twice. Raises Changed."""
    copy, seen = shown_bytes(agreement, role_keys, day=day, signer=signer)
    seen_sha256 = sha256_hex(seen)
    if expected_sha256 and expected_sha256 != seen_sha256:
        raise Changed(_("“%s” has changed since you saw it. Look at it again.") % agreement.title)
    marks, written, results = {}, {}, []
    for key in role_keys:
        marks[key] = marks_of(mark)
        written |= written_by_signing(copy.definition, key, day=day, signer=signer)
        data = copy.render(values=written, marks=marks)
        stored = store(data, institution_id=agreement.institution_id, content_type="application/pdf")
        results.append((key, stored.pk, stored.sha256))
    pdf.inspect(data)
    return Prepared(agreement.pk, tuple(role_keys), copy.fingerprint, seen_sha256, tuple(results))


@dataclass(frozen=True)
class Signing:
    """What all acts of one commit share."""

    signer: Signer
    mark: Mark
    consent: ConsentText | None
    day: date
    actor: Actor


def commit(pairs: Sequence[tuple[Agreement, Prepared]], signing: Signing) -> list[Act]:
    """Write the acts of locked agreements, set-based, inside the caller's transaction.

    Raises Changed if anything moved since ``prepare``; the unique constraint stops whatever slips past. Emits
    agreement.signed for each act.
    """
    now, acts = timezone.now(), []
    for agreement, prepared in pairs:
        if read_copy(agreement).fingerprint != prepared.fingerprint:
            raise Changed(_("“%s” has changed since you saw it. Look at it again.") % agreement.title)
        acts += _acts_of(agreement, prepared, signing, now=now)
        agreement.current_id = prepared.results[-1][1]
        agreement.updated_at = now
        if not _roles_left(agreement, acts):
            agreement.state = AgreementState.SIGNED
    Act.objects.bulk_create(acts)
    Agreement.objects.bulk_update([agreement for agreement, _prepared in pairs], ["current", "state", "updated_at"])
    append_all([_event(act) for act in acts], actor=signing.actor)
    return acts


def _acts_of(agreement: Agreement, prepared: Prepared, signing: Signing, *, now: Any) -> list[Act]:
    return [
        Act(
            institution_id=agreement.institution_id, agreement=agreement, revision=agreement.revision, role_key=key,
            signer_key=signing.signer.key, signer_name=signing.signer.name, signer_position=signing.signer.position,
            signer_department=signing.signer.department, signed_on=signing.day, signed_at=now,
            seen_sha256=prepared.seen_sha256, result_sha256=sha256, result_id=file_id, engine=pdf.engine_version(),
            consent=signing.consent, mark=signing.mark, ip=signing.actor.ip, user_agent=signing.actor.user_agent[:300],
        )
        for key, file_id, sha256 in prepared.results
    ]


def _roles_left(agreement: Agreement, new_acts: Sequence[Act]) -> bool:
    done = set(
        Act.objects.filter(agreement=agreement, revision=agreement.revision).values_list("role_key", flat=True)
    ) | {act.role_key for act in new_acts if act.agreement_id == agreement.pk}
    definition = definition_of(agreement.version)
    if agreement.is_specimen:
        return any(role.key not in done for role in definition.of_kind("institution"))
    return any(role.key not in done for role in signing_roles(definition, agreement.enrollment))


def _event(act: Act) -> NewEvent:
    agreement = act.agreement
    stream = agreement.cohort.stream_key if agreement.is_specimen else agreement.enrollment.stream_key
    data = {
        "cohort": str(agreement.cohort.uuid), "agreement": str(agreement.uuid), "revision": act.revision,
        "role": act.role_key, "method": act.method, "seen": act.seen_sha256, "result": act.result_sha256,
        "engine": act.engine, "consent": act.consent.sha256 if act.consent else "", "signer": act.signer_key,
    }
    if not agreement.is_specimen:
        data["enrollment"] = str(agreement.enrollment.uuid)
    details = {"signer_name": act.signer_name, "position": act.signer_position}
    return NewEvent(stream, "agreement.signed", data, {k: v for k, v in details.items() if v})

