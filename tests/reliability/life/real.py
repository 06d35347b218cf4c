"""The same calls on the real thing: each method is one call of the product's own operation, with stale rows in hand,
as pages have them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tests.reliability.life.real_people import RealPeople
from tests.reliability.life.shapes import SHAPES
from tests.reliability.life.things import Key
from tests.reliability.life.world import DAY, INSTITUTION_SIGNER, answer_key, fields_of
from wagtail_cohorts.agreements.operations import freeze
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import (
    _claim_item,
    _do_item,
    cancel_batch,
    commit_due_batches,
    retry_batch,
)
from wagtail_cohorts.cohorts import operations as cohorts
from wagtail_cohorts.cohorts.models import Cohort, CohortParty, CohortTemplate
from wagtail_cohorts.completion.finalizing import start_finalizing
from wagtail_cohorts.enrollments.gate import go_on
from wagtail_cohorts.enrollments.models import Agreement
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.links.operations import make_link, rotate_link
from wagtail_cohorts.signing.answers import save_answers
from wagtail_cohorts.signing.asked import asked_fields
from wagtail_cohorts.signing.bulk import start_bulk_signing
from wagtail_cohorts.signing.institution import institution_roles, sign_as_institution, specimens_of
from wagtail_cohorts.signing.signable import signable


class Real(RealPeople):
    # The cohort

    def publish(self, template: int) -> None:
        row = self.world.templates[template]
        row.refresh_from_db()
        latest = row.latest_version()
        row.fields = fields_of(SHAPES[template], edition=(latest.number if latest else 0) + 1)
        row.save(update_fields=["fields"])
        freeze(row, actor=self.staff)

    def choose_agreements(self, chosen: tuple[int, ...]) -> None:
        cohort = Cohort.objects.get(pk=self.cohort.pk)
        cohort.cohort_templates.set(
            [
                CohortTemplate(template=self.world.templates[one], position=place)
                for place, one in enumerate(chosen)
            ]
        )
        cohorts.change_cohort(cohort, fields=["cohort_templates"], actor=self.staff)

    def name_parties(self, parties: dict[str, int]) -> None:
        cohort = Cohort.objects.get(pk=self.cohort.pk)
        rows = [CohortParty(role_key=role, contact=self.world.contacts[c]) for role, c in parties.items()]
        cohort.parties.set(rows)
        cohorts.change_cohort(cohort, fields=["parties"], actor=self.staff)

    def set_deadline(self, is_late: bool) -> None:
        cohort = Cohort.objects.get(pk=self.cohort.pk)
        cohort.deadline = date.today() + timedelta(days=-1 if is_late else 20)
        cohorts.change_cohort(cohort, fields=["deadline"], actor=self.staff)

    def open_cohort(self) -> None:
        cohorts.open_cohort(self.cohort, actor=self.staff)

    def answer_as_institution(self, key: Key) -> None:
        specimen = self.agreement(key, Agreement.SPECIMEN)
        save_answers(specimen, "institution", {answer_key("institution"): "Ward 4"}, actor=self.staff)

    def sign_as_institution(self, is_shown: bool) -> None:
        shown = {
            str(one.uuid): self._shown(one, institution_roles(one), INSTITUTION_SIGNER)
            for one in specimens_of(self.cohort)
            if is_shown
        }
        sign_as_institution(
            self.cohort, signer=INSTITUTION_SIGNER, mark=self.world.marks[-1], day=DAY, shown=shown, actor=self.staff
        )  # fmt: skip

    def cancel_cohort(self, reason: str) -> None:
        cohorts.cancel_cohort(self.cohort, reason=reason, actor=self.staff)

    def step_back(self, reason: str) -> None:
        cohorts.step_back(self.cohort, reason=reason, actor=self.staff)

    def go_on(self) -> None:
        go_on(self.cohort)

    # The sponsor's side

    def note_sponsor_opened(self, contact: int) -> None:
        who = self.world.contacts[contact]
        cohorts.note_sponsor_opened(self.cohort, who, actor=self.world.contact_actor(contact))

    def invite_sponsor_again(self, contact: int) -> None:
        invitation = self.cohort.sponsor_invitations.get(contact=self.world.contacts[contact])
        cohorts.invite_sponsor_again(invitation, actor=self.staff)

    def rotate_contact_link(self, contact: int) -> None:
        key, institution = self.world.contact_key(contact), self.world.institution
        rotate_link(make_link(kind="sponsor", subject_key=key, institution_id=institution.pk))

    def start_bulk_signing(
        self, contact: int, students: tuple[int, ...], is_on: bool, is_shown: bool, has_answers: bool
    ) -> None:
        who = self.world.contacts[contact]
        chosen = [str(self.students[number].uuid) for number in students]
        rows = signable(self.cohort, who) if has_answers else {}
        answers = {asked.name: "Cost centre 7" for asked in asked_fields(rows)}
        self._start(
            is_on,
            "cohorts_bulk_signing",
            lambda: start_bulk_signing(
                self.cohort, who, enrollments=chosen, mark=self.world.marks[contact],
                signer=self.world.signer(contact), day=DAY, actor=self.world.contact_actor(contact),
                expected="" if is_shown else "0" * 64, answers=answers,
            ),
        )  # fmt: skip

    def start_finalizing(self, is_on: bool) -> None:
        self._start(is_on, "cohorts", lambda: start_finalizing(self.cohort, actor=self.staff))

    def _start(self, is_on: bool, flag: str, start: Callable[[], Batch]) -> None:
        """With the institution's switch as it should be for this one call."""
        institution = self.cohort.institution
        institution.closed_flags = [] if is_on else [flag]
        try:
            batch = start()
        finally:
            institution.closed_flags = []
        if all(batch.pk != one.pk for one in self.batches):
            self.batches.append(batch)

    # Jobs

    def prepare(self, place: int) -> None:
        item = _claim_item(self.batches[place].pk)
        if item is not None:
            _do_item(item)

    def commit(self, place: int) -> None:
        commit_due_batches(batch_id=self.batches[place].pk)

    def retry_batch(self, place: int) -> None:
        retry_batch(self.batches[place], actor=self.staff)

    def cancel_batch(self, place: int) -> None:
        cancel_batch(self.batches[place], actor=self.staff)

    def deliver(self, limit: int) -> None:
        run_due_deliveries(limit=limit)
