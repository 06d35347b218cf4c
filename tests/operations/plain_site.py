"""Run inside a plain `wagtail start` site: signs and seals one document, with `cohorts_worker` doing the work."""

from __future__ import annotations

import hashlib
import io
import sys
from datetime import date
from uuid import uuid4

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from reportlab.pdfgen.canvas import Canvas  # noqa: E402

from wagtail_cohorts import pdf  # noqa: E402
from wagtail_cohorts.actors import SYSTEM_ACTOR, Actor  # noqa: E402
from wagtail_cohorts.models import (  # noqa: E402
    Agreement,
    AgreementTemplate,
    Cohort,
    CohortParty,
    CohortTemplate,
    Institution,
    PersonalLink,
    Programme,
    Sponsor,
    SponsorContact,
)


def field(key: str, role: str, kind: str, y: int) -> dict[str, object]:
    place = {"page": 1, "x": 100_000, "y": y, "w": 300_000, "h": 40_000}
    return {"uuid": str(uuid4()), "key": key, "role": role, "type": kind, "label": {"en": key}, **place}


def a_pdf() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(72, 700, "An agreement")
    canvas.save()
    return buffer.getvalue()


def main() -> None:
    from wagtail_cohorts.agreements.operations import take_source
    from wagtail_cohorts.cohorts.operations import create_cohort, open_cohort
    from wagtail_cohorts.completion.finalizing import start_finalizing
    from wagtail_cohorts.enrollments.operations import add_student, confirm_details, invite_student
    from wagtail_cohorts.evidence.operations import open_stream
    from wagtail_cohorts.institutions.operations import found_institution
    from wagtail_cohorts.links.operations import token_of
    from wagtail_cohorts.signing.acts import shown_bytes
    from wagtail_cohorts.signing.bulk import start_bulk_signing
    from wagtail_cohorts.signing.marks import make_mark
    from wagtail_cohorts.signing.rendering import Signer
    from wagtail_cohorts.signing.submission import agreements_to_sign, student_signer, submit

    institution = found_institution(Institution(name="Plain Institute"), actor=SYSTEM_ACTOR)
    template = AgreementTemplate(institution=institution, title="Agreement", live=False)
    template.fields = [field("s", "student", "signature", 300_000), field("c", "sponsor", "signature", 500_000)]
    take_source(template, a_pdf(), name="a.pdf")
    template.save()
    open_stream(template.stream_key, institution_id=institution.pk)
    template.save_revision().publish()
    sponsor = Sponsor.objects.create(institution=institution, name="Company")
    contact = SponsorContact.objects.create(sponsor=sponsor, name="Thembi", email="thembi@example.com")
    programme = Programme.objects.create(institution=institution, name="Learnership")
    cohort = Cohort(institution=institution, name="First", programme=programme, sponsor=sponsor)
    create_cohort(cohort, actor=SYSTEM_ACTOR)
    CohortTemplate.objects.create(cohort=cohort, template=template)
    CohortParty.objects.create(cohort=cohort, role_key="sponsor", contact=contact)
    open_cohort(cohort, actor=SYSTEM_ACTOR)
    names = {"first_name": "Naledi", "last_name": "Mokoena"}
    student = add_student(cohort, {**names, "email": "naledi@example.com"}, actor=SYSTEM_ACTOR)
    invite_student(student, actor=SYSTEM_ACTOR)
    call_command("cohorts_worker", "--once")

    token = token_of(PersonalLink.objects.get(subject_key=student.stream_key))
    client = Client()
    first = client.get(f"/papers/o/{token}/", follow=True, headers={"host": "localhost"})
    assert first.status_code == 200 and b"Plain Institute" in first.content, first.status_code
    get_user_model().objects.create_superuser("root", "root@example.com", "x")
    admin = Client()
    admin.force_login(get_user_model().objects.get(username="root"))
    assert admin.get("/admin/", headers={"host": "localhost"}).status_code == 200

    actor = Actor("student", student.stream_key, name=student.full_name)
    confirm_details(student, names, actor=actor)
    student.refresh_from_db()
    shown = {
        str(one.uuid): hashlib.sha256(
            shown_bytes(one, [role], day=date.today(), signer=student_signer(student))[1]
        ).hexdigest()
        for one, role in agreements_to_sign(student)
    }
    mark = make_mark(institution_id=institution.pk, owner_key=student.stream_key, typed_name=student.full_name)
    submit(student, mark=mark, day=date.today(), shown=shown, actor=actor)
    cohort.refresh_from_db()
    start_bulk_signing(
        cohort, contact, enrollments=[str(student.uuid)], mark=mark, signer=Signer("contact:1", contact.name),
        day=date.today(), actor=Actor("sponsor", "contact:1"),
    )  # fmt: skip
    call_command("cohorts_worker", "--once")
    cohort.refresh_from_db()
    start_finalizing(cohort, actor=SYSTEM_ACTOR)
    call_command("cohorts_worker", "--once")
    call_command("cohorts_verify")
    sealed = Agreement.objects.get(cohort=cohort, enrollment=student).sealed
    assert sealed is not None
    report = pdf.verify(sealed.read())
    assert report[0].intact and report[0].whole_file
    sys.stdout.write("signed and sealed\n")


main()
