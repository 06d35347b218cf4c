"""A sponsor signs a whole cohort, then staff finalize it: everything from the press of the button is in the clock."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from benchmarks.machine import machine, peak_mb, versions
from example_site.life import steps, world
from example_site.people import students as people_of
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import note_sponsor_opened, open_cohort
from wagtail_cohorts.completion.finalizing import start_finalizing
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.signing.bulk import start_bulk_signing
from wagtail_cohorts.signing.marks import make_mark
from wagtail_cohorts.signing.rendering import Signer
from wagtail_cohorts.uploads.models import Upload
from wagtail_cohorts.uploads.operations import approve_upload


def ready_cohort(*, students: int, documents: int) -> tuple[world.House, Cohort]:
    """A cohort of the example site that waits for its sponsor."""
    house = world.mopane_ridge()
    cohort = steps.new_cohort(house, "Benchmark", templates=documents)
    open_cohort(cohort, actor=house.actor)
    steps.sign_as_the_institution(cohort, house)
    people = [people_of(50)[number % 50] for number in range(students)]
    for number, person in enumerate(people):
        enrollment = (
            steps.enroll(cohort, person, house) if number < 50 else _again(cohort, person, number, house)
        )
        steps.do_everything(Enrollment.objects.select_related("cohort").get(pk=enrollment.pk), person)
    for upload in Upload.objects.filter(enrollment__cohort=cohort):
        approve_upload(upload, actor=house.actor)
    cohort.refresh_from_db()
    return house, cohort


def _again(cohort: Cohort, person: Any, number: int, house: world.House) -> Enrollment:
    """More than 50 students: the same people under other addresses."""
    from wagtail_cohorts.enrollments.operations import add_student

    facts = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "email": f"student{number}@example.com",
    }
    return add_student(cohort, facts, actor=house.actor)


def measure(*, students: int, documents: int) -> dict[str, Any]:
    house, cohort = ready_cohort(students=students, documents=documents)
    started = time.perf_counter()
    _sign(cohort)
    signed = time.perf_counter()
    _finish(start_finalizing(cohort, actor=house.actor))
    sealed = time.perf_counter()
    done = steps.agreements_of(cohort).filter(state="sealed").count()
    if done != students * documents:
        raise SystemExit(f"Only {done} of {students * documents} documents were sealed.")
    seconds = sealed - started
    return {
        "signed_seconds": round(signed - started, 3), "sealed_seconds": round(sealed - signed, 3),
        "seconds": round(seconds, 3), "documents": done, "documents_per_second": round(done / seconds, 1),
        "peak_mb": peak_mb(), "versions": versions(), "machine": machine(),
    }  # fmt: skip


def _sign(cohort: Cohort) -> None:
    contact = cohort.parties.get(role_key="sponsor").contact
    actor = Actor("sponsor", f"contact:{contact.uuid}", name=contact.name, ip="127.0.0.1")
    note_sponsor_opened(cohort, contact, actor=actor)
    mark = make_mark(
        institution_id=cohort.institution_id, owner_key=actor.key, typed_name=contact.name,
        drawn_signature=steps.drawing(7),
    )  # fmt: skip
    signer = Signer(actor.key, contact.name, contact.position)
    chosen = [str(one.uuid) for one in cohort.enrollments.active()]
    _finish(
        start_bulk_signing(
            cohort, contact, enrollments=chosen, mark=mark, signer=signer, day=date.today(), actor=actor
        )
    )


def _finish(batch: Batch) -> None:
    while run_due_items(batch_id=batch.pk, limit=1000):
        pass
    batch.refresh_from_db()
    if batch.state != Batch.DONE or batch.items.exclude(state="prepared").exists():
        raise SystemExit(f"{batch.kind} ended as {batch.state}: {batch.error}")
