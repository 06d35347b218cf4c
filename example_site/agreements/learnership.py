"""The example learnership agreement: twelve pages, one of them across, for three parties."""

from __future__ import annotations

from reportlab.lib.pagesizes import A4, landscape

from example_site.agreements import clauses
from example_site.agreements.form import OPTIONAL, FieldData, Form, given
from example_site.agreements.logo import draw_logo
from example_site.agreements.parties import institution_and_sponsor_page, student_page
from example_site.agreements.schedule import draw_schedule
from example_site.agreements.sheet import LEAD, MARGIN, TITLE, Box

PAGES = 12
TITLE_TEXT = "Learnership agreement"


def learnership_agreement(
    institution: str = "Mopane Ridge Skills Institute",
) -> tuple[bytes, list[FieldData]]:
    """The PDF and its fields. The same name always gives the same bytes."""
    form = Form(title=TITLE_TEXT, institution=institution, pages=PAGES)
    _cover(form)
    _words(form)
    student_page(form)
    institution_and_sponsor_page(form)
    number = _clauses(form, clauses.PURPOSE[:4], 1)
    number = _clauses(form, clauses.PURPOSE[4:], number)
    number = _money(form, number)
    form.next_page(size=landscape(A4))
    draw_schedule(form)
    number = _clauses(form, clauses.WORKPLACE[:4], number)
    number = _privacy(form, number)
    _clauses(form, clauses.END, number)
    _signatures(form)
    return form.finish(), form.fields


def _cover(form: Form) -> None:
    form.start_page()
    draw_logo(form.canvas, MARGIN, form.height - 124, 58)
    form.y = 158
    form.paragraph(TITLE_TEXT, TITLE, gap=4)
    form.paragraph(f"between {form.institution}, the student and the sponsor named below", LEAD, gap=26)
    form.row("student", ("student_name", "Student", 1, given("student.full_name")))
    form.row(
        "institution",
        ("institution_name", "Institution", 0.5, given("institution.name")),
        ("sponsor_on_cover", "Sponsor", 0.5, given("sponsor.name")),
    )
    form.row(
        "institution", ("learnership_title", "Learnership", 1, {"source": "programme.name", "max_length": 90})
    )
    form.row(
        "institution",
        ("qualification", "Qualification", 0.72, {"source": "cohort.qualification", **OPTIONAL}),
        ("nqf_level", "NQF level", 0.28, {"source": "cohort.nqf_level", "max_length": 2, **OPTIONAL}),
    )
    form.row(
        "institution",
        ("seta", "Registered with (SETA)", 0.5, {"source": "cohort.seta", **OPTIONAL}),
        ("registration_number", "Registration number of the learnership", 0.5, OPTIONAL),
    )
    form.row(
        "institution",
        ("cohort_name", "Cohort", 0.5, given("cohort.name")),
        ("start_date", "Starts on", 0.25, {"source": "cohort.start_date", "type": "date"}),
        ("end_date", "Ends on", 0.25, {"source": "cohort.end_date", "type": "date"}),
    )
    form.y += 18
    form.paragraph(
        "This agreement has twelve pages: the parties (pages 2 to 4), what they agree (pages 5 to 11, with "
        "the schedule of learning on page 8), and their signatures (page 12). Each party puts initials on "
        "every page but this one.",
    )
    form.paragraph("Read it slowly. Ask about anything that is not clear before you sign.")
    form.page_number()


def _words(form: Form) -> None:
    form.next_page()
    form.heading("How to read this agreement")
    form.paragraph("Words with a special meaning are explained here, once. They mean the same on every page.")
    form.y += 4
    form.table((96, form.text_width - 96), [(f"<b>{word}</b>", meaning) for word, meaning in clauses.WORDS])
    form.y += 10
    form.heading("What is where")
    for line in (
        "Part A. The student (page 3)",
        "Part B. The institution, and Part C. The sponsor (page 4)",
        "Clauses 1 to 10: learning, hours, allowance, leave (pages 5 to 7)",
        "Schedule of learning (page 8)",
        "Clauses 11 to 22: the workplace, personal information, the end of the agreement (pages 9 to 11)",
        "Signatures (page 12)",
    ):
        form.paragraph(f"•  {line}", gap=2)


def _clauses(form: Form, group: tuple[clauses.Clause, ...], first: int) -> int:
    """A page of clauses; returns the next number."""
    form.next_page()
    for number, (title, sentences) in enumerate(group, first):
        form.clause(number, title, sentences)
    return first + len(group)


def _money(form: Form, first: int) -> int:
    form.next_page()
    allowance, leave, absence = clauses.MONEY
    form.clause(first, *allowance)
    width = form.text_width
    rows = form.table(
        (width * 0.44, width * 0.28, width * 0.28),
        [
            ("Allowance", "Amount each month (rand)", "Paid on or before day"),
            ("First twelve months", "", ""),
            ("After twelve months", "", ""),
        ],
        row_height=26,
    )
    for key, name, row in (
        ("first", "first twelve months", rows[1]),
        ("later", "after twelve months", rows[2]),
    ):
        for what, label, cell, limits in (
            ("allowance", "Allowance", row[1], ("0", "50000")),
            ("pay_day", "Day of payment", row[2], ("1", "31")),
        ):
            form.field(
                f"{what}_{key}",
                "institution",
                "number",
                Box(cell.x + 5, cell.y + 4, cell.w - 10, cell.h - 8),
                label=f"{label}, {name}",
                min=limits[0],
                max=limits[1],
                align="right",
                required=key == "first",
            )
    form.y += 10
    form.clause(first + 1, *leave)
    form.table(
        (width * 0.44, width * 0.18, width * 0.38),
        [
            ("Kind of leave", "Days", "Notice"),
            ("Annual leave", "15", "ten working days before"),
            ("Sick leave", "10", "on the day, with a certificate after two days"),
            ("Family responsibility leave", "5", "as soon as known"),
            ("Study leave before assessments", "6", "five working days before"),
            ("Parental leave", "as the law says", "four weeks before, where possible"),
        ],
    )
    form.y += 10
    form.clause(first + 2, *absence)
    return first + 3


def _privacy(form: Form, first: int) -> int:
    """Two clauses about the parties, then personal information with the student's own choices."""
    group = (*clauses.WORKPLACE[4:], *clauses.PRIVACY)
    following = _clauses(form, group, first)
    form.y += 6
    form.paragraph("The student decides. Each choice may be changed later, by a message to the institution.")
    form.tick(
        "consent_information",
        "student",
        "I have read the clause on personal information and agree that my information is used as it says.",
        label="I agree that my information is used as this agreement says",
    )
    form.tick(
        "consent_bursaries",
        "student",
        "The institution may tell me about further learnerships, bursaries and jobs.",
        label="Tell me about further learnerships, bursaries and jobs",
        required=False,
    )
    form.tick(
        "consent_photographs",
        "student",
        "Photographs in which I can be recognized may be used in the institution’s reports and on its "
        "website.",
        label="Photographs of me may be used",
        required=False,
    )
    form.y += 4
    form.row(
        "student",
        (
            "information_note",
            "Anything about your information that you want to add",
            1,
            {"max_length": 100, **OPTIONAL},
        ),
    )
    return following


def _signatures(form: Form) -> None:
    form.next_page()
    form.heading("Signatures")
    form.paragraph("Each party signs for itself and confirms that it has read all twelve pages.", gap=8)
    form.signature_block("institution", "For the institution", ("position", "Position"))
    form.signature_block("student", "The student", ("place", "Place"))
    form.signature_block("sponsor", "For the sponsor", ("position", "Position"))
