"""Small real things for tests: each goes through the same operations as the pages do."""

from __future__ import annotations

import io
import itertools
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth import get_user_model
from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from wagtail_cohorts.actors import SYSTEM_ACTOR, Actor, staff_actor
from wagtail_cohorts.agreements.models import AgreementTemplate, TemplateVersion, default_roles
from wagtail_cohorts.agreements.operations import freeze, take_source
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort, CohortParty, CohortTemplate, Programme, RequiredDocument
from wagtail_cohorts.cohorts.operations import create_cohort, note_sponsor_opened, open_cohort
from wagtail_cohorts.completion.finalizing import start_finalizing
from wagtail_cohorts.enrollments.guardians import guardian_of, name_guardian
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.enrollments.operations import add_student, confirm_details, invite_student
from wagtail_cohorts.enrollments.turns import asks_guardian
from wagtail_cohorts.evidence.models import Stream
from wagtail_cohorts.institutions.models import Institution, Membership
from wagtail_cohorts.institutions.operations import add_member, found_institution
from wagtail_cohorts.signing.acts import Signer, shown_bytes
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.bulk import start_bulk_signing
from wagtail_cohorts.signing.cosigning import agreements_for_guardian, guardian_signer, sign_as_guardian
from wagtail_cohorts.signing.institution import institution_roles, sign_as_institution, specimens_of
from wagtail_cohorts.signing.marks import make_mark
from wagtail_cohorts.signing.submission import agreements_to_sign, student_signer, submit
from wagtail_cohorts.sponsors.models import Sponsor, SponsorContact
from wagtail_cohorts.uploads.models import Upload
from wagtail_cohorts.uploads.operations import add_upload, approve_upload

_numbers = itertools.count(1)
DAY = date(2026, 11, 24)


@lru_cache
def small_pdf(pages: int = 2, *, words: str = "Agreement") -> bytes:
    """A PDF of a few A4 pages with some text, the same bytes at each call."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for page in range(1, pages + 1):
        canvas.drawString(72, 780, f"{words}, page {page}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@lru_cache
def photo(seed: int = 1) -> bytes:
    """A small JPEG, different for each seed."""
    image = Image.new("RGB", (640, 400), (200, 220, 200 + seed % 50))
    ImageDraw.Draw(image).text((40, 40), f"SPECIMEN {seed}", fill="black")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


def field(
    key: str, role: str, kind: str, *, y: int, page: int = 1, x: int = 100_000, **more: Any
) -> dict[str, Any]:
    place = {"page": page, "x": x, "y": y, "w": 300_000, "h": 30_000}
    label = {"en": key.replace("_", " ").capitalize()}
    return {
        "uuid": str(uuid5(NAMESPACE_URL, key)),
        "key": key,
        "role": role,
        "type": kind,
        **place,
        "label": label,
        **more,
    }


def small_fields() -> list[dict[str, Any]]:
    """Each role has something to fill in and a signature."""
    return [
        field("student_name", "student", "text", y=120_000, source="student.full_name", read_only=True),
        field("ward", "institution", "text", y=160_000),
        field("street", "student", "text", y=200_000, required=True),
        field("institution_signature", "institution", "signature", y=400_000),
        field("student_signature", "student", "signature", y=500_000),
        field("student_date", "student", "date_signed", y=550_000),
        field("student_initials", "student", "initials", y=800_000, page=2),
        field("sponsor_signature", "sponsor", "signature", y=600_000),
        field("sponsor_signer", "sponsor", "text", y=650_000, source="signer.name", read_only=True),
        field("sponsor_initials", "sponsor", "initials", y=850_000, page=2),
    ]


GUARDIAN_ROLES = [
    {"key": "institution", "kind": "institution", "name": "Institution"},
    {"key": "student", "kind": "student", "name": "Student"},
    {"key": "guardian", "kind": "guardian", "name": "Guardian"},
    {"key": "sponsor", "kind": "sponsor", "name": "Sponsor"},
]


def guardian_fields() -> list[dict[str, Any]]:
    """``small_fields`` with a block for the guardian of a minor."""
    return [
        *small_fields(),
        field("guardian_name", "guardian", "text", y=230_000, source="guardian.name", read_only=True),
        field("guardian_id", "guardian", "text", y=260_000, required=True),
        field("guardian_signature", "guardian", "signature", y=700_000),
        field("guardian_date", "guardian", "date_signed", y=750_000),
        field("guardian_initials", "guardian", "initials", y=900_000, page=2),
    ]


def with_guardian(of: Institution | None = None, **more: Any) -> Cohort:
    """A cohort that the institution has signed, and whose agreement a minor's guardian signs too."""
    of = of or institution()
    version = published(of, fields=guardian_fields(), roles=GUARDIAN_ROLES)
    return enrolling(of, versions=[version], **more)


def years_ago(years: int, *, days: int = 0) -> str:
    """A date of birth; ``days`` more make the birthday come later."""
    today = date.today()
    return (date(today.year - years, today.month, min(today.day, 28)) + timedelta(days=days)).isoformat()


def institution(name: str = "", **more: Any) -> Institution:
    made = Institution(name=name or f"Institute {next(_numbers)}", contact_email="office@example.com", **more)
    return found_institution(made, actor=SYSTEM_ACTOR)


def user(username: str = "", **more: Any) -> Any:
    return get_user_model().objects.create_user(**account(username or f"user{next(_numbers)}", **more))


def superuser() -> Any:
    return get_user_model().objects.create_superuser(**account("root"))


def account(word: str, *, first_name: str = "", last_name: str = "", **more: Any) -> dict[str, Any]:
    """A user's columns as the host's model has them: some sites know no user names, and one name only."""
    found = {"email": f"{word}@example.com", "password": "secret", **more}
    if get_user_model().USERNAME_FIELD == "email":
        return {**found, "name": f"{first_name} {last_name}".strip()}
    return {**found, "username": word, "first_name": first_name, "last_name": last_name}


def staff(of: Institution, *, role: str = Membership.COORDINATOR, **more: Any) -> Any:
    """A user with a role in the institution."""
    made = user(**more)
    add_member(of, made, role=role, actor=SYSTEM_ACTOR)
    return get_user_model().objects.get(pk=made.pk)


def actor_of(of: Institution) -> Actor:
    membership = of.memberships.first()
    return staff_actor(membership.user if membership else staff(of), ip="127.0.0.1")


def template(
    of: Institution,
    *,
    title: str = "",
    fields: list[dict[str, Any]] | None = None,
    roles: Any = None,
    pages: int = 2,
) -> AgreementTemplate:
    """A template with a real PDF, not published."""
    made = AgreementTemplate(institution=of, title=title or f"Agreement {next(_numbers)}", live=False)
    made.fields = small_fields() if fields is None else fields
    made.roles = roles or default_roles()
    take_source(made, small_pdf(pages, words=made.title), name="agreement.pdf")
    made.save()
    Stream.objects.get_or_create(key=made.stream_key, defaults={"institution_id": of.pk})
    return made


def published(of: Institution, **more: Any) -> TemplateVersion:
    """A frozen version of a new template."""
    made = template(of, **more)
    made.live = True
    made.save()
    return freeze(made, actor=SYSTEM_ACTOR)


def sponsor(of: Institution, name: str = "") -> SponsorContact:
    """A company with one contact."""
    company = Sponsor.objects.create(institution=of, name=name or f"Company {next(_numbers)}")
    number = next(_numbers)
    return SponsorContact.objects.create(
        sponsor=company,
        name=f"Thembi {number}",
        email=f"thembi{number}@example.com",
        position="Head of People",
    )


def programme(of: Institution, **more: Any) -> Programme:
    return Programme.objects.create(institution=of, name=f"Programme {next(_numbers)}", **more)


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
    facts = {"name": f"Cohort {next(_numbers)}", "deadline": date.today() + timedelta(days=20), **more}
    made = Cohort(institution=of, programme=programme(of), sponsor=contact.sponsor, **facts)
    create_cohort(made, actor=SYSTEM_ACTOR)
    for position, version in enumerate(versions if versions is not None else [published(of)]):
        CohortTemplate.objects.create(cohort=made, template=version.template, position=position)
    for position in range(documents):
        name = {"en": f"Document {position + 1}"}
        RequiredDocument.objects.create(cohort=made, name=name, position=position)
    CohortParty.objects.create(cohort=made, role_key="sponsor", contact=contact)
    return made


def mark(of: Institution, owner: str = "test", name: str = "Lindiwe Mahlangu") -> Any:
    return make_mark(institution_id=of.pk, owner_key=owner, typed_name=name)


def sign_institution(made: Cohort) -> Cohort:
    """The institution signs its specimens."""
    signer = Signer("user:0", "Lindiwe Mahlangu", "Principal")
    shown = {str(one.uuid): shown_sha(one, institution_roles(one), signer) for one in specimens_of(made)}
    return sign_as_institution(
        made,
        signer=signer,
        mark=mark(made.institution),
        day=DAY,
        shown=shown,
        actor=actor_of(made.institution),
    )


def shown_sha(agreement: Any, roles: list[str], signer: Signer) -> str:
    import hashlib

    return hashlib.sha256(shown_bytes(agreement, roles, day=DAY, signer=signer)[1]).hexdigest()


def enrolling(of: Institution | None = None, **more: Any) -> Cohort:
    """A cohort that the institution has signed."""
    made = cohort(of or institution(), **more)
    open_cohort(made, actor=actor_of(made.institution))
    return sign_institution(made)


def enrollment(of: Cohort, **more: Any) -> Enrollment:
    number = next(_numbers)
    facts = {
        "first_name": f"Naledi{number}",
        "last_name": "Mokoena",
        "email": f"student{number}@example.com",
        **more,
    }
    return add_student(of, facts, actor=actor_of(of.institution))


def invited(of: Cohort, **more: Any) -> Enrollment:
    made = enrollment(of, **more)
    return invite_student(made, actor=actor_of(of.institution))


def student_actor(of: Enrollment) -> Actor:
    return Actor("student", of.stream_key, name=of.full_name, ip="127.0.0.1", user_agent="test")


def upload(of: Enrollment, *, seed: int = 1, position: int = 0) -> Upload:
    document = of.cohort.required_documents.all()[position]
    return add_upload(of, document, data=photo(seed), name="id.jpg", actor=student_actor(of))


def filled(of: Enrollment, *, documents: bool = True) -> Enrollment:
    """Details, documents and answers are given; nothing is signed."""
    actor = student_actor(of)
    confirm_details(of, {"first_name": of.first_name, "last_name": of.last_name}, actor=actor)
    if documents:
        for position in range(of.cohort.required_documents.count()):
            upload(of, position=position, seed=of.pk)
    of.refresh_from_db()
    if asks_guardian(of) and guardian_of(of) is None:
        facts = {"name": "Nomsa Mokoena", "relation": "mother", "email": f"guardian{of.pk}@example.com"}
        name_guardian(of, facts, actor=actor)
    for agreement, role in agreements_to_sign(of):
        save_answers(agreement, role, {"street": "14 Umgeni Street"}, actor=actor)
    return of


def shown_to_student(of: Enrollment) -> dict[str, str]:
    signer = student_signer(of)
    return {str(one.uuid): shown_sha(one, [role], signer) for one, role in agreements_to_sign(of)}


def submitted(of: Cohort, **more: Any) -> Enrollment:
    """A student who signed and sent everything; nothing is verified."""
    return sent(filled(invited(of, **more)))


def sent(made: Enrollment) -> Enrollment:
    """The last press of a student who has filled in everything."""
    own = make_mark(institution_id=made.institution_id, owner_key=made.stream_key, typed_name=made.full_name)
    return submit(made, mark=own, day=DAY, shown=shown_to_student(made), actor=student_actor(made))


def guardian_actor(guardian: Guardian) -> Actor:
    return Actor("guardian", guardian.signer_key, name=guardian.name, ip="127.0.0.1", user_agent="test")


def cosigned(of: Enrollment) -> Enrollment:
    """The guardian fills in and signs all that waits."""
    guardian = Guardian.objects.get(enrollment=of)
    for agreement, keys in agreements_for_guardian(of):
        save_answers(agreement, keys[0], {"guardian_id": "7001015009087"}, actor=guardian_actor(guardian))
    signer = guardian_signer(guardian)
    shown = {str(one.uuid): shown_sha(one, keys, signer) for one, keys in agreements_for_guardian(of)}
    own = make_mark(institution_id=of.institution_id, owner_key=guardian.signer_key, typed_name=guardian.name)
    return sign_as_guardian(guardian, mark=own, day=DAY, shown=shown, actor=guardian_actor(guardian))


def verified(of: Cohort, **more: Any) -> Enrollment:
    """A student who is done: everything sent and accepted."""
    made = submitted(of, **more)
    for one in made.uploads.current():
        approve_upload(one, actor=actor_of(of.institution))
    made.refresh_from_db()
    return made


def ready(*, students: int = 2, **more: Any) -> Cohort:
    """A cohort whose gate is open: the sponsor is invited."""
    made = enrolling(**more)
    enrollments = [submitted(made) for _ in range(students)]
    for one in enrollments:
        for document in one.uploads.current():
            approve_upload(document, actor=actor_of(made.institution))
    made.refresh_from_db()
    return made


def contact_of(made: Cohort) -> SponsorContact:
    return made.parties.get(role_key="sponsor").contact


def sponsor_actor(contact: SponsorContact) -> Actor:
    return Actor("sponsor", f"contact:{contact.uuid}", name=contact.name, ip="127.0.0.1")


def start_signing(made: Cohort, *, enrollments: list[Enrollment] | None = None) -> Batch:
    """The sponsor presses the button; the batch waits for a worker."""
    contact = contact_of(made)
    note_sponsor_opened(made, contact, actor=sponsor_actor(contact))
    chosen = enrollments if enrollments is not None else list(made.enrollments.active())
    return start_bulk_signing(
        made, contact, enrollments=[str(one.uuid) for one in chosen],
        mark=mark(made.institution, owner=f"contact:{contact.uuid}", name=contact.name),
        signer=Signer(f"contact:{contact.uuid}", contact.name, contact.position), day=DAY,
        actor=sponsor_actor(contact),
    )  # fmt: skip


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
