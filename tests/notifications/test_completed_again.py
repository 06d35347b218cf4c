from __future__ import annotations

import pytest
from django.core import mail

from tests import factories as make
from wagtail_cohorts.enrollments.operations import invite_student, link_of
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.links.operations import token_of

pytestmark = pytest.mark.django_db


def test_after_completion_a_new_link_comes_with_the_letter_about_copies() -> None:
    create_flags()
    cohort = make.completed(students=1)
    run_due_deliveries()
    mail.outbox.clear()
    student = invite_student(cohort.enrollments.get(), actor=make.actor_of(cohort.institution))
    run_due_deliveries()
    (letter,) = mail.outbox
    assert token_of(link_of(student)) in letter.body and "invites you" not in letter.body
