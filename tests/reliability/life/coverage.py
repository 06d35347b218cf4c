"""What the runs exercised, counted; merged over processes; and what is missing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.reliability.life.tables import refusals, transitions


@dataclass
class Coverage:
    runs: int = 0
    steps: int = 0
    calls: int = 0
    transitions: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    allowed: Counter[str] = field(default_factory=Counter)
    divergences: list[str] = field(default_factory=list)

    def add(self, other: dict[str, Any]) -> None:
        """What another process reported by ``as_data``."""
        for name in ("runs", "steps", "calls"):
            setattr(self, name, getattr(self, name) + other[name])
        for name in ("transitions", "refusals", "allowed"):
            getattr(self, name).update(other[name])
        self.divergences += other["divergences"]

    def as_data(self) -> dict[str, Any]:
        return {
            "runs": self.runs, "steps": self.steps, "calls": self.calls, "divergences": self.divergences,
            "transitions": dict(self.transitions), "refusals": dict(self.refusals), "allowed": dict(self.allowed),
        }  # fmt: skip

    def missing(self) -> list[str]:
        """Transitions and refusals of the tables that no run exercised."""
        return [
            *(f"transition {name}" for name in transitions() if not self.transitions[name]),
            *(f"refusal {name}" for name in refusals() if not self.refusals[name]),
        ]

    def report(self) -> dict[str, Any]:
        missing = self.missing()
        unseen = sum(name.startswith("transition ") for name in missing)
        return {
            "runs": self.runs, "steps": self.steps, "calls": self.calls,
            "transitions": {"covered": len(transitions()) - unseen, "of": len(transitions())},
            "refusals": {"covered": len(refusals()) - len(missing) + unseen, "of": len(refusals())},
            "missing": missing,
            "divergences": len(self.divergences),
            "first_divergences": self.divergences[:3],
            "transition_counts": dict(sorted(self.transitions.items())),
            "refusal_counts": dict(sorted(self.refusals.items())),
            "allowed_counts": dict(sorted(self.allowed.items())),
        }  # fmt: skip
