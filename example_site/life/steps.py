"""The steps of a cohort's life; each calls what the page for it calls."""

from __future__ import annotations

import base64
import hashlib
import io
import math
import random
from datetime import date, timedelta
from typing import Any

from PIL import Image, ImageDraw

from example_site import scans
from example_site.agreements.answers import institution_answers, student_answers
from example_site.life.world import House
from example_site.people import Student
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.cohorts.models import Cohort, CohortParty, CohortTemplate, RequiredDocument
from wagtail_cohorts.cohorts.operations import create_cohort
from wagtail_cohorts.enrollments.guardians import name_guardian
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.operations import add_student, confirm_details
from wagtail_cohorts.enrollments.turns import asks_guardian
from wagtail_cohorts.signing.acts import Signer, shown_bytes
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.institution import institution_roles, sign_as_institution, specimens_of
from wagtail_cohorts.signing.marks import make_mark
from wagtail_cohorts.signing.submission import agreements_to_sign, student_signer, submit
from wagtail_cohorts.sponsors.models import SponsorContact
from wagtail_cohorts.uploads.operations import add_upload


def new_cohort(
    house: House, name: str, *, contact: SponsorContact | None = None, templates: int = 3
) -> Cohort:
    """A draft with agreements, required documents and a signatory."""
    contact = contact or house.contacts[0]
    today = date.today()
    cohort = Cohort(
        institution=house.institution, name=name, programme=house.programme, sponsor=contact.sponsor,
        expected_students=50, start_date=date(today.year + 1, 1, 11), end_date=date(today.year + 1, 12, 10),
        deadline=today + timedelta(days=21), sign_by=today + timedelta(days=30), seta="MICT SETA", nqf_level=5,
        qualification=house.programme.qualification, funding="Discretionary grant",
    )  # fmt: skip
    create_cohort(cohort, actor=house.actor)
    for position, template in enumerate(house.templates[:templates]):
        CohortTemplate.objects.create(cohort=cohort, template=template, position=position)
    for position, row in enumerate(house.programme.required_documents):
        RequiredDocument.objects.create(cohort=cohort, position=position, **row)
    CohortParty.objects.create(cohort=cohort, role_key="sponsor", contact=contact)
    return cohort


def sign_as_the_institution(cohort: Cohort, house: House) -> Cohort:
    user = house.administrator
    signer = Signer(f"user:{user.pk}", user.get_full_name(), "Principal")
    answers = institution_answers()
    for specimen in specimens_of(cohort):
        for role in institution_roles(specimen):
            save_answers(specimen, role, answers, actor=house.actor)
    today = date.today()
    shown = {
        str(one.uuid): _sha256(shown_bytes(one, institution_roles(one), day=today, signer=signer)[1])
        for one in specimens_of(cohort)
    }
    mark = make_mark(
        institution_id=cohort.institution_id, owner_key=signer.key, drawn_signature=drawing(1),
        typed_name=signer.name,
    )  # fmt: skip
    return sign_as_institution(cohort, signer=signer, mark=mark, day=today, shown=shown, actor=house.actor)


def enroll(cohort: Cohort, student: Student, house: House) -> Enrollment:
    facts = {"first_name": student.first_name, "last_name": student.last_name, "email": student.email}
    return add_student(cohort, facts, actor=house.actor)


def student_actor(enrollment: Enrollment) -> Actor:
    return Actor(
        "student", enrollment.stream_key, name=enrollment.full_name, ip="127.0.0.1", user_agent="demo"
    )


def give_details(enrollment: Enrollment, student: Student) -> None:
    facts = {
        "first_name": student.first_name, "last_name": student.last_name, "phone": student.phone,
        "identity_number": student.identity_number, "birth_date": student.birth_date, "gender": student.gender,
        "race": student.race, "city": student.city, "disability": student.disability,
    }  # fmt: skip
    confirm_details(enrollment, facts, actor=student_actor(enrollment))


def send_documents(enrollment: Enrollment, student: Student, *, only: list[int] | None = None) -> None:
    """The ID as a photo, the others as PDFs."""
    files = [
        ("ID.jpg", scans.identity_photo),
        ("Certificate.pdf", scans.certificate),
        ("Address.pdf", scans.proof_of_address),
    ]
    for place, document in enumerate(enrollment.cohort.required_documents.all()):
        if only is None or place in only:
            name, make = files[place]
            add_upload(enrollment, document, data=make(student), name=name, actor=student_actor(enrollment))


def name_the_guardian(enrollment: Enrollment) -> None:
    """Only somebody under 18 is asked for one."""
    if asks_guardian(Enrollment.objects.get(pk=enrollment.pk)):
        facts = {"name": f"Nomsa {enrollment.last_name}", "relation": "mother", "email": "nomsa@example.com"}
        name_guardian(enrollment, facts, actor=student_actor(enrollment))


def fill_in(enrollment: Enrollment, student: Student) -> None:
    answers = student_answers(student)
    for agreement, role in agreements_to_sign(enrollment):
        errors = save_answers(agreement, role, answers, actor=student_actor(enrollment))
        if errors:
            raise RuntimeError(f"{agreement.title} of {student.full_name}: {errors}")


def sign_and_send(enrollment: Enrollment, student: Student) -> Enrollment:
    enrollment = Enrollment.objects.select_related("cohort").get(pk=enrollment.pk)
    today, signer = date.today(), student_signer(enrollment)
    shown = {
        str(agreement.uuid): _sha256(shown_bytes(agreement, [role], day=today, signer=signer)[1])
        for agreement, role in agreements_to_sign(enrollment)
    }
    drawn = drawing(enrollment.pk) if enrollment.pk % 2 else ""
    mark = make_mark(
        institution_id=enrollment.institution_id, owner_key=enrollment.stream_key, typed_name=student.full_name,
        drawn_signature=drawn,
    )  # fmt: skip
    return submit(enrollment, mark=mark, day=today, shown=shown, actor=student_actor(enrollment))


def do_everything(enrollment: Enrollment, student: Student) -> Enrollment:
    """A student's whole visit."""
    give_details(enrollment, student)
    send_documents(enrollment, student)
    fill_in(enrollment, student)
    return sign_and_send(enrollment, student)


def agreements_of(cohort: Cohort) -> Any:
    return Agreement.objects.filter(cohort=cohort, enrollment__isnull=False)


def drawing(seed: int) -> str:
    """A signature as a finger draws it, as the data URL that a page sends."""
    chance = random.Random(seed)
    loops, lean, size = chance.uniform(5, 8), chance.uniform(10, 26), chance.uniform(40, 58)
    phase = chance.uniform(0, math.tau)
    points = []
    for step in range(240):
        t = step / 239
        wave = math.sin(loops * math.tau * t + phase) + 0.45 * math.sin(2.3 * loops * math.tau * t)
        x = 40 + 500 * t + lean * math.cos(loops * math.tau * t + phase)
        points.append((x, 104 + size * (1.1 - 0.75 * t) * wave))
    image = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).line(points, fill=(16, 32, 110, 255), width=5, joint="curve")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
