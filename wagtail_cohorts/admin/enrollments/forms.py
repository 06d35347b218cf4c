"""A student's details as a plain form; the operations check them and say what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_cohorts.enrollments.models import DISABILITIES, GENDERS, RACES, Enrollment
from wagtail_cohorts.enrollments.students import FIELDS, identity_of
from wagtail_cohorts.exceptions import BadInput

EMPTY = [("", "")]


class StudentForm(forms.Form):
    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    identity_number = forms.CharField(
        label=_("Identity number"),
        max_length=20,
        required=False,
        help_text=_("Kept encrypted; date of birth and gender are read from it."),
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    gender = forms.ChoiceField(label=_("Gender"), choices=[*EMPTY, *GENDERS], required=False)
    race = forms.ChoiceField(label=_("Race"), choices=[*EMPTY, *RACES], required=False)
    city = forms.CharField(label=_("Town or city"), max_length=80, required=False)
    disability = forms.ChoiceField(label=_("Disability"), choices=[*EMPTY, *DISABILITIES], required=False)

    MAIN = ("first_name", "last_name", "email", "phone")

    @classmethod
    def of(cls, enrollment: Enrollment) -> StudentForm:
        initial = {name: getattr(enrollment, name) for name in FIELDS if name != "identity_number"}
        return cls(initial={**initial, "identity_number": identity_of(enrollment)})

    def raw(self) -> dict[str, Any]:
        """What was typed, as the operation takes it; fields that were not sent stay as they are."""
        return {name: self.data.get(name, "") for name in FIELDS if name in self.data}

    def add_refusal(self, error: BadInput) -> None:
        """Put the operation's sentence beside its field."""
        self.full_clean()
        self.errors.clear()
        self.add_error(error.field if error.field in self.fields else None, str(error))

    @property
    def main_fields(self) -> list[Any]:
        return [self[name] for name in self.MAIN]

    @property
    def more_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in self.MAIN]
