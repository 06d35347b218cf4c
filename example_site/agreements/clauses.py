"""The text of the example learnership agreement: made up, in plain English, and no legal advice."""

from __future__ import annotations

Clause = tuple[str, tuple[str, ...]]

WORDS = (
    ("Word", "What it means here"),
    (
        "Agreement",
        "This document with its schedule, the code of conduct and the workplace plan that belong to it.",
    ),
    ("Allowance", "The monthly amount that the sponsor pays to the student while the learnership runs."),
    (
        "Institution",
        "The accredited training institution named in Part B. It gives the lessons and the assessments.",
    ),
    (
        "Learnership",
        "The programme named on the first page: lessons and supervised work that lead to a qualification.",
    ),
    ("Logbook", "The record, kept by the student and signed by the supervisor, of the work done each week."),
    ("SETA", "The sector education and training authority with which this agreement is registered."),
    ("Sponsor", "The employer or funder named in Part C. It pays the allowance and provides the workplace."),
    ("Student", "The person named in Part A, also called the learner in the law."),
    ("Supervisor", "The person at the workplace who guides the student and signs the logbook."),
    (
        "Workplace",
        "The place or places where the student does the supervised work, listed in the workplace plan.",
    ),
)

PURPOSE: tuple[Clause, ...] = (
    (
        "What this agreement is for",
        (
            "The institution, the student and the sponsor make this agreement so that the student can "
            "complete the learnership named on the first page and be assessed for its qualification.",
            "The learnership joins lessons at the institution with supervised work at the sponsor’s "
            "workplace. Both parts count. A student who completes only one of them has not completed the "
            "learnership.",
            "Each party has read this agreement, has had the chance to ask questions about it, and signs it "
            "freely.",
        ),
    ),
    (
        "How long it runs",
        (
            "It starts and ends on the dates on the first page. It starts only when all three parties have "
            "signed.",
            "The institution sends it to the SETA for registration within thirty working days of the "
            "student’s signature. If the SETA does not register it, the parties meet within ten working days "
            "to correct what is wrong.",
            "The parties may extend it once, in writing and by at most six months, if the student needs more "
            "time for a reason beyond the student’s control.",
        ),
    ),
    (
        "What the institution does",
        (
            "It gives all lessons of the schedule, with qualified facilitators and enough equipment for each "
            "student.",
            "It assesses the student fairly, gives the result in writing within fifteen working days, and "
            "offers a second assessment to a student who was not yet competent.",
            "It keeps the student’s records, visits the workplace at least once every three months, and "
            "tells the sponsor in writing how the student is doing.",
            "It gives the student support with language, study skills and reasonable adjustments for a "
            "disability.",
        ),
    ),
    (
        "What the student does",
        (
            "The student attends all lessons and all workplace days, arrives on time, and takes part.",
            "The student does the assessments honestly. Work of another person is never handed in as one’s "
            "own.",
            "The student keeps the logbook up to date and hands it to the supervisor for signature every "
            "Friday.",
            "The student tells the institution within five working days when an address, a phone number, a "
            "bank account or anything else in Part A changes.",
        ),
    ),
    (
        "What the sponsor does",
        (
            "The sponsor gives the student real work that fits the schedule, a supervisor with the time and "
            "the knowledge to guide, and a safe place to work.",
            "It lets the student attend every lesson and assessment without loss of allowance.",
            "It pays the allowance on time and gives the student a payslip each month.",
            "It does not use the student to replace an employee, and does not charge the student any fee.",
        ),
    ),
    (
        "Learning and assessment",
        (
            "The schedule says what is learned, where, and when it is assessed. The institution may move a "
            "lesson by up to ten working days; a larger change needs the agreement of all three parties.",
            "The student may see every assessment of their own work and may appeal within ten working days. "
            "A person who did not do the first assessment decides the appeal within fifteen working days.",
            "When all parts are complete, the institution asks the SETA for the certificate and gives it to "
            "the student without charge.",
        ),
    ),
    (
        "Hours",
        (
            "Lessons and work together take at most forty hours a week, on at most five days, between 07:00 "
            "and 18:00.",
            "Overtime, night work and work on public holidays are allowed only where the student agrees in "
            "writing, is supervised, and is paid as the law says.",
            "Each working day has a break of at least sixty minutes after no more than five hours.",
        ),
    ),
)

MONEY: tuple[Clause, ...] = (
    (
        "Allowance",
        (
            "The sponsor pays the allowance below into the student’s own bank account on or before the day "
            "named in it. The allowance is never less than the law requires for the level of the "
            "learnership.",
            "Nothing is taken off the allowance except what the law requires, or what the student agreed to "
            "in writing for a named reason and amount.",
        ),
    ),
    (
        "Leave",
        (
            "The student has the leave in the table below in each twelve months, on the full allowance. "
            "Leave is asked for in writing, from the sponsor for workplace days and from the institution for "
            "lesson days.",
        ),
    ),
    (
        "Absence",
        (
            "A student who cannot come tells the supervisor or the facilitator before the day begins, by "
            "phone or message.",
            "After two days of illness in a row the student brings a medical certificate. A certificate of a "
            "registered traditional health practitioner counts the same.",
            "For a day of absence without leave or reason the sponsor may hold back the allowance of that "
            "day, after hearing the student.",
        ),
    ),
)

WORKPLACE: tuple[Clause, ...] = (
    (
        "Health and safety",
        (
            "Before the first workplace day the sponsor explains the dangers of the workplace and gives "
            "protective clothing and equipment free of charge.",
            "The student follows safety instructions and may refuse, without any disadvantage, a task that "
            "is dangerous or for which they were not trained.",
            "The sponsor covers the student for injuries at work under the law on compensation for "
            "occupational injuries and diseases, and reports every injury within seven days.",
        ),
    ),
    (
        "Conduct and discipline",
        (
            "The code of conduct that belongs to this agreement applies at the institution and at the "
            "workplace.",
            "No party tolerates harassment, violence, or unfair treatment because of race, gender, "
            "pregnancy, disability, religion, language, age, birth, HIV status or any other ground in the "
            "law.",
            "Before a disciplinary step the student hears in writing what is said against them, has at least "
            "three working days to prepare, and may bring a fellow student or employee.",
        ),
    ),
    (
        "Tools and property",
        (
            "Tools, devices and access cards given to the student stay the property of the one who gave them "
            "and are returned at the end in the state that fair use leaves them in.",
            "The student pays for loss or damage only if it was done on purpose or through gross "
            "carelessness.",
        ),
    ),
    (
        "Work and secrets",
        (
            "What the student makes in the course of the work belongs to the sponsor. Assessment papers "
            "belong to the student, who may show them to others as proof of skill.",
            "The student keeps secret what is marked as confidential or plainly is, also after this "
            "agreement ends. This does not stop anyone from reporting a crime or a danger.",
        ),
    ),
    (
        "Travel and meals",
        (
            "The sponsor pays for travel between two workplaces on the same day, and for travel to a "
            "workplace that is more than thirty kilometers from the one named in the workplace plan.",
            "Travel between home and the usual workplace or the institution is for the student.",
        ),
    ),
    (
        "Contact between the parties",
        (
            "The three parties meet at the start, half-way and at the end, and whenever one of them asks. "
            "The institution keeps short notes of each meeting and sends them to all.",
            "A message about this agreement is good if it is sent to the e-mail address in Part A, B or C. "
            "It counts as received on the next working day.",
        ),
    ),
)

PRIVACY: tuple[Clause, ...] = (
    (
        "Personal information",
        (
            "The institution uses the student’s information to run the learnership, to register it with the "
            "SETA, to pay the allowance, and to prove all this where the law asks for it; and for nothing "
            "else.",
            "It shares with the sponsor only what the sponsor needs. Identity documents, race and disability "
            "are shared with the SETA as the law requires, and with nobody else.",
            "Signed agreements are kept for seven years after the end of the learnership and are then "
            "destroyed. The student may ask at any time to see, correct or, where the law allows it, delete "
            "what is kept.",
        ),
    ),
)

END: tuple[Clause, ...] = (
    (
        "Moving the agreement",
        (
            "If the sponsor can no longer provide the workplace, the institution looks for another one. With "
            "the student’s consent and the SETA’s approval the new sponsor takes this agreement over as it "
            "stands.",
        ),
    ),
    (
        "Ending this agreement",
        (
            "It ends on its end date, or earlier on the day the student is declared competent in all parts.",
            "The student may end it with one month’s notice in writing. The institution or the sponsor may "
            "end it only for a fair reason, by a fair procedure, and with the approval of the SETA.",
            "Whoever ends it, the student is paid up to the last day and receives within fifteen working "
            "days a record of all learning that was completed.",
        ),
    ),
    (
        "Disagreements",
        (
            "A party who disagrees first says so in writing to the others, who meet within ten working days.",
            "What is not settled in twenty working days may be taken to the SETA, and after that to the "
            "commission for conciliation, mediation and arbitration. Nobody is treated worse for having "
            "complained.",
        ),
    ),
    (
        "Signing and copies",
        (
            "The parties may sign electronically. An electronic signature made through the institution’s "
            "signing page has the same effect as one on paper, and the record of it is kept with this "
            "agreement.",
            "The institution signs first and once for all students of the cohort; its signature and the date "
            "of it stand on each student’s copy. Each party receives a complete copy free of charge.",
        ),
    ),
    (
        "General",
        (
            "This agreement with the documents named in it is all that the parties agreed. A change counts "
            "only when it is in writing and all three have signed it.",
            "If a clause turns out not to be valid, the others stay in force. Where this agreement gives the "
            "student less than the law does, the law applies.",
            "A student under eighteen signs together with a parent or guardian.",
        ),
    ),
)
