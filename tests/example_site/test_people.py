"""The made-up students: plausible, varied, and the same every time."""

from __future__ import annotations

from datetime import date

from example_site.people import TOWNS, students
from wagtail_cohorts import pdf
from wagtail_cohorts.enrollments.models import DISABILITIES, GENDERS, RACES


def test_every_identity_number_agrees_with_the_birth_date_and_gender():
    for student in students(200):
        birth_date, gender = pdf.sa_identity(student.identity_number)
        assert birth_date == student.birth_date
        assert student.gender in (gender, "other")


def test_no_two_students_share_an_address_or_a_number():
    people = students(200)
    assert len({student.email for student in people}) == 200
    assert len({student.identity_number for student in people}) == 200
    assert all(student.email.endswith("@example.com") and student.email.isascii() for student in people)


def test_students_come_from_many_towns_languages_and_groups():
    people = students()
    assert len({student.home_language for student in people}) == 11
    assert {student.city for student in people} == {town for town, _, _ in TOWNS}
    assert {student.race for student in people} == {"african", "coloured", "indian", "white"}
    assert any(not student.full_name.isascii() for student in people)


def test_students_are_of_the_age_of_a_learnership():
    ages = {(date(2027, 1, 11) - student.birth_date).days // 365 for student in students()}
    assert min(ages) >= 18
    assert max(ages) <= 28


def test_the_part_of_a_student_that_an_enrollment_stores_uses_its_words():
    for student in students():
        stored = student.enrollment()
        assert stored["gender"] in dict(GENDERS)
        assert stored["race"] in dict(RACES)
        assert stored["disability"] in dict(DISABILITIES)
        assert "street_address" not in stored


def test_asking_again_gives_the_same_students():
    assert students(3, first=48) == students(51)[48:]
