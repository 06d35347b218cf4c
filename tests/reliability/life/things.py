"""The model's nouns: what is kept of a cohort's students, documents, agreements, links and jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.reliability.life.shapes import SHAPES

ACTIVE = ("waiting", "in_progress", "complete")
STANDING = ("pending", "approved")
CURRENT = ("pending", "approved", "rejected")
Key = tuple[int, int]
"""Template and number of its version."""
Fingerprint = tuple[object, ...]


@dataclass
class Agreement:
    """``acts`` is role to signer, in the order of signing; ``answers`` the roles whose required field is filled.
    Without a student it is the specimen that the institution signs."""

    key: Key
    student: Student | None = None
    for_minor: bool | None = None
    state: str = "open"
    revision: int = 1
    acts: dict[str, str] = field(default_factory=dict)
    answers: set[str] = field(default_factory=set)
    before: set[str] = field(default_factory=set)
    """Roles whose acts count no longer."""

    @property
    def signers(self) -> list[str]:
        shape = SHAPES[self.key[0]]
        if self.student is None:
            return shape.keys("institution")
        is_decided = self.for_minor is not None and self.acts
        return shape.signers(is_minor=bool(self.for_minor if is_decided else self.student.is_minor))

    @property
    def turn(self) -> str | None:
        return next(iter(self.left), None)

    @property
    def fingerprint(self) -> Fingerprint:
        """What the next signer would see: once a student has signed, only acts and a new revision change it."""
        return self.revision, *self.acts.items()

    def lacks_answer(self, role_key: str) -> bool:
        return SHAPES[self.key[0]].must_answer(role_key) and role_key not in self.answers

    def act(self, role_key: str, signer: str) -> None:
        if role_key == "student" and self.student is not None:
            self.for_minor = self.student.is_minor
        self.acts[role_key] = signer
        if self.turn is None:
            self.state = "signed"

    def decide_again(self) -> None:
        """The student's age was wrong; it counts while nobody signed after the student."""
        assert self.student is not None
        if list(self.acts) != ["student"] or self.for_minor == self.student.is_minor:
            return
        self.for_minor = self.student.is_minor
        if self.state in ("open", "signed"):
            self.state = "open" if self.turn else "signed"

    def reset(self) -> None:
        """The acts stay on record with the revision that they signed."""
        self.before |= self.acts.keys()
        self.revision += bool(self.acts)
        self.state, self.acts, self.answers, self.for_minor = "open", {}, set(), None

    @property
    def left(self) -> list[str]:
        return [key for key in self.signers if key not in self.acts]

    def consecutive(self, own: set[str]) -> list[str]:
        """The next roles in order that are this contact's."""
        found: list[str] = []
        for key in self.left:
            if key not in own:
                break
            found.append(key)
        return found


@dataclass
class Link:
    generation: int = 1
    is_revoked: bool = False

    def rotate(self) -> None:
        self.generation, self.is_revoked = self.generation + 1, False

    def revoke(self) -> None:
        self.generation, self.is_revoked = self.generation + 1, True


@dataclass
class Upload:
    document: int
    state: str = "pending"


@dataclass
class Guardian:
    """Another name is another person: ``person`` counts them. ``asked_for``: agreements and revisions."""

    name: str
    email: str
    person: int = 1
    was_asked: bool = False
    asked_for: set[tuple[Key, int]] = field(default_factory=set)
    link: Link | None = None


@dataclass(eq=False)
class Student:
    email: str
    is_minor: bool = False
    waits_for_guardian: bool = False
    guardian: Guardian | None = None
    state: str = "waiting"
    verification: str = "pending"
    is_invited: bool = False
    has_details: bool = False
    link: Link | None = None
    uploads: list[Upload] = field(default_factory=list)
    agreements: dict[Key, Agreement] = field(default_factory=dict)

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def is_ready(self) -> bool:
        return (self.state, self.verification) == ("complete", "verified") and not self.waits_for_guardian

    def guardian_turns(self) -> list[Agreement]:
        return [one for one in self.agreements.values() if one.turn == "guardian"]

    @property
    def asks_guardian(self) -> bool:
        return any("guardian" in one.signers for one in self.agreements.values())

    @property
    def has_signed(self) -> bool:
        return any(agreement.acts for agreement in self.agreements.values())

    def to_sign(self) -> list[Agreement]:
        """Agreements whose turn is the student's."""
        return [one for one in self.agreements.values() if one.state == "open" and one.turn == "student"]

    def missing(self, documents: list[bool]) -> list[int]:
        """Required documents without a file that stands."""
        had = {one.document for one in self.uploads if one.state in STANDING}
        return [place for place, is_required in enumerate(documents) if is_required and place not in had]


@dataclass
class Invitation:
    is_opened: bool = False
    resent: int = 0


@dataclass
class Item:
    """One student's place in a job. ``frozen``: agreement to roles and fingerprint; ``head``: events so far."""

    student: int
    frozen: Mapping[Key, tuple[list[str], Fingerprint]] = field(default_factory=dict)
    state: str = "pending"
    head: int = 0


@dataclass
class Batch:
    kind: str
    items: list[Item]
    contact: int = -1
    state: str = "pending"

    @property
    def is_open(self) -> bool:
        return self.state in ("pending", "running")

    def pending(self) -> list[Item]:
        return [item for item in self.items if item.state == "pending"]
