"""One institution, and a cohort at each stage; a round gets a copy of its rows, which costs a few inserts.

The product's own operations make each original. Copies have keys of their own, above those of all other rows, and
chains that begin with the race.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

from django.db.models import ForeignKey, Max, Model

from tests import factories as make
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import (
    Cohort,
    CohortParty,
    CohortTemplate,
    RequiredDocument,
    SponsorInvitation,
)
from wagtail_cohorts.cohorts.operations import note_sponsor_opened, open_cohort
from wagtail_cohorts.enrollments.models import Agreement, Enrollment, Guardian
from wagtail_cohorts.evidence.models import Stream
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.cosigning import agreements_for_guardian
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.uploads.models import Upload
from wagtail_cohorts.uploads.operations import approve_upload

FAR = 10_000_000
CHUNK = 500
Rows = dict[type[Model], list[Any]]
OF_COHORT: dict[type[Model], str] = {
    Cohort: "pk", CohortTemplate: "cohort", RequiredDocument: "cohort", CohortParty: "cohort",
    SponsorInvitation: "cohort", Enrollment: "cohort", Guardian: "enrollment__cohort", Agreement: "cohort",
    Upload: "enrollment__cohort", Act: "agreement__cohort",
}  # fmt: skip


class World:
    """What all races share: an institution with its staff, a contact, a published agreement, and the originals."""

    def __init__(self) -> None:
        create_flags()
        self.institution = make.institution()
        self.version = make.published(self.institution, pages=1, fields=few_fields())
        self.users = [make.staff(self.institution) for _ in range(2)]
        self.actor = make.actor_of(self.institution)
        self.contact = make.sponsor(self.institution)
        self.mark = make.mark(self.institution)
        self._originals: dict[str, Cohort] = {}
        self.copied_acts = 0

    def copies(self, stage: str, number: int) -> list[Cohort]:
        """So many cohorts of their own that have come so far."""
        if stage not in self._originals:
            self._originals[stage] = STAGES[stage](self)
        original = self._originals[stage]
        rows = {
            model: list(model._default_manager.filter(**{path: original.pk}))
            for model, path in OF_COHORT.items()
        }
        made: Rows = {model: [] for model in rows}
        self._keys = count(free_key())
        for _ in range(number):
            self._copy(rows, made)
        for model, copies in made.items():
            model._default_manager.bulk_create(copies, batch_size=CHUNK)
        subjects = [*made[Cohort], *made[Enrollment]]
        Stream.objects.bulk_create(
            [Stream(key=one.stream_key, institution=self.institution) for one in subjects], batch_size=CHUNK
        )
        self.copied_acts += len(made[Act])
        return list(Cohort.objects.filter(pk__in=[one.pk for one in made[Cohort]]).order_by("pk"))

    def _copy(self, rows: Rows, made: Rows) -> None:
        """Rows with keys of their own that refer to each other as the originals do."""
        new: dict[tuple[type[Model], Any], Model] = {}
        for model, originals in rows.items():
            for original in originals:
                copy = model(**{field.attname: getattr(original, field.attname) for field in columns(model)})
                copy.pk = next(self._keys)
                for field in (one for one in columns(model) if isinstance(one, ForeignKey)):
                    target = new.get((field.related_model, getattr(original, field.attname)))
                    if target is not None:
                        setattr(copy, field.attname, target.pk)
                if hasattr(copy, "uuid"):
                    copy.uuid = uuid.uuid4()
                if isinstance(copy, Agreement) and copy.enrollment_id:
                    copy.subject_key = str(new[Enrollment, original.enrollment_id].uuid)  # type: ignore[attr-defined]
                new[model, original.pk] = copy
                made[model].append(copy)


def free_key() -> int:
    """Above every key that is there: MySQL and SQLite go on from the highest one."""
    highest = [model._default_manager.aggregate(key=Max("pk"))["key"] or 0 for model in OF_COHORT]
    return max(FAR, *highest) + 1


def columns(model: type[Model]) -> Sequence[Any]:
    return model._meta.concrete_fields


def few_fields() -> list[dict[str, Any]]:
    """Enough for three parties, little to draw."""
    wanted = ("student_name", "street", "institution_signature", "student_signature", "sponsor_signature")
    return [one for one in make.small_fields() if one["key"] in wanted]


def _made(world: World) -> Any:
    return make.cohort(world.institution, versions=[world.version], contact=world.contact)


def _opened(world: World) -> Cohort:
    return open_cohort(_made(world), actor=world.actor)


def _enrolling(world: World) -> Cohort:
    return make.sign_institution(_opened(world))


def _with(world: World, students: Iterable[Callable[[Cohort], Enrollment]]) -> Cohort:
    cohort = _enrolling(world)
    for one in students:
        one(cohort)
    cohort.refresh_from_db()
    return cohort


def _guardian_asked(world: World) -> Cohort:
    """A minor sent everything, and the guardian has filled in."""
    cohort = make.with_guardian(world.institution, contact=world.contact)
    student = make.submitted(cohort, birth_date=make.years_ago(16))
    actor = make.guardian_actor(Guardian.objects.get(enrollment=student))
    for agreement, keys in agreements_for_guardian(student):
        save_answers(agreement, keys[0], {"guardian_id": "7001015009087"}, actor=actor)
    return cohort


def _ready(world: World, *, students: int) -> Cohort:
    """The documents are checked when all have sent theirs, so that the gate opens once."""
    cohort = _with(world, [make.submitted] * students)
    for enrollment in cohort.enrollments.all():
        for upload in enrollment.uploads.current():
            approve_upload(upload, actor=world.actor)
    cohort.refresh_from_db()
    note_sponsor_opened(cohort, world.contact, actor=make.sponsor_actor(world.contact))
    return cohort


def _signed(world: World) -> Cohort:
    cohort = _ready(world, students=1)
    batch = make.start_signing(cohort)
    run_due_items(batch_id=batch.pk, limit=1000)
    return cohort


STAGES: dict[str, Callable[[World], Cohort]] = {
    "opened": _opened,
    "invited": lambda world: _with(world, [make.invited]),
    "filled": lambda world: _with(world, [lambda cohort: make.filled(make.invited(cohort))]),
    "sent": lambda world: _with(world, [make.submitted]),
    "both sent": lambda world: _with(world, [make.submitted] * 2),
    "guardian asked": _guardian_asked,
    "ready": lambda world: _ready(world, students=2),
    "signed": _signed,
}
