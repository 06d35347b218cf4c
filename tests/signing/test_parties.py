"""Two employers and a witness: each signs in its turn, is invited once when the turn comes, and sees what waits."""

from __future__ import annotations

import pytest

from tests import candidacy
from tests import factories as make
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.cohorts.models import Cohort, CohortParty
from wagtail_cohorts.cohorts.operations import open_cohort, opening_problems
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.portal.sponsor.queries import rows_of
from wagtail_cohorts.signing.acts import Signer
from wagtail_cohorts.signing.bulk import start_bulk_signing
from wagtail_cohorts.signing.signable import signable

pytestmark = pytest.mark.django_db
ROLES = [
    {"key": "student", "kind": "student", "name": "Student"},
    {"key": "lead", "kind": "sponsor", "name": "Lead employer"},
    {"key": "host", "kind": "sponsor", "name": "Host employer"},
    {"key": "witness", "kind": "witness", "name": "Witness"},
]


def fields(*roles: str) -> list[dict[str, object]]:
    return [
        make.field(f"{role}_signature", role, "signature", y=100_000 + 60_000 * place)
        for place, role in enumerate(("student", *roles))
    ]


def ready(*roles: str, students: int = 2, same: bool = False) -> Cohort:
    """All students are done; a contact for each role, or one for all."""
    of = make.institution()
    version = make.published(of, fields=fields(*roles), roles=ROLES)
    made = make.cohort(of, versions=[version], documents=0)
    made.parties.all().delete()
    one = make.sponsor(of)
    for role in roles:
        CohortParty.objects.create(cohort=made, role_key=role, contact=one if same else make.sponsor(of))
    open_cohort(made, actor=make.actor_of(of))
    waiting = [make.invited(made) for _ in range(students)]
    for student in waiting:
        make.sent(make.filled(student))
    made.refresh_from_db()
    return made


def invited(cohort: Cohort) -> list[str]:
    contacts = cohort.sponsor_invitations.order_by("pk").values_list("contact_id", flat=True)
    return [cohort.parties.get(contact=contact).role_key for contact in contacts]


def waiting_for(cohort: Cohort, role: str) -> int:
    return sum(len(row.to_sign) for row in rows_of(cohort, candidacy.party(cohort, role)))


def test_without_institution_fields_the_cohort_opens_for_students_at_once() -> None:
    of = make.institution()
    made = make.cohort(of, versions=[make.published(of, fields=fields("lead"), roles=ROLES)])
    made.parties.update(role_key="lead")
    assert open_cohort(made, actor=make.actor_of(of)).state == "enrolling"


def test_a_cohort_opens_only_with_somebody_named_for_each_role_that_acts_and_for_no_other() -> None:
    of = make.institution()
    made = make.cohort(of, versions=[make.published(of, fields=fields("lead", "host"), roles=ROLES)])
    made.parties.update(role_key="lead")
    assert opening_problems(made) == ["Nobody is named who signs as “host”."]
    CohortParty.objects.create(cohort=made, role_key="host", contact=make.sponsor(of))
    assert opening_problems(made) == []  # the witness has no field


def test_each_party_is_invited_once_when_its_turn_has_come() -> None:
    cohort = ready("lead", "host", "witness")
    assert cohort.state == "ready_for_sponsor" and invited(cohort) == ["lead"]
    candidacy.signs(cohort, "lead")
    assert invited(cohort) == ["lead", "host"]
    candidacy.signs(cohort, "host")
    assert invited(cohort) == ["lead", "host", "witness"]
    candidacy.signs(cohort, "witness")
    assert Event.objects.filter(stream__key=cohort.stream_key, name="sponsor.invited").count() == 3


def test_a_party_is_invited_when_nothing_that_is_ready_waits_for_somebody_before_it() -> None:
    cohort = ready("lead", "host", students=2)
    first, second = cohort.enrollments.order_by("pk")
    assert {one.pk for one in signable(cohort, candidacy.party(cohort, "lead"))} == {first.pk, second.pk}
    only(cohort, "lead", first)
    assert invited(cohort) == ["lead"]
    only(cohort, "lead", second)
    assert invited(cohort) == ["lead", "host"]


def only(cohort: Cohort, role: str, student: object) -> None:
    contact = candidacy.party(cohort, role)
    batch = start_bulk_signing(
        cohort, contact, enrollments=[str(student.uuid)],  # type: ignore[attr-defined]
        mark=make.mark(cohort.institution, owner=f"contact:{contact.uuid}"),
        signer=Signer(f"contact:{contact.uuid}", contact.name), day=make.DAY, actor=make.sponsor_actor(contact),
    )  # fmt: skip
    run_due_items(batch_id=batch.pk, limit=100)
    cohort.refresh_from_db()


def test_the_list_of_each_party_shows_only_what_waits_for_it() -> None:
    cohort = ready("lead", "host")
    assert (waiting_for(cohort, "lead"), waiting_for(cohort, "host")) == (2, 0)
    only(cohort, "lead", cohort.enrollments.first())
    assert (waiting_for(cohort, "lead"), waiting_for(cohort, "host")) == (1, 1)


def test_the_review_ends_when_every_party_has_signed() -> None:
    cohort = ready("lead", "host", "witness")
    for role in ("lead", "host"):
        candidacy.signs(cohort, role)
        assert cohort.state in ("ready_for_sponsor", "sponsor_review")
    candidacy.signs(cohort, "witness")
    assert cohort.state == "institution_review"


def test_one_contact_with_both_roles_signs_both_in_one_go_and_is_invited_once() -> None:
    cohort = ready("lead", "host", same=True)
    assert cohort.sponsor_invitations.count() == 1
    candidacy.signs(cohort, "lead")
    assert cohort.state == "institution_review" and cohort.sponsor_invitations.count() == 1
    acts = cohort.agreements.first().acts.order_by("pk").values_list("role_key", flat=True)  # type: ignore[union-attr]
    assert list(acts) == ["student", "lead", "host"]


def test_two_parties_who_wait_for_each_other_are_both_invited() -> None:
    of = make.institution()
    turned = [ROLES[0], ROLES[2], ROLES[1]]
    versions = [
        make.published(of, fields=fields("lead", "host"), roles=ROLES),
        make.published(of, fields=fields("host", "lead"), roles=turned),
    ]
    made = make.cohort(of, versions=versions, documents=0)
    made.parties.all().delete()
    for role in ("lead", "host"):
        CohortParty.objects.create(cohort=made, role_key=role, contact=make.sponsor(of))
    open_cohort(made, actor=make.actor_of(of))
    make.sent(make.filled(make.invited(made)))
    assert sorted(invited(made)) == ["host", "lead"]
