"""Who may do what: the role in the object's institution, and what the object's state allows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from wagtail.permission_policies import BasePermissionPolicy

from wagtail_cohorts.institutions.models import Membership

EDIT = {"view", "add", "change", "delete", "publish", "lock", "unlock"}
GRANTS: dict[str, set[str]] = {Membership.ADMINISTRATOR: EDIT, Membership.COORDINATOR: EDIT}
ADMINISTRATORS_ONLY: dict[str, set[str]] = {
    Membership.ADMINISTRATOR: {"view", "change"},
    Membership.COORDINATOR: {"view"},
}
STAFF_GRANTS: dict[str, set[str]] = {
    Membership.ADMINISTRATOR: {"view", "add", "change", "delete"},
    Membership.COORDINATOR: set(),
}
READ_ONLY: dict[str, set[str]] = {Membership.ADMINISTRATOR: {"view"}, Membership.COORDINATOR: {"view"}}


def roles_of(user: Any) -> dict[int, str]:
    """Institution's id to role; one query a user object."""
    if not hasattr(user, "_cohorts_roles"):
        rows = Membership.objects.filter(user_id=user.pk).values_list("institution_id", "role")
        user._cohorts_roles = dict(rows)
    return user._cohorts_roles


class RolePolicy(BasePermissionPolicy):
    """Never asks group permissions: ``has_perm`` is global and would leak across institutions."""

    def __init__(self, model: Any, grants: dict[str, set[str]] = GRANTS) -> None:
        super().__init__(model)
        self.grants = grants

    def user_has_permission(self, user: Any, action: str) -> bool:
        if not user.is_active:
            return False
        return user.is_superuser or any(action in self.grants[role] for role in roles_of(user).values())

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Any) -> bool:
        if not user.is_active or not self.state_allows(action, instance):
            return False
        return user.is_superuser or action in self.grants.get(self.role(user, instance), ())

    def role(self, user: Any, instance: Any) -> str:
        return roles_of(user).get(instance.institution_id, "")

    def state_allows(self, action: str, instance: Any) -> bool:
        """Asked before anything else: a state may forbid what no role may do, superusers included."""
        return True

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> Any:
        """Of those institutions only in which the user's role there allows it: an administrator of one may be a
        coordinator of another."""
        rows = self.model._default_manager.visible_to(user)
        if user.is_superuser or not user.is_active:
            return rows
        granted = [key for key, role in roles_of(user).items() if role in self._roles(actions)]
        return rows.filter(**{f"{self.model.institution_path}__in": granted})

    def users_with_any_permission(self, actions: Iterable[str]) -> Any:
        return self._users(cohorts_memberships__role__in=self._roles(actions))

    def users_with_any_permission_for_instance(self, actions: Iterable[str], instance: Any) -> Any:
        """Staff of the object's own institution, and superusers."""
        return self._users(
            cohorts_memberships__role__in=self._roles(actions),
            cohorts_memberships__institution_id=instance.institution_id,
        )

    def _roles(self, actions: Iterable[str]) -> list[str]:
        wanted = set(actions)
        return [role for role, granted in self.grants.items() if granted & wanted]

    def _users(self, **memberships: Any) -> Any:
        users = get_user_model()._default_manager.filter(is_active=True)
        return (users.filter(is_superuser=True) | users.filter(**memberships)).distinct()


class DraftOnlyDeletePolicy(RolePolicy):
    """Cohorts: deleted only as drafts."""

    def state_allows(self, action: str, instance: Any) -> bool:
        return action != "delete" or instance.state == "draft"
