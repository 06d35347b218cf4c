"""A student's data: what is asked, how it is cleaned, and how an identity number is kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from wagtail_cohorts import pdf
from wagtail_cohorts.crypto import decrypt, encrypt, keyed_digest
from wagtail_cohorts.enrollments.models import DISABILITIES, GENDERS, RACES, Enrollment
from wagtail_cohorts.exceptions import BadInput

CHOICES = {"gender": dict(GENDERS), "race": dict(RACES), "disability": dict(DISABILITIES)}
LENGTHS = {"first_name": 80, "last_name": 80, "phone": 30, "city": 80}
FIELDS = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "identity_number",
    "birth_date",
    "gender",
    "race",
    "city",
    "disability",
)


def clean_text(value: Any) -> str:
    """One line: composed, without control characters, with single spaces."""
    text = unicodedata.normalize("NFC", str(value or ""))
    text = "".join(
        " " if c in "\t\r\n" else c for c in text if c in "\t\r\n" or unicodedata.category(c)[0] != "C"
    )
    return " ".join(text.split())


def clean_student(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Check the given fields (others stay out). Raises BadInput naming the field, in the person's words."""
    cleaned: dict[str, Any] = {}
    for name in FIELDS:
        if name in raw:
            cleaned[name] = _clean_field(name, raw[name])
    if cleaned.get("identity_number"):
        _derive_from_identity(cleaned)
    return cleaned


def _clean_field(name: str, value: Any) -> Any:
    if name == "birth_date":
        return _clean_date(value)
    text = clean_text(value)
    if name in CHOICES:
        return _clean_choice(name, text)
    if name == "email" and text:
        return clean_email(text)
    if name == "identity_number" and text:
        return _clean_identity(text)
    if name in ("first_name", "last_name") and not text:
        raise BadInput(_("A name is needed."), field=name)
    if len(text) > LENGTHS.get(name, 254):
        raise BadInput(_("This is longer than %d characters.") % LENGTHS.get(name, 254), field=name)
    return text


def _clean_choice(name: str, text: str) -> str:
    if not text:
        return ""
    for key, label in CHOICES[name].items():
        if text.casefold() in (key, str(label).casefold()):
            return key
    raise BadInput(_("“%s” is not one of the choices.") % text, field=name)


def clean_email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        raise BadInput(_("“%s” is not an e-mail address.") % text, field="email") from None
    return text


def _clean_date(value: Any) -> date | None:
    if value in (None, "") or isinstance(value, date):
        return value or None
    try:
        return date.fromisoformat(clean_text(value))
    except ValueError:
        raise BadInput(_("“%s” is not a date. Write it as 2004-02-29.") % value, field="birth_date") from None


def _clean_identity(text: str) -> str:
    number = "".join(c for c in text if not c.isspace() and c != "-")
    try:
        pdf.sa_identity(number)
    except pdf.FieldError as error:
        raise BadInput(str(error), field="identity_number") from error
    return number


def _derive_from_identity(cleaned: dict[str, Any]) -> None:
    birth_date, gender = pdf.sa_identity(cleaned["identity_number"])
    cleaned["birth_date"] = cleaned.get("birth_date") or birth_date
    cleaned["gender"] = cleaned.get("gender") or gender


def write_student(enrollment: Enrollment, cleaned: Mapping[str, Any]) -> list[str]:
    """Put cleaned values on the row (the caller saves); return the names of the columns touched."""
    touched = []
    for name, value in cleaned.items():
        if name == "identity_number":
            enrollment.identity_number = encrypt(value.encode()) if value else ""
            enrollment.identity_key = identity_key(value) if value else ""
            touched += ["identity_number", "identity_key"]
        else:
            setattr(enrollment, name, value)
            touched.append(name)
    return touched


def identity_key(number: str) -> str:
    return keyed_digest(number, purpose="identity-number")


def identity_of(enrollment: Enrollment) -> str:
    """The identity number in clear; empty when none was given or its key is gone."""
    if not enrollment.identity_number:
        return ""
    try:
        return decrypt(enrollment.identity_number).decode()
    except ValueError:
        return ""


def age_on(birth_date: date | None, day: date) -> int | None:
    if birth_date is None:
        return None
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
