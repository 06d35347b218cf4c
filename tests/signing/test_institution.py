from __future__ import annotations

import pytest

from tests import factories as make
from wagtail_cohorts.cohorts.operations import cancel_cohort, open_cohort
from wagtail_cohorts.exceptions import Changed, Incomplete, WrongState
from wagtail_cohorts.signing.acts import Signer
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.institution import sign_as_institution, specimen_problems, specimens_of
from wagtail_cohorts.signing.models import Act

pytestmark = pytest.mark.django_db


def test_the_institution_signs_each_agreement_once() -> None:
    institution = make.institution()
    cohort = make.enrolling(institution, versions=[make.published(institution), make.published(institution)])
    assert cohort.state == "enrolling"
    assert Act.objects.filter(agreement__cohort=cohort, role_key="institution").count() == 2


def test_a_second_signing_is_refused() -> None:
    cohort = make.enrolling()
    with pytest.raises((WrongState, Changed)):
        make.sign_institution(cohort)
    assert Act.objects.count() == 1


def test_what_was_not_shown_is_not_signed() -> None:
    cohort = make.cohort(make.institution())
    open_cohort(cohort, actor=make.actor_of(cohort.institution))
    with pytest.raises(Changed):
        sign_as_institution(
            cohort, signer=Signer("user:1", "L"), mark=make.mark(cohort.institution), day=make.DAY, shown={},
            actor=make.actor_of(cohort.institution),
        )  # fmt: skip
    assert not Act.objects.exists()


def test_a_required_field_of_the_institution_is_asked_for() -> None:
    institution = make.institution()
    fields = [
        *make.small_fields(),
        make.field("accreditation", "institution", "text", y=300_000, required=True),
    ]
    cohort = make.cohort(institution, versions=[make.published(institution, fields=fields)])
    open_cohort(cohort, actor=make.actor_of(institution))
    cohort.refresh_from_db()
    assert "Accreditation" in specimen_problems(cohort)[0]
    with pytest.raises(Incomplete):
        make.sign_institution(cohort)
    assert specimens_of(cohort)[0].acts.count() == 0


def test_the_institution_fills_in_while_it_signs_and_not_after_a_cancellation() -> None:
    cohort = make.cohort(make.institution())
    actor = make.actor_of(cohort.institution)
    open_cohort(cohort, actor=actor)
    specimen = specimens_of(cohort)[0]
    save_answers(specimen, "institution", {"ward": "Ward 4"}, actor=actor)
    cancel_cohort(cohort, reason="No funding", actor=actor)
    with pytest.raises(WrongState):
        save_answers(specimen, "institution", {"ward": "Ward 5"}, actor=actor)
    specimen.refresh_from_db()
    assert specimen.values == {"institution": {"ward": "Ward 4"}}
