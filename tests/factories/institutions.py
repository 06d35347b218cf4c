"""Institutions, and the users who are their staff."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from tests.factories.numbers import NUMBERS
from wagtail_cohorts.actors import SYSTEM_ACTOR, Actor, staff_actor
from wagtail_cohorts.institutions.models import Institution, Membership
from wagtail_cohorts.institutions.operations import add_member, found_institution


def institution(name: str = "", **more: Any) -> Institution:
    made = Institution(name=name or f"Institute {next(NUMBERS)}", contact_email="office@example.com", **more)
    return found_institution(made, actor=SYSTEM_ACTOR)


def user(username: str = "", **more: Any) -> Any:
    return get_user_model().objects.create_user(**account(username or f"user{next(NUMBERS)}", **more))


def superuser() -> Any:
    return get_user_model().objects.create_superuser(**account("root"))


def account(word: str, *, first_name: str = "", last_name: str = "", **more: Any) -> dict[str, Any]:
    """A user's columns as the host's model has them: some sites know no user names, and one name only."""
    found = {"email": f"{word}@example.com", "password": "secret", **more}
    if get_user_model().USERNAME_FIELD == "email":
        return {**found, "name": f"{first_name} {last_name}".strip()}
    return {**found, "username": word, "first_name": first_name, "last_name": last_name}


def staff(of: Institution, *, role: str = Membership.COORDINATOR, **more: Any) -> Any:
    """A user with a role in the institution."""
    made = user(**more)
    add_member(of, made, role=role, actor=SYSTEM_ACTOR)
    return get_user_model().objects.get(pk=made.pk)


def actor_of(of: Institution) -> Actor:
    membership = of.memberships.first()
    return staff_actor(membership.user if membership else staff(of), ip="127.0.0.1")
