"""The page that lies across: what is learned in which month, where, and how it is assessed."""

from __future__ import annotations

from example_site.agreements.form import OPTIONAL, TICK, Form
from example_site.agreements.sheet import Box

UNITS = (
    ("Induction, rights and duties, study skills", "Institution", 40, "Portfolio", (1, 1)),
    ("Workplace communication", "Both", 80, "Presentation", (1, 3)),
    ("Numbers, tables and reports", "Institution", 80, "Written", (2, 4)),
    ("Tools, equipment and safe use", "Workplace", 120, "Observation", (2, 5)),
    ("Core tasks of the trade, part one", "Both", 320, "Observation", (3, 7)),
    ("Serving customers and handling complaints", "Workplace", 120, "Observation", (5, 8)),
    ("Core tasks of the trade, part two", "Both", 320, "Practical test", (6, 11)),
    ("Quality, records and improvement", "Workplace", 120, "Portfolio", (8, 11)),
    ("Entrepreneurship and personal finance", "Institution", 80, "Written", (9, 10)),
    ("Final integrated assessment", "Both", 120, "Practical test", (11, 12)),
)
MONTHS = 12


def draw_schedule(form: Form) -> None:
    """A table with a bar for the months of each unit, and a box for the units that this cohort takes."""
    form.heading("Schedule of learning")
    form.paragraph(
        "The numbers 1 to 12 are the months from the start date on page 1. A ticked box means that this "
        "cohort takes the unit. Hours are notional hours of lessons and work together.",
        gap=8,
    )
    month = 22.0
    widths = (42.0, 242.0, 68.0, 42.0, 71.0, *[month] * MONTHS)
    head = (
        "Taken",
        "Unit",
        "Where",
        "Hours",
        "Assessment",
        *[str(number) for number in range(1, MONTHS + 1)],
    )
    rows = form.table(
        widths,
        [head, *[("", name, where, str(hours), how, *[""] * MONTHS) for name, where, hours, how, _ in UNITS]],
        row_height=24,
    )
    for number, (unit, cells) in enumerate(zip(UNITS, rows[1:], strict=True), 1):
        first, last = cells[4 + unit[4][0]], cells[4 + unit[4][1]]
        form.bar(Box(first.x + 3, first.y + 8, last.x + last.w - first.x - 6, first.h - 16))
        taken = cells[0]
        box = Box(taken.x + (taken.w - TICK) / 2, taken.y + (taken.h - TICK) / 2, TICK, TICK)
        form.frame(box)
        form.field(
            f"unit_{number}",
            "institution",
            "checkbox",
            box,
            label=f"Unit taken: {unit[0]}",
            required=False,
            default="true",
        )
    form.y += 14
    total = sum(unit[2] for unit in UNITS)
    form.paragraph(f"All units together: {total:,} notional hours.".replace(",", " "), gap=10)
    form.row(
        "institution",
        ("schedule_note", "Changes to this schedule for the cohort", 1, {"max_length": 150, **OPTIONAL}),
    )
