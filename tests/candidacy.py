"""A cohort on the example candidacy agreement: printed cells, a guardian's part, two employers, no institution."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import pypdfium2
from PIL import Image

from example_site.agreements.candidacy import ROLES, candidacy_agreement
from example_site.people import identity_number
from tests import factories as make
from wagtail_cohorts import pdf
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.agreements.models import AgreementTemplate, TemplateVersion
from wagtail_cohorts.agreements.operations import freeze, take_source
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort, CohortParty
from wagtail_cohorts.cohorts.operations import open_cohort
from wagtail_cohorts.enrollments.guardians import name_guardian
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.enrollments.operations import confirm_details
from wagtail_cohorts.evidence.models import Stream
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.signing.acts import Signer
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.asked import asked_fields
from wagtail_cohorts.signing.bulk import start_bulk_signing
from wagtail_cohorts.signing.cosigning import agreements_for_guardian
from wagtail_cohorts.signing.signable import signable
from wagtail_cohorts.signing.submission import agreements_to_sign
from wagtail_cohorts.sponsors.models import SponsorContact

MINOR_ID = identity_number(date(date.today().year - 16, 1, 1), "male")
ADULT_ID, GUARDIAN_ID = "0002295000083", "8001015009087"
STUDENT = {
    "has_identity": True, "citizen": "yes", "agrees": "disagree", "home": "14 Umgeni Street, Midrand",
    "postal_code": "1685", "employed": "no", "since": "2026-02-28",
}  # fmt: skip
GUARDIAN = {
    "guardian_identity": GUARDIAN_ID, "guardian_phone": "0825550101", "guardian_home": "14 Umgeni Street",
    "guardian_lives_with": "yes",
}  # fmt: skip
EMPLOYERS = {
    "lead": {"lead_company": "Karoo Signal Networks", "lead_pays_levy": "yes", "lead_levy_number": "L123456789",
             "lead_place": "12 Harbour Road"},
    "host": {"host_company": "Harbour Light Systems", "host_pays_levy": "no", "host_place": "3 Pier Street"},
}  # fmt: skip


def version(of: Institution) -> TemplateVersion:
    data, fields = candidacy_agreement(of.name)
    made = AgreementTemplate(
        institution=of, title="Candidacy agreement", live=True, fields=fields, roles=ROLES
    )
    take_source(made, data, name="candidacy.pdf")
    made.save()
    Stream.objects.get_or_create(key=made.stream_key, defaults={"institution_id": of.pk})
    return freeze(made, actor=SYSTEM_ACTOR)


def opened(*, lead: SponsorContact | None = None, host: SponsorContact | None = None) -> Cohort:
    """Open for students at once: no institution signs."""
    of = make.institution()
    lead = lead or make.sponsor(of, "Karoo Signal Networks")
    made = make.cohort(
        of,
        versions=[version(of)],
        contact=lead,
        documents=0,
        start_date=date(2027, 1, 11),
        end_date=date(2027, 12, 10),
    )
    made.parties.all().delete()
    CohortParty.objects.create(cohort=made, role_key="lead", contact=lead)
    CohortParty.objects.create(
        cohort=made, role_key="host", contact=host or make.sponsor(of, "Harbour Light")
    )
    return open_cohort(made, actor=make.actor_of(of))


def candidate(of: Cohort, number: str, **more: Any) -> Enrollment:
    """Invited, with details confirmed and the form filled in."""
    facts = {"identity_number": number, "race": "african", "disability": "no", "city": "Midrand", **more}
    made = make.invited(of, **facts)
    confirm_details(made, {"identity_number": number}, actor=make.student_actor(made))
    made.refresh_from_db()
    for agreement, role in agreements_to_sign(made):
        assert save_answers(agreement, role, STUDENT, actor=make.student_actor(made)) == {}
    return made


def minor(of: Cohort) -> Enrollment:
    made = candidate(of, MINOR_ID, first_name="Thabo", last_name="Dube")
    facts = {"name": "Nomsa Dube", "relation": "mother", "email": "nomsa@example.com"}
    name_guardian(made, facts, actor=make.student_actor(made))
    return make.sent(made)


def guardian_signs(of: Enrollment) -> None:
    guardian = Guardian.objects.get(enrollment=of)
    for agreement, keys in agreements_for_guardian(of):
        assert save_answers(agreement, keys[0], GUARDIAN, actor=make.guardian_actor(guardian)) == {}
    make.cosigned(of)


def party(of: Cohort, role: str) -> SponsorContact:
    return of.parties.get(role_key=role).contact


def signs(of: Cohort, role: str, *, answers: Mapping[str, Any] | None = None) -> Batch:
    """The contact of this role signs all that waits for it, and fills in its part."""
    contact = party(of, role)
    asked = asked_fields(signable(of, contact))
    known = {key: value for own in EMPLOYERS.values() for key, value in own.items()}
    batch = start_bulk_signing(
        of, contact, enrollments=[str(one.uuid) for one in of.enrollments.active()],
        mark=make.mark(of.institution, owner=f"contact:{contact.uuid}", name=contact.name),
        signer=Signer(f"contact:{contact.uuid}", contact.name, contact.position), day=make.DAY,
        actor=make.sponsor_actor(contact),
        answers=answers or {one.name: known[one.field.key] for one in asked if one.field.key in known},
    )  # fmt: skip
    run_due_items(batch_id=batch.pk, limit=1000)
    batch.refresh_from_db()
    of.refresh_from_db()
    return batch


def in_cells(data: bytes, one: pdf.Field) -> list[str]:
    """What stands in each printed cell of a comb, by where each character was drawn."""
    document = pypdfium2.PdfDocument(data)
    page = document[one.page - 1]
    width, height = page.get_size()
    left, top = one.x / 1e6 * width, height - one.y / 1e6 * height
    cell, bottom = one.w / 1e6 * width / (one.cells or 1), top - one.h / 1e6 * height
    text, found = page.get_textpage(), [""] * (one.cells or 1)
    for index in range(text.count_chars()):
        if text.get_text_range(index, 1).isspace():  # put there by the reader of the text
            continue
        x1, y1, x2, y2 = text.get_charbox(index)
        place = ((x1 + x2) / 2 - left) / cell
        if 0 <= place < len(found) and bottom <= (y1 + y2) / 2 <= top:
            found[int(place)] += text.get_text_range(index, 1)
    return found


def darkness(data: bytes, option: Any) -> float:
    """How much ink stands in the middle of an option's cell: an X makes it dark."""
    image = Image.open(io.BytesIO(pdf.page_image(data, option.page, 1600, format="png"))).convert("L")
    width, height = image.size
    middle, center = (option.x + option.w / 2) / 1e6 * width, (option.y + option.h / 2) / 1e6 * height
    around = image.crop((int(middle - 5), int(center - 5), int(middle + 5), int(center + 5)))
    return 255 - sum(around.getdata()) / 100
