"""A student under 18 names the parent or guardian who signs too."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wagtail_cohorts.enrollments.guardians import FIELDS, LENGTHS, name_guardian
from wagtail_cohorts.enrollments.models import RELATIONS
from wagtail_cohorts.exceptions import BadInput
from wagtail_cohorts.portal.questions import Question
from wagtail_cohorts.portal.student.base import EditingPage


class NameGuardian(EditingPage):
    """Name, relation and a way to be reached; after the guardian was asked only staff correct it."""

    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        if not self.journey.asks_guardian:
            return self.go_on()
        guardian = self.journey.guardian
        return self._page({name: getattr(guardian, name, "") for name in FIELDS}, {})

    def post(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        if not self.journey.asks_guardian or self._is_asked:
            return self.go_on()
        typed = {name: request.POST.get(name, "") for name in FIELDS}
        try:
            name_guardian(self.enrollment, typed, actor=self.actor)
        except BadInput as error:
            return self._page(typed, {error.field: str(error)})
        return self.go_on()

    @property
    def _is_asked(self) -> bool:
        guardian = self.journey.guardian
        return guardian is not None and guardian.asked_at is not None

    def _page(self, values: Mapping[str, str], errors: Mapping[str, str]) -> HttpResponse:
        questions = [_question(name, values[name], errors.get(name, "")) for name in FIELDS]
        return self.render("student/guardian.html", {
            "questions": questions, "problems": [one for one in questions if one.error],
            "named": self.journey.guardian, "is_asked": self._is_asked,
            "place": self.journey.place("guardian"),
        })  # fmt: skip


def _question(name: str, value: str, error: str) -> Question:
    label, more = _texts()[name]
    return Question(
        id=f"g-{name}", name=name, label=label, value=value[:300], error=error,
        required=name in ("name", "relation"), maxlength=LENGTHS.get(name), **more,
    )  # fmt: skip


def _texts() -> dict[str, tuple[str, dict[str, Any]]]:
    relations = [(key, str(label)) for key, label in RELATIONS]
    return {
        "name": (_("Name and surname"), {}),
        "relation": (_("What is this person to you?"), {"kind": "select", "options": relations}),
        "email": (
            _("E-mail of your guardian"),
            {
                "kind": "email",
                "help": _("Not your own. No e-mail? Leave this empty and give a phone number."),
            },
        ),
        "phone": (_("Cell phone of your guardian"), {"kind": "tel", "inputmode": "tel"}),
    }
