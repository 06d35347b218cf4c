"""Publish and Unpublish in the editor's menu: Wagtail's items ask model permissions, ours ask the policy."""

from __future__ import annotations

from typing import Any

from wagtail.snippets.action_menu import PublishMenuItem, UnpublishMenuItem

from wagtail_cohorts.compat import policy_for
from wagtail_cohorts.models import AgreementTemplate


class MayPublish:
    """Shown to whoever's role may publish this object, unless it is locked."""

    def is_shown(self, context: Any) -> bool:
        if context.get("locked_for_user"):
            return False
        user, instance = context["request"].user, context.get("instance")
        policy = policy_for(context["model"])
        if instance is None or instance.pk is None:
            return bool(policy.user_has_permission(user, "publish"))
        return bool(policy.user_has_permission_for_instance(user, "publish", instance))


class PolicyPublishItem(MayPublish, PublishMenuItem):
    pass


class PolicyUnpublishItem(MayPublish, UnpublishMenuItem):
    def is_shown(self, context: Any) -> bool:
        return context["view"] == "edit" and context["instance"].live and super().is_shown(context)


def publish_by_policy(items: list[Any], request: Any, context: Any) -> None:
    """For the hook ``construct_snippet_action_menu``."""
    if context["model"] is not AgreementTemplate:
        return
    items[:] = [item for item in items if not isinstance(item, (PublishMenuItem, UnpublishMenuItem))]
    ours = [PolicyUnpublishItem(order=20), PolicyPublishItem(order=30)]
    items += [item for item in ours if item.is_shown(context)]
    items.sort(key=lambda item: item.order)
