"""The rows that all runs of a process share: an institution with its staff, templates and contacts. Runs are undone."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from PIL import Image, ImageDraw

from tests import factories as make
from tests.reliability.life.shapes import SHAPES, Shape
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.agreements.models import AgreementTemplate
from wagtail_cohorts.agreements.operations import freeze, take_source
from wagtail_cohorts.cohorts.models import Programme
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.files.storage import storage
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.institutions.operations import credentials_of
from wagtail_cohorts.signing.marks import make_mark
from wagtail_cohorts.signing.models import Mark
from wagtail_cohorts.signing.rendering import Signer
from wagtail_cohorts.sponsors.models import Sponsor, SponsorContact

DAY = date(2026, 11, 24)
CONTACTS = 2


@dataclass(frozen=True)
class World:
    institution: Institution
    staff: Actor
    programme: Programme
    sponsor: Sponsor
    templates: list[AgreementTemplate]
    contacts: list[SponsorContact]
    marks: list[Mark]
    """One a contact, and the institution's last."""
    last_file: int

    def signer(self, contact: int) -> Signer:
        return Signer(self.contact_key(contact), self.contacts[contact].name, self.contacts[contact].position)

    def contact_key(self, contact: int) -> str:
        return f"contact:{self.contacts[contact].uuid}"

    def forget_files(self) -> None:
        """Those that a run made, while its rows still name them."""
        place = storage()
        for path in StoredFile.objects.filter(pk__gt=self.last_file).values_list("path", flat=True):
            place.delete(path)

    def contact_actor(self, contact: int) -> Actor:
        return Actor("sponsor", self.contact_key(contact), name=self.contacts[contact].name, ip="127.0.0.1")


INSTITUTION_SIGNER = Signer("user:0", "Lindiwe Mahlangu", "Principal")


def make_world() -> World:
    create_flags()
    institution = make.institution("Institute")
    first = make.sponsor(institution)
    second = SponsorContact.objects.create(sponsor=first.sponsor, name="Themba", email="themba@example.com")
    staff = make.actor_of(institution)
    credentials_of(institution, actor=staff)  # the key that seals, made once
    contacts = [first, second]
    owners = [*(f"contact:{one.uuid}" for one in contacts), INSTITUTION_SIGNER.key]
    marks = [mark_of(institution, owner) for owner in owners]
    templates = [_template(institution, shape, staff) for shape in SHAPES]
    return World(
        institution=institution, staff=staff, programme=make.programme(institution), sponsor=first.sponsor,
        templates=templates, contacts=contacts, marks=marks,
        last_file=StoredFile.objects.latest("pk").pk,
    )  # fmt: skip


def _template(institution: Institution, shape: Shape, staff: Actor) -> AgreementTemplate:
    template = AgreementTemplate(institution=institution, title=shape.title, live=shape.is_published)
    template.roles = [{"key": role.key, "kind": role.kind, "name": role.key} for role in shape.roles]
    template.fields = fields_of(shape)
    if shape.is_published:
        take_source(template, make.small_pdf(1), name="agreement.pdf")
    template.save()
    if shape.is_published:
        freeze(template, actor=staff)
    return template


def fields_of(shape: Shape, *, edition: int = 1) -> list[dict[str, Any]]:
    """The student's name, and each role's signature and answer; every other edition asks in other words."""
    label = {"en": "Answer" if edition % 2 else "Your answer"}
    fields = [
        make.field("student_name", "student", "text", y=50_000, source="student.full_name", read_only=True)
    ]
    for place, role in enumerate(shape.roles):
        y = 150_000 + 100_000 * place
        fields.append(make.field(f"{role.key}_signature", role.key, "signature", y=y))
        more = {"x": 600_000, "label": label, "required": role.must_answer}
        if role.must_answer or role.kind == "student":
            fields.append(make.field(answer_key(role.key), role.key, "text", y=y, **more))
    return fields


def answer_key(role_key: str) -> str:
    return f"{role_key}_answer"


def mark_of(institution: Institution, owner: str) -> Mark:
    return make_mark(institution_id=institution.pk, owner_key=owner, drawn_signature=_drawing())


def _drawing() -> str:
    image = Image.new("RGBA", (60, 20))
    ImageDraw.Draw(image).line([(3, 3), (50, 15)], fill="black", width=3)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
