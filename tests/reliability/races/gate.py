"""The last student is accepted: the gate opens once, and one invitation goes out, ever."""

from __future__ import annotations

from tests.reliability.races import race
from tests.reliability.races.meeting import Table
from tests.reliability.races.people import People
from wagtail_cohorts.cohorts.models import Cohort, SponsorInvitation
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.sponsors.models import SponsorContact
from wagtail_cohorts.uploads.models import Upload


def upload_of(cohort: Cohort) -> Upload:
    return Upload.objects.get(enrollment__cohort=cohort)


def check_invited_once(cohort: Cohort) -> None:
    cohort.refresh_from_db()
    assert cohort.state == CohortState.READY_FOR_SPONSOR
    assert SponsorInvitation.objects.filter(cohort=cohort).count() == 1
    assert Event.objects.filter(stream__key=cohort.stream_key, name="sponsor.invited").count() == 1


@race("last two students", stage="both sent")
def the_last_two_students_bring_one_invitation(table: Table, people: People, cohort: Cohort) -> None:
    one, two = Upload.objects.filter(enrollment__cohort=cohort).order_by("pk")
    table.meet(people.staff("approve", uuid=one.uuid, seat=0), people.staff("approve", uuid=two.uuid, seat=1))
    check_invited_once(cohort)


@race("two cohorts/one contact", stage="sent", cohorts=2)
def two_cohorts_that_invite_one_person_make_one_link(
    table: Table, people: People, one: Cohort, two: Cohort
) -> None:
    known = people.world.contact
    contact = SponsorContact.objects.create(
        sponsor=known.sponsor, name="Thandi Zulu", email="thandi@example.com", position="Manager"
    )
    for cohort in (one, two):
        cohort.parties.update(contact=contact)
    table.meet(
        people.staff("approve", uuid=upload_of(one).uuid, seat=0),
        people.staff("approve", uuid=upload_of(two).uuid, seat=1),
    )
    assert PersonalLink.objects.filter(subject_key=f"contact:{contact.uuid}").count() == 1
    check_invited_once(one)
    check_invited_once(two)


@race("new student/gate", stage="sent")
def a_new_student_meets_the_gate(table: Table, people: People, cohort: Cohort) -> None:
    new = {"way": "one", "first_name": "Late", "last_name": "Comer", "email": "late@example.com"}
    table.meet(
        people.staff("approve", uuid=upload_of(cohort).uuid, seat=0),
        people.staff("add_students", new, pk=cohort.pk, seat=1),
    )
    cohort.refresh_from_db()
    assert cohort.enrollments.count() == 2
    assert cohort.state == CohortState.ENROLLING
