"""A cohort that waits for its sponsor, made by the product's own operations."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from tests.names import FIRST, LAST
from wagtail_cohorts.actors import STUDENT, SYSTEM_ACTOR, Actor
from wagtail_cohorts.agreements.models import AgreementTemplate
from wagtail_cohorts.agreements.operations import freeze, take_source
from wagtail_cohorts.cohorts.models import Cohort, CohortParty, CohortTemplate, Programme
from wagtail_cohorts.cohorts.operations import create_cohort, open_cohort
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import add_student, confirm_details
from wagtail_cohorts.evidence.canonical import sha256_hex
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.institutions.operations import found_institution
from wagtail_cohorts.signing.acts import Signer, shown_bytes
from wagtail_cohorts.signing.institution import institution_roles, sign_as_institution, specimens_of
from wagtail_cohorts.signing.marks import make_mark
from wagtail_cohorts.signing.submission import agreements_to_sign, student_signer, submit
from wagtail_cohorts.sponsors.models import Sponsor, SponsorContact

DAY = date(2026, 11, 24)
Source = tuple[str, bytes, list[dict[str, Any]]]


def small_agreement(title: str = "Learnership agreement", *, pages: int = 2) -> Source:
    """Lines for three parties on the last page; the sponsor's initials on the first."""
    fields = [
        _field("learner", "student", "text", pages, 100_000, source="student.full_name", read_only=True),
        _field("learner_signature", "student", "signature", pages, 200_000),
        _field("learner_signed_on", "student", "date_signed", pages, 200_000, x=600_000),
        _field("provider_signature", "institution", "signature", pages, 300_000),
        _field("employer_initials", "sponsor", "initials", 1, 850_000, x=700_000),
        _field("employer_signature", "sponsor", "signature", pages, 400_000),
        _field("employer_signed_on", "sponsor", "date_signed", pages, 400_000, x=600_000),
        _field("employer_signer", "sponsor", "text", pages, 500_000, source="signer.name", read_only=True),
    ]
    return title, _paper(title, pages), fields


def _field(
    key: str, role: str, kind: str, page: int, y: int, *, x: int = 100_000, **more: Any
) -> dict[str, Any]:
    place = {"x": x, "y": y, "w": 250_000, "h": 50_000, "page": page}
    label = {"en": key.replace("_", " ").capitalize()}
    return {"uuid": f"00000000-0000-4000-8000-{abs(hash_of(key)) % 10**12:012d}", "key": key, "role": role,
            "type": kind, "label": label, "required": kind != "text", **place, **more}  # fmt: skip


def hash_of(text: str) -> int:
    return int(sha256_hex(text)[:12], 16)


def _paper(title: str, pages: int) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1)
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(60, 780, title)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(60, 40, f"Page {number} of {pages}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def an_institution(name: str = "Mopane Ridge Skills Institute") -> Institution:
    create_flags()
    return found_institution(
        Institution(name=name, contact_name="Lindiwe Mahlangu", contact_email="office@example.com"),
        actor=SYSTEM_ACTOR,
    )


def a_contact(institution: Institution, name: str = "Thembeka Nkosi") -> SponsorContact:
    sponsor = Sponsor.objects.create(institution=institution, name=f"Karoo Signal Networks {name.split()[0]}")
    return SponsorContact.objects.create(
        sponsor=sponsor, name=name, email=f"{name.split()[0].lower()}@example.com", position="Head of People",
        department="Human resources",
    )  # fmt: skip


def opened_cohort(
    institution: Institution,
    contact: SponsorContact,
    *,
    sources: Sequence[Source],
    name: str = "Systems Support 2027",
) -> Cohort:
    """Published templates, institution's signature, students may join."""
    programme = Programme.objects.create(
        institution=institution, name="Systems support", qualification="NQF 5"
    )
    cohort = create_cohort(
        Cohort(institution=institution, name=name, programme=programme, sponsor=contact.sponsor,
               start_date=date(2027, 1, 11), end_date=date(2027, 12, 10)),
        actor=SYSTEM_ACTOR,
    )  # fmt: skip
    for position, (title, data, fields) in enumerate(sources):
        template = AgreementTemplate(institution=institution, title=title, fields=fields, live=True)
        take_source(template, data, name=f"{title}.pdf")
        template.save()
        freeze(template, actor=SYSTEM_ACTOR)
        CohortTemplate.objects.create(cohort=cohort, template=template, position=position)
    CohortParty.objects.create(cohort=cohort, role_key="sponsor", contact=contact)
    cohort = open_cohort(cohort, actor=SYSTEM_ACTOR)
    return _institution_signs(cohort)


def _institution_signs(cohort: Cohort) -> Cohort:
    mark = make_mark(institution_id=cohort.institution_id, owner_key="user:1", typed_name="Lindiwe Mahlangu")
    specimens = specimens_of(cohort)
    if not specimens:
        return cohort
    for specimen in specimens:
        specimen.values = {key: _required_values(specimen, key) for key in institution_roles(specimen)}
        specimen.save(update_fields=["values"])
    signer = Signer("user:1", "Lindiwe Mahlangu", "Principal")
    shown = {
        str(s.uuid): sha256_hex(shown_bytes(s, institution_roles(s), day=DAY, signer=signer)[1])
        for s in specimens
    }
    return sign_as_institution(cohort, signer=signer, mark=mark, day=DAY, shown=shown, actor=SYSTEM_ACTOR)


def _required_values(agreement: Any, role_key: str) -> dict[str, Any]:
    from wagtail_cohorts.signing.answers import missing_answers

    return {field.key: _any_value(field) for field, _sentence in missing_answers(agreement, role_key)}


def _any_value(field: Any) -> Any:
    known: Mapping[str, Any] = {
        "date": "2027-01-11", "number": "12", "checkbox": True, "phone": "+27 10 555 0142", "email": "a@example.com",
        "national_id": "8001015009087",
    }  # fmt: skip
    return field.options[0].value if field.options else known.get(field.type, "Midrand")


def student_done(cohort: Cohort, number: int) -> Enrollment:
    """A student who signed and sent everything; nothing was asked for that staff must check."""
    first, last = FIRST[number % len(FIRST)], f"{LAST[number % len(LAST)]}-{number:03d}"
    raw = {"first_name": first, "last_name": last, "email": f"student{number}@example.com"}
    enrollment = add_student(cohort, raw, actor=SYSTEM_ACTOR)
    return student_signs(enrollment)


def student_signs(enrollment: Enrollment) -> Enrollment:
    actor = Actor(STUDENT, enrollment.stream_key, name=enrollment.full_name)
    confirm_details(enrollment, {"city": "Midrand", "phone": "+27 10 555 0199"}, actor=actor)
    mark = make_mark(institution_id=enrollment.institution_id, owner_key=enrollment.stream_key,
                     typed_name=enrollment.full_name)  # fmt: skip
    shown = {}
    signer = student_signer(Enrollment.objects.get(pk=enrollment.pk))
    for agreement, key in agreements_to_sign(enrollment):
        agreement.values = {**agreement.values, key: _required_values(agreement, key)}
        agreement.save(update_fields=["values"])
        shown[str(agreement.uuid)] = sha256_hex(shown_bytes(agreement, [key], day=DAY, signer=signer)[1])
    return submit(enrollment, mark=mark, day=DAY, shown=shown, actor=actor)


def ready_cohort(
    *, students: int = 3, sources: Sequence[Source] | None = None, institution: Institution | None = None,
    contact: SponsorContact | None = None, name: str = "Systems Support 2027",
) -> tuple[Cohort, SponsorContact]:  # fmt: skip
    """All students have signed, the gate is open, the sponsor is invited. Some are added before the first one signs,
    so that the gate opens once."""
    institution = institution or an_institution()
    contact = contact or a_contact(institution)
    cohort = opened_cohort(institution, contact, sources=sources or [small_agreement()], name=name)
    waiting = [
        add_student(cohort, {"first_name": FIRST[n % len(FIRST)], "last_name": f"{LAST[n % len(LAST)]} {n:03d}",
                             "email": f"student{n}@example.com"}, actor=SYSTEM_ACTOR)
        for n in range(students)
    ]  # fmt: skip
    for enrollment in waiting:
        student_signs(enrollment)
    return Cohort.objects.get(pk=cohort.pk), contact


def alter(student: Enrollment, text: str) -> None:
    """Something on the student's copies is no longer what the sponsor saw; an empty text takes that back."""
    for agreement in student.agreements.all():
        kept = {key: value for key, value in agreement.fixed.items() if key != "altered"}
        agreement.fixed = {**kept, "altered": text} if text else kept
        agreement.save(update_fields=["fixed"])


def real_sources() -> list[Source]:
    """The example site's agreements: twelve, two and two pages."""
    from example_site.agreements import code_of_conduct, learnership_agreement, workplace_plan

    makers = {"Learnership agreement": learnership_agreement, "Code of conduct": code_of_conduct,
              "Workplace plan": workplace_plan}  # fmt: skip
    return [(title, *make()) for title, make in makers.items()]
