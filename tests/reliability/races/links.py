"""A link is opened while staff send a new one; and two ask for the first one."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests.portal.journey import Visitor
from tests.reliability.races import race
from tests.reliability.races.meeting import Table
from tests.reliability.races.people import People, stranger
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.operations import link_of
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import token_of

DONE = 302


@race("rotate/open", stage="invited")
def opening_a_link_meets_a_new_one(table: Table, people: People, cohort: Cohort) -> None:
    visitor, late = Visitor(cohort.enrollments.get(), client=stranger()), stranger()
    opened, sent, read = table.meet(
        lambda: late.get(visitor.entry),
        people.staff("invite_student", pk=visitor.enrollment.pk),
        lambda: visitor.get("welcome"),
    )
    assert (opened in (303, 404), sent, read in (200, 303, 404)) == (True, DONE, True)
    for old in (visitor.client, late):
        assert old.get(visitor.url("welcome")).status_code == 404
    link = PersonalLink.objects.get(pk=visitor.link.pk)
    new = Client()
    new.get(reverse("wagtail_cohorts:open_link", kwargs={"token": token_of(link)}))
    assert new.get(visitor.url("welcome")).status_code == 200


@race("first link twice", stage="invited")
def asking_for_a_link_the_first_time_meets_itself(table: Table, people: People, cohort: Cohort) -> None:
    student = cohort.enrollments.get()
    one, two = table.meet(lambda: link_of(student), lambda: link_of(student))
    assert one == two
    assert PersonalLink.objects.filter(subject_key=student.stream_key).count() == 1
