"""A student under age, the guardian who is named, and how often that guardian was asked."""

from __future__ import annotations

from tests import factories as make
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.evidence.models import Event

MINOR = make.years_ago(16)
ADULT = make.years_ago(20)
NOMSA = {"name": "Nomsa Mokoena", "relation": "mother", "email": "nomsa@example.com"}


def again(student: Enrollment) -> Enrollment:
    """The student as the database has it now."""
    return Enrollment.objects.select_related("cohort__institution").get(pk=student.pk)


def staff(student: Enrollment) -> Actor:
    return make.actor_of(student.cohort.institution)


def asked(student: Enrollment) -> int:
    return Event.objects.filter(stream__key=student.stream_key, name="guardian.asked").count()
