"""Many students at once: preview, import all or nothing, and invite in the background."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wagtail_cohorts import flags
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.batches import kinds
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import open_batch
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.transitions import lock_cohort
from wagtail_cohorts.enrollments import gate
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import (
    INVITABLE,
    identify,
    invite_student,
    lock_enrollment,
    make_agreements,
)
from wagtail_cohorts.enrollments.rows import parse_csv, parse_pasted
from wagtail_cohorts.enrollments.students import FIELDS, clean_student, identity_key, write_student
from wagtail_cohorts.evidence.canonical import sha256_hex
from wagtail_cohorts.evidence.operations import NewEvent, append_all, open_streams
from wagtail_cohorts.exceptions import BadInput, Incomplete, WrongState
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.transactions import again

__all__ = [
    "ImportRefused", "Preview", "PreviewRow", "import_students", "parse_csv", "parse_pasted", "preview_import",
    "register", "start_inviting",
]  # fmt: skip

INVITE = "invite"
WORDS = {
    "gender": {"m": "male", "f": "female", "man": "male", "woman": "female"},
    "disability": {"n": "no", "none": "no", "nil": "no", "y": "yes"},
}


@dataclass
class PreviewRow:
    """One line of the list: ``values`` as given, ``cleaned`` as they would be kept, a sentence for each bad field."""

    line: int
    values: dict[str, str]
    cleaned: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    is_duplicate: bool = False

    @property
    def has_email(self) -> bool:
        return bool(self.cleaned.get("email"))


@dataclass
class Preview:
    """``duplicates`` are in the list twice, or in the cohort already."""

    rows: list[PreviewRow]

    @property
    def bad_rows(self) -> list[PreviewRow]:
        return [row for row in self.rows if row.errors]

    @property
    def duplicates(self) -> list[PreviewRow]:
        return [row for row in self.rows if row.is_duplicate]

    @property
    def without_email(self) -> list[PreviewRow]:
        return [row for row in self.rows if not row.errors and not row.has_email]

    @property
    def is_ready(self) -> bool:
        return bool(self.rows) and not self.bad_rows


class ImportRefused(BadInput):
    """Nothing was imported; ``preview`` says why, line by line."""

    def __init__(self, message: Any, *, preview: Preview) -> None:
        super().__init__(message, field="rows")
        self.preview = preview
        self.rows = preview.rows


def preview_import(cohort: Cohort, rows: Sequence[Mapping[str, Any]]) -> Preview:
    """What would happen with each row; nothing is written."""
    checked = [_check(row, number) for number, row in enumerate(rows, start=1)]
    emails = {
        key.casefold()
        for key in cohort.enrollments.exclude(email_key=None).values_list("email_key", flat=True)
    }
    people = set(cohort.enrollments.exclude(identity_key="").values_list("identity_key", flat=True))
    for row in checked:
        email, number = row.cleaned.get("email", "").strip().lower(), row.cleaned.get("identity_number", "")
        _note_duplicate(row, "email", email, emails)
        _note_duplicate(row, "identity_number", identity_key(number) if number else "", people)
    return Preview(checked)


def _check(row: Mapping[str, Any], number: int) -> PreviewRow:
    given = {name: str(row[name]) for name in FIELDS if row.get(name)}
    line = row.get("line")
    found = PreviewRow(line if isinstance(line, int) else number, given, {})
    for name, text in given.items():
        try:
            cleaned = clean_student({name: _in_our_words(name, text)})
        except BadInput as error:
            found.errors[name] = str(error)
            continue
        found.cleaned |= {key: value for key, value in cleaned.items() if key == name or key not in given}
    for name in ("first_name", "last_name"):
        if not found.cleaned.get(name) and name not in found.errors:
            found.errors[name] = _("A name is needed.")
    return found


def _in_our_words(name: str, text: str) -> str:
    if name == "birth_date":
        return text.replace("/", "-").replace(".", "-")
    return WORDS.get(name, {}).get(text.strip().casefold(), text)


def _note_duplicate(row: PreviewRow, name: str, key: str, seen: set[str]) -> None:
    if not key:
        return
    if key in seen:
        row.is_duplicate = True
        row.errors[name] = _("%s is in this cohort or in this list already.") % row.values[name]
    seen.add(key)


@again
def import_students(cohort: Cohort, rows: Sequence[Mapping[str, Any]], *, actor: Actor) -> int:
    """Enroll all rows or none, in one transaction. Raises ImportRefused with the rows, WrongState. Emits
    enrollment.added for each."""
    try:
        with transaction.atomic():
            return _import(cohort, rows, actor=actor)
    except IntegrityError:  # somebody added one of them at this very moment
        preview = preview_import(cohort, rows)
        raise ImportRefused(
            _("The cohort changed meanwhile. Look at the list again."), preview=preview
        ) from None


def _import(cohort: Cohort, rows: Sequence[Mapping[str, Any]], *, actor: Actor) -> int:
    cohort = lock_cohort(cohort.pk)
    if not cohort.is_open:
        raise WrongState(_("“%s” takes no more students.") % cohort.name)
    preview = preview_import(cohort, rows)
    if not preview.is_ready:
        message = _("Nothing was imported: %d lines need a correction.") % len(preview.bad_rows)
        raise ImportRefused(message, preview=preview)
    enrollments = [_built(cohort, row) for row in preview.rows]
    Enrollment.objects.bulk_create(enrollments)
    keys = [one.uuid for one in enrollments]
    enrollments = list(Enrollment.objects.filter(cohort=cohort, uuid__in=keys).select_related("cohort"))
    open_streams([one.stream_key for one in enrollments], institution_id=cohort.institution_id)
    make_agreements(cohort, enrollments)
    with gate.once(cohort):
        append_all(
            [NewEvent(one.stream_key, "enrollment.added", identify(one)) for one in enrollments], actor=actor
        )
    return len(enrollments)


def _built(cohort: Cohort, row: PreviewRow) -> Enrollment:
    enrollment = Enrollment(institution_id=cohort.institution_id, cohort=cohort)
    write_student(enrollment, row.cleaned)
    enrollment.email_key = enrollment.email.strip().lower() or None
    return enrollment


def start_inviting(cohort: Cohort, enrollments: Iterable[Enrollment], *, actor: Actor) -> Batch:
    """Invite many in the background; the same choice made twice is one batch. Raises Incomplete, WrongState."""
    if cohort.state not in INVITABLE:
        raise WrongState(_("Students are invited after the institution has signed."))
    chosen = sorted(str(one.uuid) for one in enrollments if one.is_active and one.email)
    if not chosen:
        raise Incomplete(_("None of these students can be invited by e-mail."))
    return open_batch(
        INVITE, institution_id=cohort.institution_id, items=chosen, actor=actor,
        subject_key=f"{cohort.stream_key}:{sha256_hex(','.join(chosen))[:16]}",
        params={"name": actor.name, "ip": actor.ip, "user_agent": actor.user_agent[:300]},
    )  # fmt: skip


@again
def invite_one(item: BatchItem) -> dict[str, Any]:
    """Invite one student, once a batch: whoever was invited since the batch was made is left alone."""
    batch = item.batch
    actor = Actor(
        batch.actor_kind, batch.actor_key, name=batch.params["name"], ip=batch.params["ip"],
        user_agent=batch.params["user_agent"],
    )  # fmt: skip
    enrollment = Enrollment.objects.get(uuid=item.key)
    with transaction.atomic():
        _cohort, enrollment = lock_enrollment(enrollment.pk)
        if enrollment.invited_at is None or enrollment.invited_at < batch.created_at:
            invite_student(enrollment, actor=actor)
    return {"enrollment": item.key}


def _may_invite(batch: Batch) -> bool:
    return flags.is_open(flags.STUDENTS, institution=Institution.objects.get(pk=batch.institution_id))


def register() -> None:
    kinds.register(kinds.Kind(INVITE, prepare=invite_one, is_open=_may_invite))
