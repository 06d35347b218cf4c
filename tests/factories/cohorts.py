"""Cohorts, from draft to completed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.factories.agreements import published
from tests.factories.institutions import actor_of, institution
from tests.factories.numbers import NUMBERS
from tests.factories.signing import sign_institution, start_signing
from tests.factories.sponsors import sponsor
from tests.factories.students import submitted
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.agreements.models import TemplateVersion
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort, CohortParty, CohortTemplate, Programme, RequiredDocument
from wagtail_cohorts.cohorts.operations import create_cohort, open_cohort
from wagtail_cohorts.completion.finalizing import start_finalizing
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.sponsors.models import SponsorContact
from wagtail_cohorts.uploads.operations import approve_upload


def programme(of: Institution, **more: Any) -> Programme:
    return Programme.objects.create(institution=of, name=f"Programme {next(NUMBERS)}", **more)


def cohort(
    of: Institution,
    *,
    versions: list[TemplateVersion] | None = None,
    contact: SponsorContact | None = None,
    documents: int = 1,
    **more: Any,
) -> Cohort:
    """A draft with one agreement, one required document and a signatory."""
    contact = contact or sponsor(of)
    facts = {"name": f"Cohort {next(NUMBERS)}", "deadline": date.today() + timedelta(days=20), **more}
    made = Cohort(institution=of, programme=programme(of), sponsor=contact.sponsor, **facts)
    create_cohort(made, actor=SYSTEM_ACTOR)
    for position, version in enumerate(versions if versions is not None else [published(of)]):
        CohortTemplate.objects.create(cohort=made, template=version.template, position=position)
    for position in range(documents):
        name = {"en": f"Document {position + 1}"}
        RequiredDocument.objects.create(cohort=made, name=name, position=position)
    CohortParty.objects.create(cohort=made, role_key="sponsor", contact=contact)
    return made


def enrolling(of: Institution | None = None, **more: Any) -> Cohort:
    """A cohort that the institution has signed."""
    made = cohort(of or institution(), **more)
    open_cohort(made, actor=actor_of(made.institution))
    return sign_institution(made)


def ready(*, students: int = 2, **more: Any) -> Cohort:
    """A cohort whose gate is open: the sponsor is invited."""
    made = enrolling(**more)
    enrollments = [submitted(made) for _ in range(students)]
    for one in enrollments:
        for document in one.uploads.current():
            approve_upload(document, actor=actor_of(made.institution))
    made.refresh_from_db()
    return made


def sponsor_signed(**more: Any) -> Cohort:
    """A cohort in institution review: everybody has signed."""
    made = ready(**more)
    batch = start_signing(made)
    run_due_items(batch_id=batch.pk, limit=1000)
    made.refresh_from_db()
    return made


def completed(**more: Any) -> Cohort:
    """A finalized cohort: everything is sealed."""
    made = sponsor_signed(**more)
    batch = start_finalizing(made, actor=actor_of(made.institution))
    run_due_items(batch_id=batch.pk, limit=1000)
    made.refresh_from_db()
    return made
