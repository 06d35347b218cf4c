"""What is expected of the operations on the cohort, its agreements, its institution's signature and its sponsors."""

from __future__ import annotations

from tests.reliability.life.shapes import SHAPES
from tests.reliability.life.state import COHORT, State
from tests.reliability.life.things import Agreement, Key, Link, Student

STEP_BACK = {
    "institution_signing": "draft",
    "ready_for_sponsor": "enrolling",
    "sponsor_review": "enrolling",
    "institution_review": "sponsor_review",
}


class CohortSide(State):
    def publish(self, template: int) -> None:
        """The template's other text becomes its next version; one without a PDF is refused."""
        self.refuse(template not in self.latest and "no PDF")
        self.latest[template] += 1

    def choose_agreements(self, chosen: tuple[int, ...]) -> None:
        self.refuse_but("draft")
        self.chosen = chosen
        self.tell(COHORT, "cohort.changed")

    def name_parties(self, parties: dict[str, int]) -> None:
        self.parties = parties
        self.tell(COHORT, "cohort.changed")
        if self.state in ("ready_for_sponsor", "sponsor_review"):
            self.invite_whose_turn_it_is()

    def set_deadline(self, is_late: bool) -> None:
        self.is_late = is_late
        self.tell(COHORT, "cohort.changed")

    def open_cohort(self) -> None:
        self.refuse_but("draft")
        published = [template for template in self.chosen if template in self.latest]
        asked = {key for template in published for key in SHAPES[template].keys("sponsor", "witness")}
        self.refuse(
            not self.chosen and "no agreement",
            len(published) < len(self.chosen) and "unpublished",
            bool(asked - self.parties.keys()) and "nobody named",
            self.is_late and "deadline past",
        )
        self.versions = [(template, self.latest[template]) for template in self.chosen]
        signs = any(SHAPES[template].keys("institution") for template in self.chosen)
        self.go("open", "institution_signing" if signs else "enrolling", "cohort.opened")
        self._make_specimens()
        for student in self.students:
            student.agreements = {k: v for k, v in student.agreements.items() if k in self.versions}
            self.make_agreements(student)

    def _make_specimens(self) -> None:
        """Those of an opening that was stepped back stay, with what was filled in, if they are chosen again."""
        kept = {key: one for key, one in self.specimens.items() if key in self.versions}
        for key in self.versions:
            if SHAPES[key[0]].keys("institution"):
                kept.setdefault(key, Agreement(key))
        self.specimens = kept

    def make_agreements(self, student: Student) -> None:
        for key in self.versions:
            student.agreements.setdefault(key, Agreement(key, student))

    def answer_as_institution(self, key: Key) -> None:
        self.refuse_but("institution_signing")
        self.specimens[key].answers.add("institution")

    def sign_as_institution(self, is_shown: bool) -> None:
        specimens = list(self.specimens.values())
        self.refuse(any(one.lacks_answer("institution") for one in specimens) and "answer missing")
        self.refuse(bool(specimens) and not is_shown and "shown otherwise")
        self.refuse_but("institution_signing")
        for specimen in specimens:
            specimen.act("institution", "institution")
            self.tell(COHORT, "agreement.signed")
        self.go("institution_signed", "enrolling", "cohort.institution_signed")

    def cancel_cohort(self, reason: str) -> None:
        self.refuse_in("completed", "cancelled")
        self.refuse(not reason and "no reason")
        self.go("cancel", "cancelled", "cohort.cancelled")

    def step_back(self, reason: str) -> None:
        if self.state not in STEP_BACK:
            self.refuse(self.state)
        self.refuse(not reason and "no reason")
        target = STEP_BACK[self.state]
        if target == "sponsor_review" and not self.sponsor_roles:
            target = "enrolling"
        if target == "draft":
            self.versions = []
        self.go("step_back", target, "cohort.stepped_back")

    def go_on(self) -> None:
        before = self.state
        self.reconsider()
        self.refuse(self.state == before and before)

    def note_sponsor_opened(self, contact: int) -> None:
        """Only the pages of an invited contact call this."""
        invitation = self.invitations[contact]
        if not invitation.is_opened:
            invitation.is_opened = True
            self.tell(COHORT, "sponsor.opened")
        if self.state == "ready_for_sponsor":
            self.go("start_sponsor_review", "sponsor_review", "cohort.sponsor_review_started")

    def invite_sponsor_again(self, contact: int) -> None:
        self.refuse_in("cancelled")
        self.invitations[contact].resent += 1
        self.contact_links[contact].rotate()
        self.tell(COHORT, "sponsor.invited")

    def rotate_contact_link(self, contact: int) -> None:
        self.contact_links.setdefault(contact, Link()).rotate()
