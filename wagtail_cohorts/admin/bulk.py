"""Bulk actions that see only the user's institutions and honour the listing's filters and search."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_list_or_404
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction

from wagtail_cohorts.admin.feature import require_open
from wagtail_cohorts.admin.limits import BAD_KEY
from wagtail_cohorts.compat import policy_for
from wagtail_cohorts.flags import FEATURE
from wagtail_cohorts.models import AgreementTemplate, Programme, Sponsor


class ScopedBulkAction(BulkAction):
    """One model an action. ``viewset_of`` finds the scoped viewset whose listing is acted on."""

    permission_required = "change"
    flag = FEATURE

    @property
    def viewset(self) -> Any:
        from wagtail_cohorts.admin.menu import viewset_of

        return viewset_of(self.model)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        require_open(request, self.flag)
        if not policy_for(self.model).user_has_permission(request.user, self.permission_required):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def check_perm(self, obj: Any) -> bool:
        policy = policy_for(self.model)
        return bool(policy.user_has_permission_for_instance(self.request.user, self.permission_required, obj))

    def get_queryset(self, model: Any, object_ids: Any) -> Any:
        """Upstream a classmethod, but called on the instance. Rows out of scope do not exist."""
        try:
            return get_list_or_404(self.viewset.visible_to(self.request.user), pk__in=object_ids)
        except BAD_KEY as error:
            raise Http404 from error

    def get_all_objects_in_listing_query(self, parent_id: Any) -> list[Any]:
        return [row.pk for row in self.viewset.listed(self.request)]


class ScopedDelete(ScopedBulkAction, DeleteBulkAction):
    """Same ``action_type`` as Wagtail's own and a later hook order: it takes that one's place for these models."""

    models = [AgreementTemplate, Programme, Sponsor]
    permission_required = "delete"


def remove_stock_delete() -> None:
    """No deleting of many cohorts or institutions at once, neither by button nor by URL.

    Asking for a model's actions makes the registry collect them; what it collected is an undocumented dict.
    """
    for name in ("cohort", "institution"):
        bulk_action_registry.get_bulk_actions_for_model("wagtail_cohorts", name)
        bulk_action_registry.actions["wagtail_cohorts"].get(name, {}).pop("delete", None)
