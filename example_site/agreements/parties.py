"""The pages on which the three parties of the learnership agreement say who they are."""

from __future__ import annotations

from example_site.agreements.form import LABEL_HEIGHT, LINE_HEIGHT, OPTIONAL, Form, given, named
from example_site.agreements.sheet import MARGIN, Box

PROVINCES = named(
    "Eastern Cape",
    "Free State",
    "Gauteng",
    "KwaZulu-Natal",
    "Limpopo",
    "Mpumalanga",
    "North West",
    "Northern Cape",
    "Western Cape",
)
GRADES = named("Grade 9", "Grade 10", "Grade 11", "Grade 12", "Higher certificate", "Diploma or degree")
YES_NO = (("yes", "Yes"), ("no", "No"))
UNDISCLOSED = ("undisclosed", "Prefer not to say")


def student_page(form: Form) -> None:
    form.next_page()
    form.heading("Part A. The student")
    form.y += 4
    form.row(
        "student",
        ("first_name", "First names", 0.5, {"source": "student.first_name", "max_length": 80}),
        ("last_name", "Surname", 0.5, {"source": "student.last_name", "max_length": 80}),
    )
    box = Box(MARGIN, form.y, 13 * 23, LABEL_HEIGHT + LINE_HEIGHT + 4)
    form.cells(
        "identity_number",
        "student",
        "Identity number",
        box,
        type="national_id",
        cells=13,
        source="student.identity_number",
        align="center",
    )
    birth = Box(MARGIN + 320, form.y, form.text_width - 320, LABEL_HEIGHT + LINE_HEIGHT + 2)
    form.answer("birth_date", "student", "Date of birth", birth, type="date", source="student.birth_date")
    form.y += 44
    form.choice(
        "gender",
        "student",
        "Gender",
        [("female", "Female"), ("male", "Male"), ("other", "Other"), UNDISCLOSED],
        (90, 90, 90, 130),
        source="student.gender",
    )
    form.choice(
        "race",
        "student",
        "Race",
        [
            ("african", "African"),
            ("coloured", "Coloured"),
            ("indian", "Indian"),
            ("white", "White"),
            ("other", "Other"),
            UNDISCLOSED,
        ],
        (74, 80, 66, 66, 66, 120),
        source="student.race",
        printed="Race, asked by the SETA for reports under the employment equity law",
    )
    form.row(
        "student",
        ("phone", "Cell phone", 0.4, {"type": "phone", "source": "student.phone"}),
        ("email", "E-mail", 0.6, {"type": "email", "source": "student.email"}),
    )
    form.row("student", ("street_address", "Street address", 1, {"max_length": 90}))
    form.row(
        "student",
        ("city", "Town or city", 0.42, {"source": "student.city", "max_length": 60}),
        ("postal_code", "Postal code", 0.2, {"pattern": "postal_code", "max_length": 4}),
        ("province", "Province", 0.38, {"type": "select", "options": PROVINCES}),
    )
    form.choice(
        "home_language_help",
        "student",
        "Do you want lessons explained in your home language where possible?",
        YES_NO,
        (90, 90),
    )
    form.row(
        "student",
        ("home_language", "Home language", 0.5, {"max_length": 40}),
        ("highest_grade", "Highest school grade passed", 0.5, {"type": "select", "options": GRADES}),
    )
    form.choice(
        "disability",
        "student",
        "Disability",
        [("no", "No"), ("yes", "Yes"), UNDISCLOSED],
        (90, 90, 130),
        source="student.disability",
        printed="Do you have a disability?",
    )
    form.row(
        "student",
        (
            "disability_help",
            "If yes: what would help you to learn and work well?",
            1,
            {"max_length": 100, **OPTIONAL},
        ),
    )
    form.row(
        "student",
        ("next_of_kin", "Whom to call in an emergency", 0.6, {"max_length": 80}),
        ("next_of_kin_phone", "Their phone", 0.4, {"type": "phone"}),
    )


def institution_and_sponsor_page(form: Form) -> None:
    form.next_page()
    form.heading("Part B. The institution")
    form.y += 4
    form.row(
        "institution",
        ("institution_legal_name", "Registered name", 0.6, given("institution.name")),
        ("accreditation_number", "Accreditation number", 0.4, {"max_length": 30}),
    )
    form.row("institution", ("institution_address", "Address", 1, {"max_length": 110}))
    form.row(
        "institution",
        ("institution_contact", "Contact person", 0.4, {"source": "institution.contact_name"}),
        ("institution_phone", "Phone", 0.24, {"type": "phone", "source": "institution.contact_phone"}),
        ("institution_email", "E-mail", 0.36, {"type": "email", "source": "institution.contact_email"}),
    )
    form.choice(
        "institution_kind",
        "institution",
        "Kind of institution",
        [("private", "Private provider"), ("tvet", "Public TVET college"), ("university", "University")],
        (130, 140, 110),
    )
    form.y += 16
    form.heading("Part C. The sponsor")
    form.y += 4
    form.row(
        "sponsor",
        ("sponsor_name", "Registered name", 0.6, given("sponsor.name")),
        ("sponsor_registration", "Company registration number", 0.4, given("sponsor.registration_number")),
    )
    form.row("sponsor", ("sponsor_address", "Address", 1, given("sponsor.address")))
    form.row(
        "institution",
        (
            "sponsor_contact",
            "Contact person at the sponsor",
            0.4,
            {"max_length": 80, **OPTIONAL, "printed": "Contact person"},
        ),
        ("sponsor_phone", "Phone of the sponsor", 0.24, {"type": "phone", **OPTIONAL, "printed": "Phone"}),
        ("sponsor_email", "E-mail of the sponsor", 0.36, {"type": "email", **OPTIONAL, "printed": "E-mail"}),
    )
    form.choice(
        "sponsor_role",
        "institution",
        "The sponsor is",
        [
            ("employer", "the employer of the student"),
            ("host", "a host employer"),
            ("funder", "a funder only"),
        ],
        (170, 120, 110),
    )
    form.row(
        "sponsor",
        ("supervisor", "Supervisor at the workplace", 0.5, {"max_length": 80, **OPTIONAL}),
        (
            "supervisor_position",
            "Position of the supervisor",
            0.5,
            {"max_length": 60, **OPTIONAL, "printed": "Position"},
        ),
    )
    form.y += 14
    form.paragraph(
        "The sponsor confirms that it is registered for skills development levies, or says to the "
        "institution in writing why it need not be, and that its supervisor has agreed to guide no more than "
        "five students at a time."
    )
