"""What the sign page sends: read once, checked as a whole, and shown again as it was typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict
from django.utils.translation import gettext as _

from wagtail_cohorts import pdf
from wagtail_cohorts.enrollments.students import clean_text
from wagtail_cohorts.portal.questions import Question, question_of
from wagtail_cohorts.signing.asked import Asked
from wagtail_cohorts.signing.rendering import Signer
from wagtail_cohorts.sponsors.models import SponsorContact
from wagtail_cohorts.texts import in_language

DRAW, TYPE = "draw", "type"
LENGTHS = {"name": 160, "position": 120, "department": 120}
MOST_IMAGE = 2_000_000


@dataclass
class SignForm:
    """Values as typed, and a sentence for each that cannot stay so."""

    name: str
    position: str
    department: str
    method: str = TYPE
    typed_name: str = ""
    drawn_signature: str = ""
    drawn_initials: str = ""
    consent: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_contact(cls, contact: SponsorContact) -> SignForm:
        return cls(contact.name, contact.position, contact.department, typed_name=contact.name)

    @classmethod
    def from_post(cls, post: QueryDict) -> SignForm:
        given = {name: clean_text(post.get(name, ""))[: most + 1] for name, most in LENGTHS.items()}
        answers = {key: post.get(key, "")[:2000] for key in post if key.startswith("answer-")}
        return cls(
            name=given["name"],
            position=given["position"],
            department=given["department"],
            method=DRAW if post.get("method") == DRAW else TYPE,
            typed_name=clean_text(post.get("typed_name", ""))[:120],
            drawn_signature=_image(post.get("drawn_signature", "")),
            drawn_initials=_image(post.get("drawn_initials", "")),
            consent=bool(post.get("consent")),
            answers=answers,
        )

    def signer(self, key: str) -> Signer:
        return Signer(key, self.name, self.position, self.department)

    @property
    def has_mark(self) -> bool:
        return bool(self.drawn_signature if self.method == DRAW else self.typed_name)

    def mark_arguments(self) -> dict[str, str]:
        """For ``make_mark``: initials that were not drawn are made from the name."""
        if self.method == DRAW:
            drawn = {"drawn_signature": self.drawn_signature, "drawn_initials": self.drawn_initials}
            return {**drawn, "typed_name": self.name if self.drawn_signature else ""}
        return {"typed_name": self.typed_name}

    def check(self, asked: Sequence[Asked]) -> bool:
        """Fill ``errors``; whether there are none."""
        if not self.name:
            self.errors["name"] = _("Type your full name.")
        if not self.position:
            self.errors["position"] = _("Type your position in the company.")
        for name, most in LENGTHS.items():
            if len(getattr(self, name)) > most:
                self.errors[name] = _("This is longer than %d characters.") % most
        self._check_mark()
        self._check_answers(asked)
        if not self.consent:
            self.errors["consent"] = _("Tick this box if you agree. Without it nothing is signed.")
        return not self.errors

    def _check_mark(self) -> None:
        if self.method == DRAW and not self.drawn_signature:
            self.errors["signature"] = _("Draw your signature, or choose “Type”.")
        if self.method == TYPE and not self.typed_name:
            self.errors["signature"] = _("Type your name as your signature.")

    def _check_answers(self, asked: Sequence[Asked]) -> None:
        for one in asked:
            value = self.answers.get(one.name, "")
            if not value:
                if one.field.required:
                    self.errors[one.name] = _("“%s” is missing.") % one.label
                continue
            try:
                pdf.clean_value(one.field, value)
            except pdf.FieldError as error:
                self.errors[one.name] = str(error)


def _image(text: str) -> str:
    """A drawn mark as a data URL; anything longer is no signature."""
    return text if text.startswith("data:image/png;base64,") and len(text) <= MOST_IMAGE else ""


def who_questions(form: SignForm) -> list[Question]:
    """Name, position and department, as part of the record."""
    labels = {"name": _("Full name"), "position": _("Position"), "department": _("Department")}
    auto = {"name": "name", "position": "organization-title", "department": ""}
    return [
        Question(
            id=key, name=key, label=label, value=getattr(form, key), error=form.errors.get(key, ""),
            required=key != "department", maxlength=LENGTHS[key], autocomplete=auto[key],
        )
        for key, label in labels.items()
    ]  # fmt: skip


def asked_questions(asked: Sequence[Asked], form: SignForm) -> list[Question]:
    """The sponsor's own fields on the documents."""
    return [
        replace(
            question_of(one.field, value=form.answers.get(one.name, ""), error=form.errors.get(one.name, "")),
            id=one.name, name=one.name, key="", help=in_language(one.field.help) or one.title,
        )
        for one in asked
    ]  # fmt: skip


def other_problems(form: SignForm) -> list[Question]:
    """The errors of what is no plain question, in the same shape."""
    places = {"signature": ("type", _("Signature")), "consent": ("consent", _("Your agreement"))}
    return [
        Question(id=place, name=key, label=label, error=form.errors[key])
        for key, (place, label) in places.items() if key in form.errors
    ]  # fmt: skip
