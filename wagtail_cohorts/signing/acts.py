"""Making copies to sign and writing acts: prepared outside the transaction, committed if nothing changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_cohorts import pdf
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.agreements.definitions import compiled, definition_of
from wagtail_cohorts.agreements.models import GUARDIAN, STUDENT
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.enrollments.states import AgreementState
from wagtail_cohorts.enrollments.turns import is_minor, roles_left
from wagtail_cohorts.evidence.canonical import sha256_hex
from wagtail_cohorts.evidence.operations import NewEvent, append_all
from wagtail_cohorts.exceptions import BadInput, Changed
from wagtail_cohorts.files.storage import store_all
from wagtail_cohorts.signing.models import Act, ConsentText, Mark
from wagtail_cohorts.signing.rendering import (
    Copy,
    Signer,
    marks_of,
    read_copies,
    read_copy,
    written_by_signing,
)

Answers = Mapping[str, Mapping[str, Any]]
"""Role key to field key to value."""


@dataclass(frozen=True)
class Prepared:
    """A copy with the new marks, stored and checked, waiting for its act."""

    agreement_id: int
    role_keys: tuple[str, ...]
    fingerprint: str
    seen_sha256: str
    results: tuple[tuple[str, int, str], ...]
    """For each role: key, id of the stored file, SHA-256."""
    answers: Answers = field(default_factory=dict)
    """What the signer filled in with this act; kept on the agreement at commit."""


@dataclass(frozen=True)
class Rendered:
    """What signing would leave, in bytes: the page before each role's marks, and after them."""

    copy: Copy
    seen: bytes
    results: tuple[tuple[str, bytes], ...]


def shown_bytes(
    agreement: Agreement,
    role_keys: Sequence[str],
    *,
    day: date,
    signer: Signer,
    answers: Answers | None = None,
) -> tuple[Copy, bytes]:
    """The exact bytes shown before signing: all so far, with the date and the name that will be written."""
    copy = read_copy(agreement)
    return copy, _shown(copy, role_keys, day=day, signer=signer, answers=answers or {})


def _shown(copy: Copy, role_keys: Sequence[str], *, day: date, signer: Signer, answers: Answers) -> bytes:
    written: dict[str, Any] = {}
    for key in role_keys:
        written |= _written(copy, key, day=day, signer=signer, answers=answers)
    return _render(copy, written)


def _written(copy: Copy, role_key: str, *, day: date, signer: Signer, answers: Answers) -> dict[str, Any]:
    """What one role's act adds to the values: its answers, the date, the name."""
    return {
        **answers.get(role_key, {}),
        **written_by_signing(copy.definition, role_key, day=day, signer=signer),
    }


def _render(copy: Copy, values: Mapping[str, Any], marks: Mapping[str, pdf.Marks] | None = None) -> bytes:
    try:
        return copy.render(values=values, marks=marks)
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
    """Render, check and store the copy with the marks, outside any transaction. Raises Changed."""
    rendered = render_signed(
        read_copy(agreement), role_keys, signer=signer, marks=marks_of(mark), day=day, answers={}
    )
    if expected_sha256 and expected_sha256 != sha256_hex(rendered.seen):
        raise Changed(_("“%s” has changed since you saw it. Look at it again.") % agreement.title)
    return store_signed([rendered], {})[0]


def render_signed(
    copy: Copy, role_keys: Sequence[str], *, signer: Signer, marks: pdf.Marks, day: date, answers: Answers
) -> Rendered:
    """The copy before and after each role's act, in memory; a second reader of PDFs has opened the last one.
    Raises BadInput."""
    seen = _shown(copy, role_keys, day=day, signer=signer, answers=answers)
    own: dict[str, pdf.Marks] = {}
    written: dict[str, Any] = {}
    results = []
    for key in role_keys:
        own[key] = marks
        written |= _written(copy, key, day=day, signer=signer, answers=answers)
        results.append((key, _render(copy, written, own)))
    if len(pdf.page_sizes(results[-1][1])) != len(compiled(copy.agreement.version).pages):
        raise RuntimeError(f"Agreement {copy.agreement.pk} lost pages when it was drawn.")
    return Rendered(copy, seen, tuple(results))


def store_signed(rendered: Sequence[Rendered], answers: Mapping[int, Answers]) -> list[Prepared]:
    """Keep the results of copies of one institution. ``answers`` is by agreement."""
    contents = [data for one in rendered for _key, data in one.results]
    institution_id = rendered[0].copy.agreement.institution_id
    files = iter(store_all(contents, institution_id=institution_id, content_type="application/pdf"))
    found = []
    for one in rendered:
        results = tuple(
            (key, file.pk, file.sha256) for (key, _data), file in zip(one.results, files, strict=False)
        )
        keys = tuple(key for key, _data in one.results)
        agreement_id = one.copy.agreement.pk
        found.append(
            Prepared(
                agreement_id,
                keys,
                one.copy.fingerprint,
                sha256_hex(one.seen),
                results,
                answers.get(agreement_id, {}),
            )
        )
    return found


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
    copies = read_copies([agreement for agreement, _prepared in pairs])
    for agreement, prepared in pairs:
        if copies[agreement.pk].fingerprint != prepared.fingerprint:
            raise Changed(_("“%s” has changed since you saw it. Look at it again.") % agreement.title)
    return write_acts([(copies[agreement.pk], prepared) for agreement, prepared in pairs], signing)


def write_acts(pairs: Sequence[tuple[Copy, Prepared]], signing: Signing) -> list[Act]:
    """``commit`` for copies that the caller has read under the lock and found unchanged."""
    now, acts = timezone.now(), []
    for copy, prepared in pairs:
        agreement, new = copy.agreement, _acts_of(copy.agreement, prepared, signing, now=now)
        acts += new
        agreement.current_id = prepared.results[-1][1]
        agreement.updated_at = now
        for key, values in prepared.answers.items():
            agreement.values = {**agreement.values, key: {**agreement.values.get(key, {}), **values}}
        agreement.fixed = {**copy.values, **_added(copy, prepared, signing)}
        if any(copy.definition.role(key).kind == STUDENT for key in prepared.role_keys):
            agreement.for_minor = is_minor(agreement.enrollment, on=signing.day)
        if not _roles_left(copy, new):
            agreement.state = AgreementState.SIGNED
    Act.objects.bulk_create(acts)
    touched = [copy.agreement for copy, _prepared in pairs]
    columns = ["current", "state", "fixed", "for_minor", "updated_at"]
    if any(prepared.answers for _copy, prepared in pairs):
        columns.append("values")
    Agreement.objects.bulk_update(touched, columns)
    append_all([_event(act) for act in acts], actor=signing.actor)
    return acts


def _added(copy: Copy, prepared: Prepared, signing: Signing) -> dict[str, Any]:
    """What the acts put on the copy beside marks."""
    added: dict[str, Any] = {}
    for key in prepared.role_keys:
        added |= _written(copy, key, day=signing.day, signer=signing.signer, answers=prepared.answers)
    return added


def _acts_of(agreement: Agreement, prepared: Prepared, signing: Signing, *, now: Any) -> list[Act]:
    return [
        Act(
            institution_id=agreement.institution_id,
            agreement=agreement,
            revision=agreement.revision,
            role_key=key,
            signer_key=signing.signer.key,
            signer_name=signing.signer.name,
            signer_position=signing.signer.position,
            signer_department=signing.signer.department,
            signed_on=signing.day,
            signed_at=now,
            seen_sha256=prepared.seen_sha256,
            result_sha256=sha256,
            result_id=file_id,
            engine=pdf.engine_version(),
            consent=signing.consent,
            mark=signing.mark,
            ip=signing.actor.ip,
            user_agent=signing.actor.user_agent[:300],
        )
        for key, file_id, sha256 in prepared.results
    ]


def _roles_left(copy: Copy, new_acts: Sequence[Act]) -> bool:
    agreement, done = copy.agreement, {act.role_key for act in [*copy.own_acts, *new_acts]}
    if agreement.is_specimen:
        return any(role.key not in done for role in copy.definition.of_kind("institution"))
    return bool(roles_left(agreement, done))


def _event(act: Act) -> NewEvent:
    agreement, enrollment = act.agreement, act.agreement.enrollment
    stream = agreement.cohort.stream_key if enrollment is None else enrollment.stream_key
    data = {
        "cohort": str(agreement.cohort.uuid),
        "agreement": str(agreement.uuid),
        "revision": act.revision,
        "role": act.role_key,
        "method": act.method,
        "seen": act.seen_sha256,
        "result": act.result_sha256,
        "engine": act.engine,
        "consent": act.consent.sha256 if act.consent else "",
        "signer": act.signer_key,
    }
    if enrollment is not None:
        data["enrollment"] = str(enrollment.uuid)
    definition = definition_of(agreement.version)
    if definition.role(act.role_key).kind == STUDENT and definition.of_kind(GUARDIAN):
        data["guardian_signs"] = bool(agreement.for_minor)
    details = {"signer_name": act.signer_name, "position": act.signer_position}
    return NewEvent(stream, "agreement.signed", data, {k: v for k, v in details.items() if v})
