"""Companies and their contacts."""

from __future__ import annotations

from tests.factories.numbers import NUMBERS
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.sponsors.models import Sponsor, SponsorContact


def sponsor(of: Institution, name: str = "") -> SponsorContact:
    """A company with one contact."""
    company = Sponsor.objects.create(institution=of, name=name or f"Company {next(NUMBERS)}")
    number = next(NUMBERS)
    return SponsorContact.objects.create(
        sponsor=company,
        name=f"Thembi {number}",
        email=f"thembi{number}@example.com",
        position="Head of People",
    )


def contact_of(made: Cohort) -> SponsorContact:
    return made.parties.get(role_key="sponsor").contact


def sponsor_actor(contact: SponsorContact) -> Actor:
    return Actor("sponsor", f"contact:{contact.uuid}", name=contact.name, ip="127.0.0.1")
