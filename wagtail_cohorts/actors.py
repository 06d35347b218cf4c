"""Who does a thing: the value that every operation takes instead of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STAFF, STUDENT, GUARDIAN, SPONSOR, SYSTEM = "staff", "student", "guardian", "sponsor", "system"


@dataclass(frozen=True)
class Actor:
    """``key`` identifies without naming ("user:3", "enrollment:<uuid>"); name and address are personal."""

    kind: str
    key: str
    name: str = ""
    ip: str = ""
    user_agent: str = ""
    user: Any = None

    @property
    def details(self) -> dict[str, str]:
        found = {"actor_name": self.name, "ip": self.ip, "user_agent": self.user_agent[:300]}
        return {name: value for name, value in found.items() if value}


SYSTEM_ACTOR = Actor(kind=SYSTEM, key="system")


def staff_actor(user: Any, *, ip: str = "", user_agent: str = "") -> Actor:
    name = user.get_full_name() or user.get_username()
    return Actor(STAFF, f"user:{user.pk}", name=name, ip=ip, user_agent=user_agent, user=user)
