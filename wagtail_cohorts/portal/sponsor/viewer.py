"""Pages of an agreement for the viewer, and where on them the contact signs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.agreements.models import TemplateVersion
from wagtail_cohorts.enrollments.models import Agreement

WIDTHS = (160, 1200, 2000)
MARKS = ("signature", "initials")


@dataclass(frozen=True)
class PagePlace:
    """One page: its number and shape."""

    number: int
    width: int
    height: int


@dataclass(frozen=True)
class Place:
    """A yellow frame on a page image, in percent of it."""

    page: int
    type: str
    left: float
    top: float
    width: float
    height: float

    @property
    def label(self) -> str:
        return _("You sign here") if self.type == "signature" else _("Your initials")

    @property
    def css(self) -> str:
        """As a rule for a nonce'd style sheet: inline styles are not allowed on these pages."""
        return f"left:{self.left:.3f}%;top:{self.top:.3f}%;width:{self.width:.3f}%;height:{self.height:.3f}%"


def pages_of(version: TemplateVersion) -> list[PagePlace]:
    return [PagePlace(row["number"], row["width"], row["height"]) for row in version.pages]


def places_of(agreement: Agreement, roles: Collection[str], *, page: int | None = None) -> list[Place]:
    """Where these roles put their marks, on one page or on all, in the order of the pages."""
    fields = [
        one for one in definition_of(agreement.version).fields
        if one.role in roles and one.type in MARKS and page in (None, one.page)
    ]  # fmt: skip
    return [
        Place(one.page, one.type, one.x / 10_000, one.y / 10_000, one.w / 10_000, one.h / 10_000)
        for one in sorted(fields, key=lambda one: (one.page, one.y))
    ]
