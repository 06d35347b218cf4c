"""After each call: the rows say what the model says, states fit together, the chains verify, deliveries are owed."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any

from django.db import connection
from django.db.models import Q

from tests.reliability.life import rows
from tests.reliability.life.model import Model
from tests.reliability.life.real import Real
from tests.reliability.life.rows import read
from tests.reliability.life.shapes import SHAPES
from tests.reliability.life.things import Agreement as Expected
from tests.reliability.life.things import Key
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.evidence.canonical import commitment, event_hash
from wagtail_cohorts.evidence.models import Delivery, Event, Stream
from wagtail_cohorts.evidence.verification import verify_streams
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import find_link, is_alive, token_of

OWED = {
    "enrollment.invited": "mail.student_invited",
    "upload.rejected": "mail.sent_back",
    "enrollment.submitted": "mail.received",
    "guardian.asked": "mail.guardian_asked",
    "enrollment.reset": "mail.started_over",
    "enrollment.completed": "mail.student_completed",
    "sponsor.invited": "mail.sponsor_invited",
    "cohort.sponsor_signed": "mail.sponsor_signed",
    "cohort.completed": "mail.cohort_completed",
}
"""What each event leaves to be done. The institution has an address of its own, so its letters have one reader."""


class Divergence(AssertionError):
    """The product and the model disagree, or the product disagrees with itself."""


def same(what: str, found: Any, expected: Any) -> None:
    if found != expected:
        raise Divergence(f"{what}: found {found!r}, expected {expected!r}")


def rows_written() -> int | None:
    """How many rows SQLite has written for us, also those undone since; None where the server does not say.

    A refusal that has written none has changed nothing, which then need not be read back.
    """
    if connection.vendor != "sqlite":
        return None
    connection.ensure_connection()
    return int(connection.connection.total_changes)


class Checks:
    """Reads each table once; walks only what is new of the chains."""

    def __init__(self, real: Real, model: Model) -> None:
        self.real, self.model = real, model
        self.last_event = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.heads = {key: (seq, head) for key, seq, head in read(rows.STREAMS)}
        self.cohort = real.cohort.pk
        self.templates = {row.pk: place for place, row in enumerate(real.world.templates)}
        self.links: dict[str, tuple[int, bool]] = {}
        self.tokens: dict[str, str] = {}

    def after_call(self) -> None:
        self._check_cohort()
        self._check_students()
        self._check_agreements()
        self._check_uploads()
        self._check_invitations()
        self._check_jobs()
        self._check_chains()
        self._check_links()

    def _check_cohort(self) -> None:
        same("cohort", read(rows.COHORT, self.cohort), [(self.model.state,)])

    def _check_students(self) -> None:
        found = [(*row[:4], *map(bool, row[4:])) for row in read(rows.STUDENTS, self.cohort)]
        expected = [
            (
                row.pk, one.state, one.verification, one.email, one.waits_for_guardian, one.is_invited,
                one.has_details,
            )
            for row, one in zip(self.real.students, self.model.students, strict=True)
        ]  # fmt: skip
        same("students", found, expected)
        for one in self.model.students:  # the pair of states fits together
            if one.state in ("waiting", "in_progress") and one.verification == "verified":
                raise Divergence("a student is verified who has not sent everything")

    def _check_agreements(self) -> None:
        acts = defaultdict(list)
        for pk, role, signer in read(rows.ACTS, self.cohort):
            acts[pk].append((role, self._signer(signer)))
        numbers = {row.pk: number for number, row in enumerate(self.real.students)}
        found = {
            (numbers.get(student, -1), (self.templates[template], version)): (
                state, revision, acts[pk], bool(has_file), bool(is_sealed),
            )
            for pk, student, template, version, state, revision, has_file, is_sealed in read(
                rows.AGREEMENTS, self.cohort
            )
        }  # fmt: skip
        same("agreements", found, self._expected_agreements())
        for (student, (template, _version)), (state, _revision, signed, _file, _sealed) in found.items():
            self._check_signed(template, state, [role for role, _signer in signed], student=student)

    def _expected_agreements(self) -> dict[tuple[int, Key], tuple[Any, ...]]:
        def row(one: Expected) -> tuple[Any, ...]:
            return one.state, one.revision, list(one.acts.items()), bool(one.acts), one.state == "sealed"

        found = {(-1, key): row(one) for key, one in self.model.specimens.items()}
        for number, student in enumerate(self.model.students):
            found |= {(number, key): row(one) for key, one in student.agreements.items()}
        return found

    def _check_signed(self, template: int, state: str, signed: list[str], *, student: int) -> None:
        """Asked of the rows alone: signed and sealed mean an act of every role, once each and in order. Whether a
        guardian must sign is the model's to say; here one who signed did so in turn."""
        shape = SHAPES[template]
        is_minor = "guardian" in signed or (len(signed) < 2 and state == "open")
        needed = shape.keys("institution") if student == -1 else shape.signers(is_minor=is_minor)
        same("order of acts", signed, needed[: len(signed)])
        same("signed by everybody", state in ("signed", "sealed"), signed == needed)

    def _signer(self, key: str) -> str:
        for place in range(len(self.real.world.contacts)):
            if key == self.real.world.contact_key(place):
                return f"contact {place}"
        kinds = {"enrollment": "student", "guardian": "guardian"}
        return kinds.get(key.partition(":")[0], "institution")

    def _check_uploads(self) -> None:
        if not any(self.real.uploads):
            return
        states = dict(read(rows.UPLOADS, self.cohort))
        found = [[states[one.pk] for one in own] for own in self.real.uploads]
        same("documents", found, [[one.state for one in student.uploads] for student in self.model.students])
        same("number of documents", len(states), sum(map(len, found)))

    def _check_invitations(self) -> None:
        """Exactly one a contact, however often the gate opened."""
        numbers = {row.pk: number for number, row in enumerate(self.real.world.contacts)}
        found = [
            (numbers[pk], bool(opened), resent) for pk, opened, resent in read(rows.INVITATIONS, self.cohort)
        ]
        expected = [(key, one.is_opened, one.resent) for key, one in self.model.invitations.items()]
        same("sponsors' invitations", sorted(found), sorted(expected))

    def _check_jobs(self) -> None:
        same("number of jobs", len(self.real.batches), len(self.model.batches))
        if not self.model.batches:
            return
        numbers = {str(row.uuid): number for number, row in enumerate(self.real.students)}
        found: dict[int, tuple[str, dict[int, str]]] = {}
        for batch, state, key, item in read(rows.JOBS, self.real.batches[0].pk):
            found.setdefault(batch, (state, {}))[1][numbers[key]] = item
        expected = {
            row.pk: (one.state, {item.student: item.state for item in one.items})
            for row, one in zip(self.real.batches, self.model.batches, strict=True)
        }
        same("jobs", found, expected)

    def _check_chains(self) -> None:
        """Each new event follows from the head before it, and is the event that the model told of."""
        told: list[tuple[str, str]] = []
        names: dict[int, str] = {}
        first = self.last_event
        for pk, key, seq, name, payload, previous, digest, salt, data in read(rows.EVENTS, first):
            before_seq, before = self.heads.get(key, (0, ""))
            same(f"place in {key}", (seq, previous), (before_seq + 1, before))
            same(f"hash of {name}", digest, event_hash(before, key, seq, payload))
            same(
                f"details of {name}",
                json.loads(payload).get("details"),
                commitment(salt, data) if salt else None,
            )
            self.heads[key], self.last_event, names[pk] = (seq, digest), pk, name
            if (stream := self._stream(key)) is not None:
                told.append((stream, name))
        same("events", sorted(told), sorted(self.model.told))
        same("heads", {key: (seq, head) for key, seq, head in read(rows.STREAMS)}, self.heads)
        if names:
            self._check_deliveries(first, names)

    def _stream(self, key: str) -> str | None:
        if key == self.real.cohort.stream_key:
            return "cohort"
        numbers = (
            f"student {place}" for place, row in enumerate(self.real.students) if row.stream_key == key
        )
        return next(numbers, None)

    def _guardians_who_signed(self) -> int:
        active = (student for student in self.model.students if student.is_active)
        return sum(any("guardian" in one.acts for one in student.agreements.values()) for student in active)

    def _check_deliveries(self, first: int, names: dict[int, str]) -> None:
        found = Counter(read(rows.DELIVERIES, first))
        expected = Counter((pk, OWED[name]) for pk, name in names.items() if name in OWED)
        guardians = self._guardians_who_signed()
        if guardians:
            expected.update(
                {
                    (pk, "mail.guardian_completed"): guardians
                    for pk, name in names.items()
                    if name == "cohort.completed"
                }
            )
        same("deliveries", found, expected)

    def _check_links(self) -> None:
        expected = self._expected_links()
        found = {key: (generation, bool(revoked)) for key, generation, revoked in read(rows.LINKS)}
        same("links", {key: found.get(key) for key in expected}, expected)
        new = {key: link for key, link in expected.items() if self.links.get(key) != link}
        for row in PersonalLink.objects.filter(subject_key__in=list(new)) if new else ():
            token = token_of(row)
            self._check_token(row, token, self.tokens.get(row.subject_key))
            self.tokens[row.subject_key] = token
        self.links = expected

    def _expected_links(self) -> dict[str, tuple[int, bool]]:
        found = {self.real.world.contact_key(key): link for key, link in self.model.contact_links.items()}
        for row, student in zip(self.real.students, self.model.students, strict=True):
            if student.link is not None:
                found[row.stream_key] = student.link
        for number, guardian in self.real.guardians.items():
            told = self.model.students[number].guardian
            if told is not None and told.link is not None:
                found[guardian.signer_key] = told.link
        return {key: (link.generation, link.is_revoked) for key, link in found.items()}

    def _check_token(self, row: PersonalLink, token: str, old: str | None) -> None:
        """A new token opens the link unless it is revoked; the one before opens nothing."""
        opened = find_link(token)
        same("the link of a token", opened and opened.pk, row.pk)
        same("life of a link", is_alive(row), row.revoked_at is None)
        if old is not None:
            same("the link of an old token", find_link(old), None)

    def at_the_end(self) -> None:
        """What is looked at once a run: whole chains, seals, letters."""
        keys = [self.real.cohort.stream_key, *(row.stream_key for row in self.real.students)]
        reports = verify_streams(Stream.objects.filter(key__in=keys))
        same("whole chains", [report.problem for report in reports], [""] * len(keys))
        self._check_seals()
        failed = Delivery.objects.filter(Q(state=Delivery.FAILED) | ~Q(error=""))
        same("failed deliveries", list(failed.values_list("consumer", "error")), [])
        invited = Event.objects.filter(stream__key=keys[0], name="sponsor.invited").values_list(
            "payload", flat=True
        )
        first = [json.loads(text)["data"] for text in invited]
        once = Counter(data["contact"] for data in first if not data.get("again"))
        same("invitations told once", sorted(once.values()), [1] * len(self.model.invitations))

    def _check_seals(self) -> None:
        """Nothing is sealed twice, and all of it together."""
        sealed = Event.objects.filter(name="agreement.sealed", stream__key__in=self.heads)
        names = Counter(
            json.loads(text)["data"]["agreement"] for text in sealed.values_list("payload", flat=True)
        )
        same("sealed once", [count for count in names.values() if count > 1], [])
        records = CompletionRecord.objects.filter(enrollment__cohort=self.real.cohort.pk).count()
        is_completed = self.model.state == "completed"
        same("completion records", records, len(self.model.active) if is_completed else 0)
