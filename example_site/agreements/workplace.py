"""The example workplace plan: where the student works and what is learned there. Page two is a turned one."""

from __future__ import annotations

from reportlab.lib.pagesizes import A4

from example_site.agreements.form import LABEL_HEIGHT, OPTIONAL, FieldData, Form, given
from example_site.agreements.sheet import MARGIN, SMALL, Box

TITLE_TEXT = "Workplace plan"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
TASKS = (
    ("Months 1 to 3", "Get to know the workplace, its safety rules and its people; simple tasks with help."),
    ("Months 4 to 6", "Routine tasks with less and less help; first own piece of work."),
    ("Months 7 to 9", "Routine tasks alone; harder tasks with help; dealing with customers."),
    ("Months 10 to 12", "All tasks of the qualification; preparation for the final assessment."),
)


def workplace_plan(institution: str = "Mopane Ridge Skills Institute") -> tuple[bytes, list[FieldData]]:
    """The PDF and its fields. The same name always gives the same bytes."""
    form = Form(title=TITLE_TEXT, institution=institution, pages=2)
    _place_and_week(form)
    _tasks(form)
    return form.finish(), form.fields


def _place_and_week(form: Form) -> None:
    form.next_page()
    form.heading("Who and where")
    form.y += 4
    form.row(
        "student",
        ("student_name", "Student", 0.5, given("student.full_name")),
        ("identity_number", "Identity number", 0.5, given("student.identity_number")),
    )
    form.row("sponsor", ("workplace", "Workplace", 1, given("sponsor.name")))
    form.row(
        "institution", ("workplace_address", "Address of the workplace", 1, {"max_length": 110, **OPTIONAL})
    )
    form.row(
        "institution",
        ("starts_on", "First workplace day", 0.5, {"type": "date", "source": "cohort.start_date"}),
        ("ends_on", "Last workplace day", 0.5, {"type": "date", "source": "cohort.end_date"}),
    )
    form.heading("The week")
    form.paragraph("Ticked days are workplace days; the others are for lessons at the institution.")
    for day in DAYS:
        form.tick(f"day_{day.lower()}", "institution", day, label=f"Workplace day: {day}", **OPTIONAL)
    form.row(
        "institution",
        ("starts_at", "Work starts at", 0.3, {"pattern": "time", "default": "08:00", "max_length": 5}),
        ("ends_at", "Work ends at", 0.3, {"pattern": "time", "default": "16:30", "max_length": 5}),
        ("weekly_hours", "Hours a week", 0.4, {"type": "number", "min": "1", "max": "40", **OPTIONAL}),
    )
    form.heading("What the student wants to learn")
    box = Box(MARGIN, form.y, form.text_width, 92)
    form.write("In the student’s own words", SMALL, Box(box.x, box.y, box.w, LABEL_HEIGHT))
    lines = Box(box.x, box.y + LABEL_HEIGHT + 3, box.w, box.h - LABEL_HEIGHT - 3)
    form.frame(lines)
    inside = Box(lines.x + 5, lines.y + 3, lines.w - 10, lines.h - 6)
    form.field(
        "wishes", "student", "multiline", inside, label="What I want to learn", max_length=400, **OPTIONAL
    )
    form.y += box.h + 6


def _tasks(form: Form) -> None:
    form.next_page(size=A4, turned=True)
    form.heading("What is learned when")
    form.y += 4
    width = form.text_width
    rows = form.table(
        (92, 330, width - 92 - 330),
        [
            ("When", "What", "Agreed for this student"),
            *[(f"<b>{when}</b>", what, "") for when, what in TASKS],
        ],
        row_height=40,
    )
    for number, row in enumerate(rows[1:], 1):
        cell = Box(row[2].x + 4, row[2].y + 3, row[2].w - 8, row[2].h - 6)
        label = f"Agreed for {TASKS[number - 1][0].lower()}"
        form.field(
            f"agreed_{number}", "institution", "multiline", cell, label=label, max_length=120, **OPTIONAL
        )
    form.y += 16
    column = (width - 2 * 18) / 3
    for index, (role, name) in enumerate(
        (("institution", "For the institution"), ("student", "The student"), ("sponsor", "For the sponsor"))
    ):
        x = MARGIN + index * (column + 18)
        form.signature(f"{role}_signature", role, f"{name}: signature", Box(x, form.y, column, 58))
        date = Box(x, form.y + 74, column, LABEL_HEIGHT + 17)
        form.answer(f"{role}_signed_on", role, "Date signed", date, type="date_signed")
