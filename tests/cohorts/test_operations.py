from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests import factories as make
from wagtail_cohorts.agreements.operations import freeze
from wagtail_cohorts.cohorts.models import Cohort, CohortTemplate
from wagtail_cohorts.cohorts.operations import (
    cancel_cohort,
    change_cohort,
    invite_sponsors,
    note_sponsor_opened,
    open_cohort,
    opening_problems,
    step_back,
)
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exceptions import Incomplete, WrongState
from wagtail_cohorts.institutions.models import Institution

pytestmark = pytest.mark.django_db


def opened(**more: object) -> Cohort:
    cohort = make.cohort(make.institution(), **more)  # type: ignore[arg-type]
    return open_cohort(cohort, actor=make.actor_of(cohort.institution))


def test_opening_freezes_the_version_that_is_published_now() -> None:
    cohort = opened()
    row = cohort.cohort_templates.get()
    template = row.template
    template.fields = [*template.fields, make.field("extra", "student", "text", y=300_000)]
    template.save()
    newer = freeze(template, actor=make.actor_of(cohort.institution))
    row.refresh_from_db()
    assert newer.number == 2 and row.version.number == 1


def test_opening_makes_the_specimen_that_the_institution_signs() -> None:
    cohort = opened()
    assert cohort.state == "institution_signing"
    assert Agreement.objects.get(cohort=cohort).subject_key == Agreement.SPECIMEN


def test_students_added_as_a_draft_get_their_agreements_at_opening() -> None:
    cohort = make.cohort(make.institution())
    student = make.enrollment(cohort)
    assert student.agreements.count() == 0
    open_cohort(cohort, actor=make.actor_of(cohort.institution))
    assert student.agreements.count() == 1


def test_institution_signing_is_skipped_when_no_agreement_asks_for_it() -> None:
    institution = make.institution()
    fields = [row for row in make.small_fields() if row["role"] != "institution"]
    cohort = make.cohort(institution, versions=[make.published(institution, fields=fields)])
    assert open_cohort(cohort, actor=make.actor_of(institution)).state == "enrolling"


def test_a_cohort_without_agreements_says_what_is_missing() -> None:
    cohort = make.cohort(make.institution(), versions=[])
    with pytest.raises(Incomplete) as caught:
        open_cohort(cohort, actor=make.actor_of(cohort.institution))
    assert "Choose at least one agreement" in str(caught.value)
    assert Cohort.objects.get(pk=cohort.pk).state == "draft"


def test_an_unpublished_template_or_a_missing_signatory_keeps_it_closed() -> None:
    institution = make.institution()
    cohort = make.cohort(institution)
    cohort.parties.all().delete()
    CohortTemplate.objects.create(
        cohort=cohort, template=make.template(institution, title="Draft one"), position=1
    )
    problems = opening_problems(cohort)
    assert any("Draft one" in text for text in problems) and any("sponsor" in text for text in problems)


def test_a_deadline_in_the_past_keeps_it_closed() -> None:
    cohort = make.cohort(make.institution(), deadline=date.today() - timedelta(days=1))
    assert any("past" in text for text in opening_problems(cohort))


def test_opening_twice_is_refused() -> None:
    cohort = opened()
    with pytest.raises(WrongState):
        open_cohort(cohort, actor=make.actor_of(cohort.institution))


def test_cancelling_needs_a_reason_and_keeps_everything() -> None:
    cohort = make.ready(students=1)
    actor = make.actor_of(cohort.institution)
    with pytest.raises(Incomplete):
        cancel_cohort(cohort, reason=" ", actor=actor)
    cancel_cohort(cohort, reason="No funding", actor=actor)
    cohort.refresh_from_db()
    assert cohort.state == "cancelled" and cohort.enrollments.count() == 1


def test_a_step_back_to_draft_is_possible_until_something_is_signed() -> None:
    cohort = opened()
    actor = make.actor_of(cohort.institution)
    assert step_back(cohort, reason="Wrong template", actor=actor).state == "draft"
    assert cohort.cohort_templates.get().version is None
    open_cohort(cohort, actor=actor)
    make.sign_institution(cohort)
    cohort.refresh_from_db()
    with pytest.raises(WrongState):
        step_back(cohort, reason="Again", actor=actor)


def test_the_history_keeps_both_moves_of_a_step_back() -> None:
    cohort = make.sponsor_signed(students=1)
    step_back(cohort, reason="Look again", actor=make.actor_of(cohort.institution))
    names = list(
        Event.objects.filter(stream__key=cohort.stream_key).order_by("pk").values_list("name", flat=True)
    )
    assert names[-2:] == ["cohort.sponsor_signed", "cohort.stepped_back"]


def test_inviting_again_makes_no_second_invitation() -> None:
    cohort = make.ready(students=1)
    assert invite_sponsors(cohort, [make.contact_of(cohort)]) == []
    assert Event.objects.filter(name="sponsor.invited").count() == 1


def test_the_first_look_of_the_sponsor_starts_the_review_once() -> None:
    cohort = make.ready(students=1)
    contact = make.contact_of(cohort)
    for _ in range(2):
        note_sponsor_opened(cohort, contact, actor=make.sponsor_actor(contact))
    cohort.refresh_from_db()
    assert cohort.state == "sponsor_review" and cohort.sponsor_invitations.get().opened_at
    assert Event.objects.filter(name="sponsor.opened").count() == 1


def test_progress_is_counted_in_one_query_whatever_the_size(django_assert_num_queries: object) -> None:
    cohort = make.enrolling()
    make.verified(cohort)
    make.submitted(cohort)
    make.enrollment(cohort)
    with django_assert_num_queries(1):  # type: ignore[operator]
        row = Cohort.objects.with_progress().get(pk=cohort.pk)
    counts = (row.active, row.done, row.to_verify, row.sent_back, row.in_progress, row.not_started)
    assert counts == (3, 1, 1, 0, 0, 1)


def test_a_reopened_draft_keeps_no_agreement_of_a_template_that_was_taken_out() -> None:
    institution = make.institution()
    cohort = opened_in(institution)
    student = make.enrollment(cohort)
    actor = make.actor_of(institution)
    step_back(cohort, reason="Wrong template", actor=actor)
    cohort.cohort_templates.all().delete()
    other = make.published(institution)
    CohortTemplate.objects.create(cohort=cohort, template=other.template, position=0)
    open_cohort(cohort, actor=actor)
    assert {one.version for one in cohort.agreements.all()} == {other}
    assert student.agreements.get().version == other


def opened_in(institution: Institution) -> Cohort:
    return open_cohort(make.cohort(institution), actor=make.actor_of(institution))


def test_a_signatory_named_while_the_sponsor_signs_is_invited() -> None:
    cohort = make.ready(students=1)
    newcomer = make.sponsor(cohort.institution)
    cohort.parties.update(contact=newcomer)
    change_cohort(cohort, fields=["parties"], actor=make.actor_of(cohort.institution))
    assert set(cohort.sponsor_invitations.values_list("contact", flat=True)) >= {newcomer.pk}
    assert cohort.sponsor_invitations.count() == 2


def test_a_reopened_draft_has_its_agreements_in_their_new_order() -> None:
    institution = make.institution()
    versions = [make.published(institution), make.published(institution)]
    cohort = make.cohort(institution, versions=versions)
    student, actor = make.enrollment(cohort), make.actor_of(institution)
    open_cohort(cohort, actor=actor)
    step_back(cohort, reason="Wrong order", actor=actor)
    for place, version in enumerate(reversed(versions)):
        cohort.cohort_templates.filter(template=version.template).update(position=place)
    open_cohort(cohort, actor=actor)
    assert [one.version for one in student.agreements.order_by("position")] == versions[::-1]


def test_a_step_back_never_leads_to_a_sponsor_who_has_nothing_to_sign() -> None:
    institution = make.institution()
    fields = [row for row in make.small_fields() if row["role"] != "sponsor"]
    cohort = make.enrolling(institution, versions=[make.published(institution, fields=fields)])
    make.verified(cohort)
    cohort.refresh_from_db()
    assert cohort.state == "institution_review"
    assert step_back(cohort, reason="Look again", actor=make.actor_of(institution)).state == "enrolling"
