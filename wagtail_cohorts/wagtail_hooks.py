"""Every point of contact with the Wagtail admin. Wiring only."""

from __future__ import annotations

from typing import Any

from wagtail_cohorts.admin.policies import register_policies

register_policies()  # above the imports of viewsets: Wagtail 8 refuses a policy after it has made a fallback

from django.urls import include, path  # noqa: E402
from wagtail import hooks  # noqa: E402
from wagtail.snippets.models import register_snippet  # noqa: E402

from wagtail_cohorts.admin import bulk, first_run, log_actions, menu, publishing  # noqa: E402
from wagtail_cohorts.admin.dashboard.panels import add_cohorts_panel  # noqa: E402
from wagtail_cohorts.admin.enrollments.bulk import InviteStudents, WithdrawStudents  # noqa: E402

register_snippet(menu.group)

hooks.register("construct_homepage_panels", add_cohorts_panel)
hooks.register("construct_homepage_panels", first_run.add_first_run_panel)
hooks.register("register_log_actions", log_actions.register_log_actions)
hooks.register("construct_snippet_action_menu", publishing.publish_by_policy)
for action in (bulk.ScopedDelete, InviteStudents, WithdrawStudents):
    hooks.register("register_bulk_action", action, order=1)


@hooks.register("register_admin_urls")
def pages_of_our_own() -> list[Any]:
    return [path("cohorts/", include("wagtail_cohorts.admin.urls"))]


# Last: the first question makes the registry collect all actions.
@hooks.register("register_admin_urls", order=1000)
def remove_stock_delete() -> list[Any]:
    bulk.remove_stock_delete()
    return []
