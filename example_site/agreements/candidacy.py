"""The example candidacy agreement: printed cells throughout, a guardian's part, two employers, no institution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from example_site.agreements.form import (
    LABEL_HEIGHT,
    LINE_HEIGHT,
    OPTIONAL,
    FieldData,
    Form,
    given,
)
from example_site.agreements.sheet import CELL, MARGIN, SMALL, TITLE, Box

TITLE_TEXT = "Candidacy agreement"
ROLES = [
    {"key": "student", "kind": "student", "name": "Candidate"},
    {"key": "guardian", "kind": "guardian", "name": "Parent or guardian"},
    {"key": "lead", "kind": "sponsor", "name": "Lead employer"},
    {"key": "host", "kind": "sponsor", "name": "Host employer"},
    {"key": "witness", "kind": "witness", "name": "Witness"},
]
"""The witness has no place on this form, so nobody is asked for one."""
COMB = 17.0
CELL_HEIGHT = 17.0
YES_NO = (("yes", "YES"), ("no", "NO"))


class CellForm(Form):
    """A form of combs and of words in cells that are crossed out or crossed in."""

    def initials(self, roles: Sequence[str] = ()) -> None:
        """This form asks for none."""

    def comb(self, key: str, role: str, label: str, cells: int, *, type: str = "comb", **rules: Any) -> None:
        """One line with a comb, as wide as its cells."""
        box = Box(MARGIN, self.y, cells * COMB, LABEL_HEIGHT + CELL_HEIGHT + 2)
        self.cells(key, role, label, box, type=type, cells=cells, **rules)
        self.y += box.h + 8

    def crossed(
        self, key: str, role: str, label: str, options: Sequence[tuple[str, str]], **rules: Any
    ) -> None:
        """A label, and to its right one printed cell an answer; the chosen one gets an X over its word."""
        wide, noted = 74.0, []
        left = MARGIN + self.text_width - wide * len(options)
        self.write(label, CELL, Box(MARGIN, self.y + 3, left - MARGIN - 8, 0))
        for place, (value, word) in enumerate(options):
            cell = Box(left + place * wide, self.y, wide, CELL_HEIGHT)
            self.frame(cell)
            self.write(word, SMALL, Box(cell.x + 6, cell.y + 3.5, wide - 12, 0))
            noted.append({"value": value, "label": {"en": word}, "page": self.page, **self.place(cell)})
        around = Box(left, self.y, wide * len(options), CELL_HEIGHT)
        self.field(key, role, "radio", around, label=label, options=noted, **rules)
        self.y += CELL_HEIGHT + 6


def candidacy_agreement(
    institution: str = "Mopane Ridge Skills Institute",
) -> tuple[bytes, list[FieldData]]:
    """The PDF and its fields. The same name always gives the same bytes."""
    form = CellForm(title=TITLE_TEXT, institution=institution, pages=4)
    form.next_page()
    form.paragraph(TITLE_TEXT, TITLE, gap=6)
    _programme(form)
    _candidate(form)
    form.next_page()
    _background(form)
    _guardian(form)
    form.next_page()
    _employer(form, "lead", "Lead employer")
    _employer(form, "host", "Host employer")
    form.next_page()
    _signatures(form)
    return form.finish(), form.fields


def _programme(form: CellForm) -> None:
    form.heading("1. The programme")
    form.row("student", ("programme", "Name of the programme", 1, given("programme.name")))
    for key, label in (("start", "First day (year, month, day)"), ("end", "Last day (year, month, day)")):
        rules = {**given(f"cohort.{key}_date"), "date_order": "year_first"}
        form.comb(f"{key}_date", "student", label, 8, type="date", **rules)
    form.tick("has_identity", "student", "A certified copy of the identity document is added.",
              label="Certified identity document added", **OPTIONAL)  # fmt: skip
    form.tick("has_certificate", "student", "A certified copy of the highest certificate is added.",
              label="Certified certificate added", **OPTIONAL)  # fmt: skip


def _candidate(form: CellForm) -> None:
    form.heading("2. The candidate")
    form.row(
        "student",
        ("surname", "Surname", 0.5, given("student.last_name")),
        ("first_names", "First names", 0.5, given("student.first_name")),
    )
    form.comb("identity_number", "student", "Identity number", 13, type="national_id",
              source="student.identity_number", **OPTIONAL)  # fmt: skip
    genders = (("male", "MALE"), ("female", "FEMALE"))
    races = (("african", "AFRICAN"), ("coloured", "COLOURED"), ("indian", "INDIAN"), ("white", "WHITE"))
    form.crossed("gender", "student", "Gender", genders, source="student.gender", **OPTIONAL)
    form.crossed("race", "student", "Population group", races, source="student.race", **OPTIONAL)
    form.crossed(
        "disability",
        "student",
        "Do you live with a disability?",
        YES_NO,
        source="student.disability",
        **OPTIONAL,
    )
    form.crossed("citizen", "student", "Are you a South African citizen?", YES_NO)
    form.crossed(
        "agrees",
        "student",
        "May the authority keep these facts?",
        (("agree", "AGREE"), ("disagree", "DISAGREE")),
    )
    form.row("student", ("home", "Home address", 1, {"max_length": 90}))
    form.comb("postal_code", "student", "Postal code", 4, pattern="postal_code", **OPTIONAL)


def _background(form: CellForm) -> None:
    form.heading("3. Before this programme")
    form.crossed("employed", "student", "Were you employed before?", YES_NO)
    form.comb(
        "since",
        "student",
        "Since when (year, month, day)",
        8,
        type="date",
        date_order="year_first",
        **OPTIONAL,
    )
    form.row("student", ("school", "Last school or college", 1, {"max_length": 80, **OPTIONAL}))


def _guardian(form: CellForm) -> None:
    form.heading("4. Parent or guardian, for a candidate under 18")
    form.row(
        "guardian",
        ("guardian_name", "Name and surname", 0.6, given("guardian.name")),
        ("guardian_relation", "Relation to the candidate", 0.4, given("guardian.relation")),
    )
    form.comb("guardian_identity", "guardian", "Identity number of the guardian", 13, type="national_id")
    form.comb("guardian_phone", "guardian", "Cell phone", 10, pattern="digits", **OPTIONAL)
    form.row(
        "guardian", ("guardian_email", "E-mail", 1, {"type": "email", "source": "guardian.email", **OPTIONAL})
    )
    form.row("guardian", ("guardian_home", "Home address", 1, {"max_length": 90}))
    form.crossed("guardian_lives_with", "guardian", "Does the candidate live with you?", YES_NO)


def _employer(form: CellForm, role: str, title: str) -> None:
    form.heading(f"{5 if role == 'lead' else 6}. {title}")
    form.row(role, (f"{role}_company", "Legal name", 1, {"max_length": 80}))
    form.crossed(f"{role}_pays_levy", role, "Does the employer pay the skills levy?", YES_NO)
    form.comb(f"{role}_levy_number", role, "Levy number (one letter, nine digits)", 10, **OPTIONAL)
    form.row(role, (f"{role}_place", "Address of the workplace", 1, {"max_length": 90}))


def _signatures(form: CellForm) -> None:
    form.heading("7. Signatures")
    form.paragraph("Each of us has read this agreement and agrees with it.")
    names = {"student": "Candidate", "guardian": "Parent or guardian, if the candidate is under 18",
             "lead": "Lead employer", "host": "Host employer"}  # fmt: skip
    for role, name in names.items():
        width = form.text_width
        form.write(f"<b>{name}</b>", CELL, Box(MARGIN, form.y, width, 0))
        form.y += 14
        line = LABEL_HEIGHT + LINE_HEIGHT
        who = Box(MARGIN, form.y, width * 0.34, line)
        form.answer(f"{role}_signer", role, "Name", who, max_length=80, **given("signer.name"))
        form.signature(
            f"{role}_signature",
            role,
            "Signature",
            Box(MARGIN + width * 0.38, form.y - 8, width * 0.3, line + 8),
        )
        box = Box(MARGIN + width - 8 * COMB, form.y, 8 * COMB, LABEL_HEIGHT + CELL_HEIGHT + 2)
        form.cells(f"{role}_signed_on", role, "Date (year, month, day)", box, type="date_signed", cells=8,
                   date_order="year_first")  # fmt: skip
        form.y += line + 40
