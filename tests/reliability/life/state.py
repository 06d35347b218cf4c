"""The model's state, and the gate: where a cohort stands follows from its students (DESIGN: state)."""

from __future__ import annotations

from collections import Counter

from tests.reliability.life.shapes import SHAPES, SPONSOR_SIDE
from tests.reliability.life.tables import move
from tests.reliability.life.things import Agreement, Batch, Invitation, Key, Link, Student

COHORT = "cohort"
REACTIONS = (
    "enrollment.added", "enrollment.submitted", "enrollment.sent_back", "enrollment.verified", "enrollment.unverified",
    "enrollment.withdrawn", "enrollment.declined", "enrollment.readmitted",
    "enrollment.reset", "guardian.signed", "guardian.decided",
)  # fmt: skip
"""After these the gate decides again."""


class Refused(Exception):
    def __init__(self, *conditions: str) -> None:
        super().__init__(*conditions)
        self.conditions = conditions


class State:
    """A draft, and what has happened to it since."""

    def __init__(self, *, chosen: tuple[int, ...], documents: list[bool], parties: dict[str, int]) -> None:
        self.state = "draft"
        self.chosen = chosen
        self.versions: list[Key] = []
        self.documents = documents
        self.parties = parties
        self.is_late = False
        self.latest = {place: 1 for place, shape in enumerate(SHAPES) if shape.is_published}
        self.students: list[Student] = []
        self.specimens: dict[Key, Agreement] = {}
        self.invitations: dict[int, Invitation] = {}
        self.contact_links: dict[int, Link] = {}
        self.batches: list[Batch] = []
        self.heads: Counter[str] = Counter()
        self.told: list[tuple[str, str]] = []
        self.moved: list[str] = []
        self.said_no: list[str] = []

    def tell(self, stream: str, name: str) -> None:
        self.told.append((stream, name))
        self.heads[stream] += 1
        if name in REACTIONS:
            self.reconsider()

    def refuse(self, *conditions: str | bool) -> None:
        """Raises Refused with the conditions that hold; ``holds and "its name"`` is false when it does not."""
        held = [one for one in conditions if one]
        if held:
            raise Refused(*map(str, held))

    def refuse_in(self, *states: str) -> None:
        if self.state in states:
            raise Refused(self.state)

    def refuse_but(self, *states: str) -> None:
        if self.state not in states:
            raise Refused(self.state)

    def go(self, name: str, target: str, event: str) -> None:
        self.moved.append(move(name, self.state, target))
        self.state = target
        self.tell(COHORT, event)

    @property
    def sponsor_roles(self) -> set[str]:
        return {key for template, _number in self.versions for key in SHAPES[template].keys(*SPONSOR_SIDE)}

    @property
    def active(self) -> list[Student]:
        return [student for student in self.students if student.is_active]

    def reconsider(self) -> None:
        """Before the first sponsor's act whoever is not ready takes the cohort back; after it the cohort stays."""
        active, sponsor = self.active, self.sponsor_roles
        own = [agreement for student in active for agreement in student.agreements.values()]
        all_ready = bool(active) and all(student.is_ready for student in active)
        all_signed = all(agreement.state in ("signed", "sealed") for agreement in own)
        has_acted = any(sponsor & (agreement.acts.keys() | agreement.before) for agreement in own)
        if self.state == "enrolling" and all_ready:
            self._open_gate(is_done=has_acted and all_signed)
        elif self.state in ("ready_for_sponsor", "sponsor_review"):
            if not all_ready and not has_acted:
                self.go("reopen", "enrolling", "cohort.reopened")
            elif all_ready and all_signed:
                self._leave_sponsor()
        elif self.state == "institution_review" and not (all_ready and all_signed):
            self._return()
        if self.state in ("ready_for_sponsor", "sponsor_review"):
            self.invite_whose_turn_it_is()

    def _open_gate(self, *, is_done: bool) -> None:
        if not self.sponsor_roles:
            self.go("all_ready", "institution_review", "cohort.ready_for_sponsor")
            return
        self.go("all_ready", "ready_for_sponsor", "cohort.ready_for_sponsor")
        if is_done:
            self._leave_sponsor()

    def _leave_sponsor(self) -> None:
        if self.state == "ready_for_sponsor":
            self.go("start_sponsor_review", "sponsor_review", "cohort.sponsor_review_started")
        self.go("sponsor_signed", "institution_review", "cohort.sponsor_signed")

    def _return(self) -> None:
        if self.sponsor_roles:
            self.go("return_to_sponsor", "sponsor_review", "cohort.returned_to_sponsor")
        else:
            self.go("reopen", "enrolling", "cohort.reopened")

    def invite_whose_turn_it_is(self) -> None:
        """One invitation a contact, ever: when something waits for it, and nothing of its own waits for another.
        If all wait for each other, everybody with something to sign."""
        orders = [
            one.left for student in self.students if student.is_ready for one in student.agreements.values()
            if one.state == "open"
        ]  # fmt: skip
        own = {contact: self.roles_of(contact) for contact in sorted(set(self.parties.values()))}
        busy = [contact for contact, roles in own.items() if any(order[0] in roles for order in orders)]
        free = [contact for contact in busy if not _waits(own[contact], orders)]
        if not free and not any(contact in self.invitations for contact in busy):
            free = busy
        for contact in free:
            if contact not in self.invitations:
                self.invitations[contact] = Invitation()
                self.contact_links.setdefault(contact, Link())
                self.tell(COHORT, "sponsor.invited")

    def roles_of(self, contact: int) -> set[str]:
        return {key for key, named in self.parties.items() if named == contact}


def _waits(own: set[str], orders: list[list[str]]) -> bool:
    return any(order[0] not in own and own & {*order} for order in orders)
