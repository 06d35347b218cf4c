"""The agreements of the machine's world: which roles sign which, in order. Read by the model and by the world."""

from __future__ import annotations

from dataclasses import dataclass

SPONSOR_SIDE = ("sponsor", "witness")


@dataclass(frozen=True)
class Role:
    """``must_answer``: the role has a required field beside its signature."""

    key: str
    kind: str
    must_answer: bool = False


@dataclass(frozen=True)
class Shape:
    """One template; ``is_published`` false means that it has no version yet."""

    title: str
    roles: tuple[Role, ...]
    is_published: bool = True

    def keys(self, *kinds: str) -> list[str]:
        return [role.key for role in self.roles if role.kind in kinds]

    def signers(self, *, is_minor: bool) -> list[str]:
        """Who signs on a student's own copy, in order: the institution's act stands on the specimen, and a guardian
        signs only for a minor."""
        left_out = ("institution",) if is_minor else ("institution", "guardian")
        return [role.key for role in self.roles if role.kind not in left_out]

    def must_answer(self, role_key: str) -> bool:
        return any(role.must_answer for role in self.roles if role.key == role_key)


SHAPES = (
    Shape(
        "Learnership",
        (
            Role("institution", "institution", True),
            Role("student", "student", True),
            Role("sponsor", "sponsor", True),
        ),
    ),
    Shape(
        "Workplace",
        (
            Role("student", "student"),
            Role("guardian", "guardian"),
            Role("lead", "sponsor"),
            Role("host", "witness"),
        ),
    ),
    Shape("Conduct", (Role("student", "student", True), Role("guardian", "guardian"))),
    Shape("Draft", (Role("student", "student"),), is_published=False),
)
CHOICES = ((0,), (1,), (2,), (0, 2), (0, 1))
"""Which templates a cohort has: with and without an institution's or a sponsor's side, alone and together."""
