"""The welcome, the student's own details, and declining."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.cohorts.operations import SPONSOR_SIDE, definitions_of, has_role
from wagtail_cohorts.enrollments.leaving import decline
from wagtail_cohorts.enrollments.models import DISABILITIES, GENDERS, RACES
from wagtail_cohorts.enrollments.operations import confirm_details
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.enrollments.students import LENGTHS, clean_student, identity_of
from wagtail_cohorts.exceptions import BadInput
from wagtail_cohorts.portal.base import see_other
from wagtail_cohorts.portal.questions import Question, missing_note
from wagtail_cohorts.portal.signer.decline import Declines
from wagtail_cohorts.portal.student.base import EditingPage, StudentPage
from wagtail_cohorts.portal.student.journey import Journey


class Welcome(StudentPage):
    """What is asked, how long it takes and what happens with it, before the first question."""

    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        if "privacy" in request.GET:
            return self.render("student/privacy.html", {"signers": self._signers()})
        if self.enrollment.state == EnrollmentState.COMPLETE:
            return see_other(self.url("student_status"))
        if self.journey.is_sent_back:
            return see_other(self.journey.next_url)
        deadline = self.cohort.deadline
        days = (deadline - date.today()).days if deadline else None
        agreements = [agreement.title for agreement, _role in self.journey.to_sign]
        return self.render("student/welcome.html", {
            "days_left": days, "agreements": agreements, "signers": self._signers(),
            "megabytes": max(1, round(0.5 + 0.4 * len(self.journey.documents))),
        })  # fmt: skip

    def _signers(self) -> bool:
        """Whether the sponsor signs after the student."""
        return has_role(definitions_of(self.cohort), *SPONSOR_SIDE)


def asked_names(journey: Journey) -> list[str]:
    """Only what the agreements print or the report to the authority needs."""
    sources = {
        one.source
        for agreement in journey.enrollment.agreements.select_related("version")
        for one in definition_of(agreement.version).fields
    }
    asks_identity = "student.identity_number" in sources or bool(journey.enrollment.identity_number)
    personal = ["identity_number"] if asks_identity else ["birth_date"]
    return ["first_name", "last_name", "phone", *personal, "city", "gender", "race", "disability"]


REQUIRED = (
    "first_name",
    "last_name",
    "identity_number",
    "birth_date",
    "city",
    "gender",
    "race",
    "disability",
)


class Details(EditingPage):
    """Name, contact and the facts that are reported; each with its own error, nothing typed is lost."""

    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        if self.journey.has_signed:
            return self.go_on()
        return self._page(self._kept(), {})

    def post(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        names = asked_names(self.journey)
        typed = {name: request.POST.get(name, "") for name in names}
        errors = self._errors(typed)
        if errors:
            return self._page(typed, errors)
        try:
            confirm_details(self.enrollment, typed, actor=self.actor)
        except BadInput as error:
            return self._page(typed, {error.field: str(error)})
        return self.go_on()

    def _errors(self, typed: Mapping[str, str]) -> dict[str, str]:
        errors = {}
        for name, value in typed.items():
            try:
                if name in REQUIRED and not value.strip():
                    raise BadInput(missing_note(), field=name)
                clean_student({name: value})
            except BadInput as error:
                errors[name] = str(error)
        return errors

    def _kept(self) -> dict[str, str]:
        found = {name: str(getattr(self.enrollment, name) or "") for name in asked_names(self.journey)}
        if "identity_number" in found:
            found["identity_number"] = identity_of(self.enrollment)
        return found

    def _page(
        self, values: Mapping[str, str], errors: Mapping[str, str], *, status: int = 200
    ) -> HttpResponse:
        questions = [_question(name, values[name], errors.get(name, "")) for name in values]
        return self.render("student/details.html", {
            "questions": questions, "problems": [one for one in questions if one.error],
        }, status=status)  # fmt: skip


def _question(name: str, value: str, error: str) -> Question:
    label, more = _texts()[name]
    return Question(
        id=f"d-{name}", name=name, label=label, value=value[:300], error=error, required=name in REQUIRED,
        maxlength=LENGTHS.get(name), **more,
    )  # fmt: skip


def _texts() -> dict[str, tuple[str, dict[str, Any]]]:
    reported = _("We report this for the training authority. You may also choose “Prefer not to say”.")
    return {
        "first_name": (_("First names"), {"autocomplete": "given-name", "help": _("As in your ID document")}),
        "last_name": (_("Surname"), {"autocomplete": "family-name"}),
        "phone": (_("Cell phone"), {"kind": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        "identity_number": (_("ID number"), {"inputmode": "numeric", "help": _("13 digits")}),
        "birth_date": (_("Date of birth"), {"kind": "date", "autocomplete": "bday"}),
        "city": (_("Town or city where you live"), {"autocomplete": "address-level2"}),
        "gender": (_("Gender"), {"kind": "select", "options": _options(GENDERS)}),
        "race": (_("Population group"), {"kind": "select", "options": _options(RACES), "help": reported}),
        "disability": (
            _("Do you live with a disability?"),
            {"kind": "select", "options": _options(DISABILITIES), "help": reported},
        ),
    }  # fmt: skip


def _options(choices: list[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [(key, str(label)) for key, label in choices]


class Decline(Declines, EditingPage):
    def refuse_with(self, reason: str) -> None:
        decline(self.enrollment, reason=reason, actor=self.actor)
