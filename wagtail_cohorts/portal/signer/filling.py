"""Filling in one agreement: its questions beside the page on which each answer stands."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_cohorts import clock, pdf
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.exceptions import CohortsError
from wagtail_cohorts.portal.base import see_other
from wagtail_cohorts.portal.questions import Question, posted, question_of, texts_only
from wagtail_cohorts.portal.signer.base import SignerPage
from wagtail_cohorts.signing.answers import editable_fields, missing_answers, save_answers
from wagtail_cohorts.signing.rendering import prefilled

LENS_SHARE = 0.6  # how much of the page's width the lens on a phone shows
LENS_RATIO = 0.45
MOST_JSON = 200_000
EMPTY: tuple[Any, ...] = (None, "", False, [])


@dataclass(frozen=True)
class Place:
    """A field on the page, in points from the top left, for the drawing over the page's picture."""

    key: str
    x: float
    y: float
    w: float
    h: float


@dataclass
class Group:
    """The questions whose answers stand on one page."""

    number: int
    width: float
    height: float
    image: str
    questions: list[Question] = field(default_factory=list)
    known: list[Question] = field(default_factory=list)
    """Filled in from the student's details: folded, still open to change."""
    places: list[Place] = field(default_factory=list)

    @property
    def lens(self) -> str:
        """The view box around the first question's place."""
        keys = [one.key for one in self.questions]
        first = next((place for place in self.places if place.key in keys), self.places[0])
        wide = self.width * LENS_SHARE
        high = wide * LENS_RATIO
        left = min(max(0, first.x + min(first.w, wide) / 2 - wide / 2), self.width - wide)
        top = min(max(0, first.y + first.h / 2 - high / 2), self.height - high)
        return f"{left:.0f} {top:.0f} {wide:.0f} {high:.0f}"


def groups_of(
    agreement: Agreement, role_key: str, *, typed: Mapping[str, Any], errors: Mapping[str, str], image: Any
) -> list[Group]:
    """In page order; ``image`` names a page's picture."""
    pages = {row["number"]: row for row in agreement.version.pages}
    definition = definition_of(agreement.version)
    given = prefilled(agreement, definition)
    values = {**given, **agreement.values.get(role_key, {}), **typed}
    found: dict[int, Group] = {}
    for one in sorted(editable_fields(agreement, role_key), key=lambda f: (f.page, f.y // 8_000, f.x)):
        row = pages[one.page]
        group = found.setdefault(one.page, Group(one.page, row["width"], row["height"], image(one.page)))
        value, error = values.get(one.key, ""), errors.get(one.key, "")
        is_known = bool(one.source) and value not in EMPTY and value == given.get(one.key) and not error
        (group.known if is_known else group.questions).append(question_of(one, value=value, error=error))
        group.places.append(_place(one, group))
    return list(found.values())


def _place(one: pdf.Field, group: Group) -> Place:
    across, down = group.width / 1_000_000, group.height / 1_000_000
    return Place(one.key, round(one.x * across, 1), round(one.y * down, 1), round(one.w * across, 1),
                 round(one.h * down, 1))  # fmt: skip


class Fills(SignerPage):
    """Both ways of saving: a form that goes on, and a script that keeps each answer as it is given."""

    def open(self, agreement: uuid.UUID) -> tuple[Agreement, str] | None:
        """The agreement with this signer's role, while it is this signer's turn."""
        self.find_agreement(agreement)
        return next((row for row in self.journey.to_sign if row[0].uuid == agreement), None)


class FillAgreement(Fills):
    def get(self, request: HttpRequest, link: uuid.UUID, agreement: uuid.UUID) -> HttpResponse:
        found = self.open(agreement)
        if found is None:
            return see_other(self.own_url("read", agreement=agreement))
        return self._page(*found)

    def post(self, request: HttpRequest, link: uuid.UUID, agreement: uuid.UUID) -> HttpResponse:
        """Save and go on; an answer that cannot be kept is the one reason to stay."""
        found = self.open(agreement)
        if found is None:
            return self.go_on()
        typed = posted(editable_fields(*found), request.POST)
        errors = save_answers(*found, own_only(found[0], typed), actor=self.actor)
        if errors:
            return self._page(*found, typed=typed, errors=errors)
        return see_other(self._after(found[0]))

    def _after(self, agreement: Agreement) -> str:
        """The next agreement in order, then the signature, then everything once more."""
        later = [one for one, _role in self.journey.to_sign if one.position > agreement.position]
        if later:
            return self.own_url("agreement", agreement=later[0].uuid)
        return self.own_url("review" if self.journey.mark else "signature")

    def _page(
        self, agreement: Agreement, role: str, *, typed: Mapping[str, Any] | None = None,
        errors: Mapping[str, str] | None = None, status: int = 200,
    ) -> HttpResponse:  # fmt: skip
        def image(page: int) -> str:
            return self.own_url("page", agreement=agreement.uuid, page=page, width=1200)

        groups = groups_of(agreement, role, typed=typed or {}, errors=errors or {}, image=image)
        order = [one.pk for one, _role in self.journey.to_sign]
        return self.render("signer/fill.html", {
            "agreement": agreement, "groups": groups, "number": order.index(agreement.pk) + 1, "count": len(order),
            "problems": [q for group in groups for q in group.questions if q.error],
            "answered": answered_note(agreement, role), "before": self._before(agreement),
            "place": self.journey.place("agreements"),
            "pages": [(row["number"], image(row["number"])) for row in agreement.version.pages],
        }, status=status)  # fmt: skip

    def _before(self, agreement: Agreement) -> str:
        earlier = [one for one, _role in self.journey.to_sign if one.position < agreement.position]
        if earlier:
            return self.own_url("agreement", agreement=earlier[-1].uuid)
        return self.journey.before_agreements


def own_only(agreement: Agreement, values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is filled in from the student's details anyway, so that a later change there still shows."""
    given = prefilled(agreement, definition_of(agreement.version))
    return {key: "" if value == given.get(key) else value for key, value in values.items()}


def answered_note(agreement: Agreement, role: str) -> str:
    """ "14 of 18 answers" """
    fields = editable_fields(agreement, role)
    if not fields:
        return _("Nothing to fill in")
    values = {**prefilled(agreement, definition_of(agreement.version)), **agreement.values.get(role, {})}
    given = len([one for one in fields if values.get(one.key) not in EMPTY])
    note = ngettext("%(given)d of %(count)d answer", "%(given)d of %(count)d answers", len(fields))
    return note % {"given": given, "count": len(fields)}


class SaveAnswers(Fills):
    """JSON in, JSON out: {"values": {key: value}} -> {"saved": "14:32", "errors": {key: sentence}, ...}."""

    def post(self, request: HttpRequest, link: uuid.UUID, agreement: uuid.UUID) -> HttpResponse:
        found = self.open(agreement)
        values = texts_only(_values_in(request))
        if found is None:
            return JsonResponse({"message": _("This agreement is signed already.")}, status=409)
        try:
            errors = save_answers(*found, own_only(found[0], values), actor=self.actor)
        except CohortsError as error:
            return JsonResponse({"message": str(error)}, status=409)
        found[0].refresh_from_db(fields=["values"])
        saved = clock.local().strftime("%H:%M")
        return JsonResponse({
            "saved": _("Saved at %s") % saved, "errors": errors, "answered": answered_note(*found),
            "missing": len(missing_answers(*found)),
        })  # fmt: skip


def _values_in(request: HttpRequest) -> Any:
    """Whatever the body holds; nothing when it is no JSON of the asked shape."""
    if len(request.body) > MOST_JSON:
        return None
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return data.get("values") if isinstance(data, dict) else None
