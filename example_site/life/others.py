"""More cohorts, so that the site shows every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from example_site.life import steps
from example_site.life.main_job import REASONS
from example_site.life.world import House, candidacy_template
from example_site.people import Student, identity_number, students
from wagtail_cohorts.cohorts.models import Cohort, CohortParty, CohortTemplate
from wagtail_cohorts.cohorts.operations import cancel_cohort, open_cohort
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import invite_student
from wagtail_cohorts.uploads.models import Upload, UploadState
from wagtail_cohorts.uploads.operations import approve_upload, reject_upload


def draft(house: House) -> Cohort:
    cohort = steps.new_cohort(house, "End User Computing 2027")
    for student in students(3, first=40):
        steps.enroll(cohort, student, house)
    return cohort


def institution_signing(house: House) -> Cohort:
    return open_cohort(steps.new_cohort(house, "Cloud Administration 2027", templates=2), actor=house.actor)


def _enrolling(
    house: House, name: str, people: list[Student], **more: object
) -> tuple[Cohort, list[Enrollment]]:
    cohort = steps.new_cohort(house, name, **more)  # type: ignore[arg-type]
    open_cohort(cohort, actor=house.actor)
    steps.sign_as_the_institution(cohort, house)
    enrollments = [steps.enroll(cohort, student, house) for student in people]
    for enrollment in enrollments:
        invite_student(enrollment, actor=house.actor)
    return cohort, list(Enrollment.objects.filter(cohort=cohort).select_related("cohort").order_by("pk"))


def enrolling(house: House) -> Cohort:
    """Students in every state: to verify, sent back, in progress, not started, verified and withdrawn."""
    people = students(14, first=10)
    cohort, enrollments = _enrolling(
        house, "Business Analysis 2027", people, contact=house.contacts[-1], templates=2
    )
    for enrollment, student in list(zip(enrollments, people, strict=True))[:8]:
        steps.do_everything(enrollment, student)
    for enrollment in enrollments[:3]:
        _approve(enrollment, house)
    sent_back = enrollments[3].uploads.current()[0]
    reject_upload(sent_back, reason=REASONS[0], actor=house.actor)
    steps.give_details(enrollments[8], people[8])
    steps.send_documents(enrollments[8], people[8], only=[0])
    steps.give_details(enrollments[9], people[9])
    withdraw(enrollments[13], reason="Found a job", actor=house.actor)
    return cohort


def ready_for_sponsor(house: House) -> Cohort:
    people = students(6, first=28)
    cohort, enrollments = _enrolling(house, "Network Support 2027", people, templates=2)
    for enrollment, student in zip(enrollments, people, strict=True):
        steps.do_everything(enrollment, student)
        _approve(enrollment, house)
    cohort.refresh_from_db()
    return cohort


def waiting_for_a_guardian(house: House) -> Cohort:
    """A form of printed cells for two employers: one candidate is under 18 and has sent, the other is of age."""
    cohort = steps.new_cohort(house, "Candidacy 2027", templates=0)
    cohort.required_documents.all().delete()
    cohort.parties.all().delete()
    CohortTemplate.objects.create(cohort=cohort, template=candidacy_template(house))
    for role, contact in zip(("lead", "host"), house.contacts, strict=False):
        CohortParty.objects.create(cohort=cohort, role_key=role, contact=contact)
    open_cohort(cohort, actor=house.actor)
    young = date(date.today().year - 16, 3, 4)
    people = students(2, first=36)
    people[1] = replace(people[1], birth_date=young, identity_number=identity_number(young, people[1].gender))
    for student in people:
        enrollment = invite_student(steps.enroll(cohort, student, house), actor=house.actor)
        steps.give_details(enrollment, student)
        steps.name_the_guardian(enrollment)
        steps.fill_in(enrollment, student)
        steps.sign_and_send(enrollment, student)
    return cohort


def cancelled(house: House) -> Cohort:
    cohort = steps.new_cohort(house, "Data Capturing 2026")
    return cancel_cohort(cohort, reason="The funding was withdrawn", actor=house.actor)


def _approve(enrollment: Enrollment, house: House) -> None:
    for upload in Upload.objects.filter(enrollment=enrollment, state=UploadState.PENDING):
        approve_upload(upload, actor=house.actor)
