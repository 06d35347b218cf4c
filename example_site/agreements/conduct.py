"""The example code of conduct: two pages that every party signs."""

from __future__ import annotations

from example_site.agreements.form import OPTIONAL, FieldData, Form, given
from example_site.agreements.sheet import LEAD

TITLE_TEXT = "Code of conduct"

RULES = (
    (
        "Respect",
        (
            "I treat fellow students, staff, customers and visitors with respect, whoever they are.",
            "I do not bully, insult, threaten or harass anyone: in person, in writing, or online.",
            "I speak up when someone is treated badly, and I know that nobody may punish me for it.",
        ),
    ),
    (
        "Being there",
        (
            "I am on time, ready to work, and dressed as the workplace asks.",
            "When I cannot come, I say so before the day begins.",
            "I keep my phone away during lessons and work, unless it is needed for them.",
        ),
    ),
    (
        "Honest work",
        (
            "I hand in my own work. I say where I used the words, pictures or programs of others.",
            "I fill in attendance lists and the logbook with what really happened.",
            "I take no gifts that are meant to change how I do my work.",
        ),
    ),
    (
        "Safety",
        (
            "I follow safety instructions, wear what protects me, and report what is broken or dangerous.",
            "I do not come under the influence of alcohol or drugs, and I bring no weapons.",
        ),
    ),
    (
        "Property and secrets",
        (
            "I look after tools, devices and rooms, and give back what I borrowed.",
            "I do not pass on what I learn about customers, colleagues or the business, unless I report a "
            "crime or a danger.",
            "I ask before I take or share a picture of a person or of the workplace.",
        ),
    ),
)
HANDLING = (
    (
        "When something goes wrong",
        (
            "A small matter is first talked about, between the people it concerns.",
            "For a serious matter I hear in writing what I am said to have done. I have three working days "
            "to prepare, I may bring someone with me, and I am heard before anything is decided.",
            "Possible steps are a talk, a written warning, a final warning and, for the gravest matters "
            "only, a request to the SETA to end the learnership.",
            "I may appeal within ten working days. Somebody who did not take part in the decision looks at "
            "it again.",
        ),
    ),
    (
        "Whom to tell",
        (
            "The student adviser of the institution, the supervisor at the workplace, or any member of staff "
            "I trust.",
            "What I say is kept confidential as far as it is safe for me and for others.",
        ),
    ),
)


def code_of_conduct(institution: str = "Mopane Ridge Skills Institute") -> tuple[bytes, list[FieldData]]:
    """The PDF and its fields. The same name always gives the same bytes."""
    form = Form(title=TITLE_TEXT, institution=institution, pages=2)
    form.next_page()
    form.paragraph("How we work and learn together", LEAD, gap=10)
    form.row(
        "student",
        ("student_name", "Student", 0.55, given("student.full_name")),
        ("cohort_name", "Cohort", 0.45, given("cohort.name")),
    )
    for number, (title, sentences) in enumerate(RULES, 1):
        form.clause(number, title, sentences)
    form.next_page()
    for number, (title, sentences) in enumerate(HANDLING, len(RULES) + 1):
        form.clause(number, title, sentences)
    form.y += 6
    form.tick(
        "understood",
        "student",
        "I have read this code, I have been able to ask questions about it, and I will keep to it.",
        label="I have read this code and will keep to it",
    )
    form.row(
        "institution", ("adviser", "Student adviser of the institution", 1, {"max_length": 90, **OPTIONAL})
    )
    form.signature_block("institution", "For the institution", ("position", "Position"), height=122)
    form.signature_block("student", "The student", ("place", "Place"), height=122)
    form.signature_block("sponsor", "For the sponsor", ("position", "Position"), height=122)
    return form.finish(), form.fields
