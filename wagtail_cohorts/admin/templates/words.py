"""How the template editor calls field types, sources and rules."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

TYPES: dict[str, Any] = {
    "text": _("Text"),
    "multiline": _("Long text"),
    "comb": _("Cells"),
    "number": _("Number"),
    "date": _("Date"),
    "date_signed": _("Date signed"),
    "checkbox": _("Tick box"),
    "radio": _("Choice"),
    "select": _("List"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "national_id": _("Identity number"),
    "signature": _("Signature"),
    "initials": _("Initials"),
    "static": _("Fixed text"),
}
SOURCES: dict[str, Any] = {
    "student.full_name": _("Student: full name"),
    "student.first_name": _("Student: first name"),
    "student.last_name": _("Student: last name"),
    "student.identity_number": _("Student: identity number"),
    "student.birth_date": _("Student: date of birth"),
    "student.email": _("Student: e-mail"),
    "student.phone": _("Student: phone"),
    "student.gender": _("Student: gender"),
    "student.race": _("Student: race"),
    "student.city": _("Student: town or city"),
    "student.disability": _("Student: disability"),
    "guardian.name": _("Guardian: name"),
    "guardian.relation": _("Guardian: relation to the student"),
    "guardian.email": _("Guardian: e-mail"),
    "guardian.phone": _("Guardian: phone"),
    "signer.name": _("Whoever signs: name"),
    "signer.position": _("Whoever signs: position"),
    "cohort.name": _("Cohort: name"),
    "cohort.qualification": _("Cohort: qualification"),
    "cohort.nqf_level": _("Cohort: NQF level"),
    "cohort.seta": _("Cohort: SETA"),
    "cohort.start_date": _("Cohort: start"),
    "cohort.end_date": _("Cohort: end"),
    "programme.name": _("Programme: name"),
    "sponsor.name": _("Sponsor: name"),
    "sponsor.registration_number": _("Sponsor: registration number"),
    "sponsor.address": _("Sponsor: address"),
    "institution.name": _("Institution: name"),
    "institution.contact_name": _("Institution: contact person"),
    "institution.contact_email": _("Institution: contact e-mail"),
    "institution.contact_phone": _("Institution: contact phone"),
}
PATTERNS: dict[str, Any] = {
    "digits": _("Digits only"),
    "letters": _("Letters only"),
    "letters_and_digits": _("Letters and digits"),
    "postal_code": _("Postal code (4 digits)"),
    "tax_number": _("Tax number (10 digits)"),
    "account_number": _("Bank account number"),
    "branch_code": _("Branch code (6 digits)"),
    "year": _("Year"),
    "time": _("Time"),
    "passport": _("Passport number"),
}
DATE_ORDERS: dict[str, Any] = {"day_first": _("Day, month, year"), "year_first": _("Year, month, day")}
ALIGNMENTS: dict[str, Any] = {"left": _("Left"), "center": _("Center"), "right": _("Right")}
