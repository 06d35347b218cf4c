"""A personal link as an address that staff may copy."""

from __future__ import annotations

from django.urls import reverse

from wagtail_cohorts.conf import settings
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import token_of


def address_of_link(link: PersonalLink) -> str:
    """The whole address; empty if the key that made it is gone."""
    try:
        token = token_of(link)
    except LookupError:
        return ""
    return settings.BASE_URL + reverse("wagtail_cohorts:open_link", kwargs={"token": token})
