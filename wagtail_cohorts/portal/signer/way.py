"""The way through a signer's pages: steps, what is missing, where to go next, and how far it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.signing.answers import editable_fields, missing_answers
from wagtail_cohorts.signing.marks import latest_mark
from wagtail_cohorts.signing.models import Mark

AGREEMENTS, SIGNATURE = "agreements", "signature"


@dataclass(frozen=True)
class Step:
    """``note`` says in a few words what is asked; ``minutes`` is an honest guess."""

    key: str
    number: int
    title: str
    note: str
    minutes: int


@dataclass(frozen=True)
class Missing:
    """One thing that is not there yet, with the place where it is given."""

    step: str
    sentence: str
    url: str


class SigningWay:
    """Reads once what one page needs; make a new one after a change."""

    prefix = ""
    is_sent_back = False

    def __init__(self, enrollment: Enrollment, link: uuid.UUID) -> None:
        self.enrollment, self.link = enrollment, link

    def url(self, name: str, **kwargs: Any) -> str:
        return reverse(f"wagtail_cohorts:{self.prefix}_{name}", kwargs={"link": self.link, **kwargs})

    @property
    def owner_key(self) -> str:
        """Whose marks are used."""
        raise NotImplementedError

    @property
    def before_agreements(self) -> str:
        """The address of the page that comes before the first agreement."""
        return self.url("welcome")

    @cached_property
    def to_sign(self) -> list[tuple[Agreement, str]]:
        """The agreements that wait for this signer, with the role's key."""
        raise NotImplementedError

    @cached_property
    def mark(self) -> Mark | None:
        return latest_mark(self.owner_key)

    @property
    def needs_initials(self) -> bool:
        return any(definition_of(one.version).needs_initials(role) for one, role in self.to_sign)

    # Steps

    @cached_property
    def steps(self) -> list[Step]:
        return [
            Step(key, place, title, note, minutes)
            for place, (key, title, note, minutes) in enumerate(self._steps(), start=1)
        ]

    def _steps(self) -> list[tuple[str, str, str, int]]:
        raise NotImplementedError

    @property
    def _minutes_to_fill(self) -> int:
        questions = sum(len(editable_fields(agreement, role)) for agreement, role in self.to_sign)
        return max(1, round(len(self.to_sign) + questions / 6))

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    def step(self, key: str) -> Step | None:
        return next((step for step in self.steps if step.key == key), None)

    def place(self, key: str) -> str:
        """ "Step 2 of 4" """
        step = self.step(key)
        if step is None:
            return ""
        return _("Step %(number)d of %(count)d") % {"number": step.number, "count": len(self.steps)}

    # What is missing

    @cached_property
    def missing(self) -> list[Missing]:
        return [*self._missing_before(), *self._missing_answers(), *self._missing_mark()]

    def _missing_before(self) -> Iterator[Missing]:
        yield from ()

    def _missing_answers(self) -> Iterator[Missing]:
        for agreement, role in self.to_sign:
            url = self.url("agreement", agreement=agreement.uuid)
            for one, sentence in missing_answers(agreement, role):
                yield Missing(AGREEMENTS, sentence, f"{url}#f-{one.key}")

    def _missing_mark(self) -> Iterator[Missing]:
        if self.to_sign and self.mark is None:
            yield Missing(SIGNATURE, _("Your signature is missing."), self.url("signature"))

    @property
    def next_url(self) -> str:
        """The first thing that is missing; the last page when nothing is."""
        return self.missing[0].url if self.missing else self.url("review")

    @property
    def percent(self) -> int:
        """How much of all that is asked is there: for the bar at the foot."""
        asked = sum(len([f for f in editable_fields(one, role) if f.required]) for one, role in self.to_sign)
        whole = 1 + self._asked_before() + asked + bool(self.to_sign)  # the one is sending itself
        return round(100 * max(0, whole - 1 - len(self.missing)) / whole)

    def _asked_before(self) -> int:
        return 0

    @property
    def signature_places(self) -> list[tuple[str, list[int], list[int]]]:
        """Where the marks will stand: title, pages with the signature, pages with the initials."""
        found = []
        for agreement, role in self.to_sign:
            own = [one for one in definition_of(agreement.version).fields if one.role == role]
            pages = [sorted({f.page for f in own if f.type == kind}) for kind in ("signature", "initials")]
            found.append((agreement.title, pages[0], pages[1]))
        return found
