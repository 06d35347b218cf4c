"""What the parties of the demo write into the example agreements: answers by field key, as a form sends."""

from __future__ import annotations

from example_site.agreements.schedule import UNITS
from example_site.people import Student

Answers = dict[str, str | bool]


def institution_answers() -> Answers:
    """For all three agreements; a key that an agreement does not have is simply not asked there."""
    return {
        "learnership_title": "Systems Support Learnership",
        "qualification": "National Certificate: IT Systems Support",
        "nqf_level": "5",
        "seta": "MICT SETA",
        "registration_number": "48Q480123451095",
        "start_date": "2027-01-11",
        "end_date": "2027-12-10",
        "accreditation_number": "ACC/2024/07/0042",
        "institution_address": "3 Marula Lane, Midrand, 1685",
        "institution_contact": "Lindiwe Mahlangu",
        "institution_phone": "0105550142",
        "institution_email": "cohorts@mopaneridge.example",
        "institution_kind": "private",
        "sponsor_contact": "Pieter Kotze",
        "sponsor_phone": "0215550177",
        "sponsor_email": "pieter.kotze@example.com",
        "sponsor_role": "employer",
        "allowance_first": "4500",
        "pay_day_first": "25",
        "allowance_later": "5200",
        "pay_day_later": "25",
        **{f"unit_{number}": True for number in range(1, len(UNITS) + 1)},
        "adviser": "Ayesha Patel, 010 555 0143",
        "workplace_address": "12 Harbour Road, Cape Town, 8001",
        "starts_on": "2027-01-18",
        "ends_on": "2027-12-03",
        "day_monday": True,
        "day_tuesday": True,
        "day_wednesday": True,
        "starts_at": "08:00",
        "ends_at": "16:30",
        "weekly_hours": "24",
    }


def student_answers(student: Student) -> Answers:
    """For all agreements, as the student would type it."""
    return {
        "first_name": student.first_name,
        "last_name": student.last_name,
        "identity_number": student.identity_number,
        "birth_date": student.birth_date.isoformat(),
        "gender": student.gender,
        "race": student.race,
        "phone": student.phone,
        "email": student.email,
        "street_address": student.street_address,
        "city": student.city,
        "postal_code": student.postal_code,
        "province": student.province,
        "home_language_help": "no" if student.home_language == "English" else "yes",
        "home_language": student.home_language,
        "highest_grade": "Grade 12",
        "disability": student.disability,
        "disability_help": "A desk near the front, and larger print" if student.disability == "yes" else "",
        "next_of_kin": f"Mama {student.last_name}",
        "next_of_kin_phone": student.phone,
        "consent_information": True,
        "consent_bursaries": True,
        "consent_photographs": False,
        "information_note": "",
        "student_place": student.city,
        "understood": True,
        "home": f"{student.street_address}, {student.city}",
        "citizen": "yes",
        "agrees": "agree",
        "employed": "no",
        "has_identity": True,
        "wishes": "I want to learn how to find and mend faults in computers and networks.",
    }


def sponsor_answers() -> Answers:
    return {
        "supervisor": "Nadia Jacobs",
        "supervisor_position": "Support team lead",
    }
