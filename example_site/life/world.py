"""Two institutions with staff, sponsors, programmes and published templates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model

from example_site.agreements import (
    candidacy_agreement,
    code_of_conduct,
    learnership_agreement,
    workplace_plan,
)
from example_site.agreements.candidacy import ROLES
from wagtail_cohorts.actors import SYSTEM_ACTOR, Actor, staff_actor
from wagtail_cohorts.agreements.models import AgreementTemplate, default_roles
from wagtail_cohorts.agreements.operations import take_source
from wagtail_cohorts.cohorts.models import Programme
from wagtail_cohorts.evidence.models import Stream
from wagtail_cohorts.institutions.models import Institution, Membership
from wagtail_cohorts.institutions.operations import add_member, found_institution
from wagtail_cohorts.sponsors.models import Sponsor, SponsorContact

PASSWORD = "changeme"  # noqa: S105  the example site's, printed on its first page
PRIVACY = (
    "We use your information to make your agreement, to register you with the SETA and to pay your allowance. "
    "Nothing else.\nYour employer sees your name and your agreement. It does not see your documents.\n"
    "We keep signed agreements for 7 years, because the law asks for it.\n"
    "You can ask for a copy, a correction or an explanation at any time."
)
DOCUMENTS = [
    {
        "name": {"en": "Your ID"},
        "help": {"en": "A photo of your identity card or book."},
        "is_required": True,
    },
    {
        "name": {"en": "School-leaving certificate"},
        "help": {"en": "Or your statement of results if the certificate has not arrived."},
        "is_required": True,
    },
    {
        "name": {"en": "Proof of address"},
        "help": {"en": "A bill or letter, less than 3 months old. A parent’s name on it is fine."},
        "is_required": True,
    },
]


@dataclass
class House:
    """One institution and what it works with."""

    institution: Institution
    administrator: Any
    coordinator: Any
    programme: Programme
    contacts: list[SponsorContact] = field(default_factory=list)
    templates: list[AgreementTemplate] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return staff_actor(self.coordinator, ip="127.0.0.1", user_agent="demo")


def superuser() -> Any:
    return get_user_model().objects.create_superuser("admin", "admin@example.com", PASSWORD)


def mopane_ridge() -> House:
    """The institution of the main job."""
    institution = Institution(
        name="Mopane Ridge Skills Institute", contact_name="Lindiwe Mahlangu", contact_phone="0105550142",
        contact_email="cohorts@mopaneridge.example", colour="#0f4c5c", privacy_notice=PRIVACY,
    )  # fmt: skip
    house = _house(institution, ("lindiwe", "Lindiwe", "Mahlangu"), ("lerato", "Lerato", "Khumalo"))
    house.contacts.append(
        _contact(
            institution,
            "Karoo Signal Networks (Pty) Ltd",
            "Thembeka Nkosi",
            "Head of People",
            "2011/004821/07",
        )
    )
    house.contacts.append(
        _contact(
            institution, "Harbour Light Systems (Pty) Ltd", "Pieter Kotze", "HR manager", "2009/117203/07"
        )
    )
    for title, make in (
        ("Learnership agreement", learnership_agreement),
        ("Code of conduct", code_of_conduct),
        ("Workplace plan", workplace_plan),
    ):
        house.templates.append(_template(institution, title, make(institution.name)))
    return house


def candidacy_template(house: House) -> AgreementTemplate:
    """A form of printed cells with a part for a guardian and for two employers."""
    made = candidacy_agreement(house.institution.name)
    return _template(house.institution, "Candidacy agreement", made, roles=ROLES)


def blue_crane() -> House:
    """Another institution on the same site, which sees nothing of the first."""
    institution = Institution(
        name="Blue Crane College", contact_name="Sarel Venter", contact_phone="0215550160",
        contact_email="office@bluecrane.example", colour="#6d2e46", privacy_notice=PRIVACY,
    )  # fmt: skip
    house = _house(institution, ("sarel", "Sarel", "Venter"), ("zanele", "Zanele", "Khumalo"))
    house.contacts.append(
        _contact(institution, "Tafelberg Foods (Pty) Ltd", "Nadia Jacobs", "Skills manager", "2015/220117/07")
    )
    house.templates.append(
        _template(institution, "Learnership agreement", learnership_agreement(institution.name))
    )
    house.templates.append(_template(institution, "Code of conduct", code_of_conduct(institution.name)))
    return house


def _house(institution: Institution, administrator: tuple[str, ...], coordinator: tuple[str, ...]) -> House:
    found_institution(institution, actor=SYSTEM_ACTOR)
    programme = Programme.objects.create(
        institution=institution, name="Systems Support Learnership", kind="learnership", seta="MICT SETA",
        qualification="National Certificate: IT Systems Support", nqf_level=5, required_documents=DOCUMENTS,
    )  # fmt: skip
    return House(
        institution,
        _user(institution, *administrator, role=Membership.ADMINISTRATOR),
        _user(institution, *coordinator, role=Membership.COORDINATOR),
        programme,
    )


def _user(institution: Institution, username: str, first: str, last: str, *, role: str) -> Any:
    user = get_user_model().objects.create_user(
        username, f"{username}@example.com", PASSWORD, first_name=first, last_name=last
    )
    add_member(institution, user, role=role, actor=SYSTEM_ACTOR)
    return user


def _contact(institution: Institution, company: str, name: str, position: str, number: str) -> SponsorContact:
    sponsor = Sponsor.objects.create(
        institution=institution,
        name=company,
        registration_number=number,
        address="12 Harbour Road, Cape Town, 8001",
    )
    email = f"{name.split()[0].lower()}@example.com"
    return SponsorContact.objects.create(sponsor=sponsor, name=name, email=email, position=position)


def _template(
    institution: Institution,
    title: str,
    made: tuple[bytes, list[dict[str, Any]]],
    *,
    roles: list[dict[str, str]] | None = None,
) -> AgreementTemplate:
    """Draft, then publish, as the editor's buttons do."""
    data, fields = made
    template = AgreementTemplate(institution=institution, title=title, live=False, fields=fields)
    template.roles = roles or default_roles()
    take_source(template, data, name=f"{title}.pdf")
    template.save()
    Stream.objects.get_or_create(key=template.stream_key, defaults={"institution_id": institution.pk})
    template.save_revision().publish()
    template.refresh_from_db()
    return template
