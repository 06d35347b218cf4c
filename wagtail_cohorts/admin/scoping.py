"""Tenancy for Wagtail's viewsets: every view is built in ``construct_view``, so every view is scoped there.

Write ``class X(ScopedViewSetMixin, SnippetViewSet)`` or ``ModelViewSet``; plain pages use ``ScopedPageMixin``.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from wagtail.admin.views import generic
from wagtail.snippets.views.chooser import SnippetChooserViewSet

from wagtail_cohorts.admin.feature import is_open_for, require_open, watch
from wagtail_cohorts.admin.limits import BAD_KEY, BoundPolicy, limit_choices, unquoted, visible_or_404
from wagtail_cohorts.admin.scoped_views import ScopedIndexView, ScopedUsageView, ScopedView
from wagtail_cohorts.admin.unavailable import say_unavailable
from wagtail_cohorts.compat import WAGTAIL_8, PolicyMixin, policy_for
from wagtail_cohorts.exceptions import Unavailable
from wagtail_cohorts.flags import FEATURE
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.watching.refusals import NOT_PERMITTED, tell_refusal

__all__ = [
    "BAD_KEY", "BoundPolicy", "ScopedIndexView", "ScopedPageMixin", "ScopedSnippetChooserViewSet",
    "ScopedUsageView", "ScopedView", "ScopedViewSet", "ScopedViewSetMixin", "limit_choices", "require_open",
    "visible_or_404",
]  # fmt: skip


class ScopedViewSet:
    """``visible_to`` decides, ``construct_view`` enforces. For any viewset that has a ``model``."""

    model: Any
    index_view: Any
    list_select_related: tuple[str, ...] | list[str] = ()
    """What the columns and the policy read, for example the way to the institution."""

    def limit(self, queryset: Any, user: Any) -> Any:
        return queryset.visible_to(user)

    def visible_to(self, user: Any) -> Any:
        return self.limit(self.model._default_manager.all(), user)

    def listed(self, request: HttpRequest) -> Any:
        """The rows of the listing whose filters and search the request's query string carries.

        A listing shows everything when a filter is invalid; an action on "all" must not: Http404.
        """
        view = self.index_view.view_class(**self.index_view.view_initkwargs)
        view.setup(request)
        if view.filters is not None and not view.filters.is_valid():
            raise Http404
        return view.get_queryset()

    def get_visible_or_404(self, request: HttpRequest, quoted_pk: Any) -> Any:
        """The object in the URL, in the user's scope and of an institution whose cohorts are open."""
        found = visible_or_404(self.visible_to(request.user), request.user, pk=unquoted(quoted_pk))
        require_open(request, subject=found)
        return found

    def check_enabled(self, request: HttpRequest) -> None:
        require_open(request)

    def prepare_form(self, form: Any, user: Any) -> Any:
        limit_choices(form, user)
        if "institution" in form.fields:
            self.settle_institution(form, user)
        return form

    def settle_institution(self, form: Any, user: Any) -> None:
        """A row never moves to another tenant; whoever works for one institution need not choose it."""
        mine = list(Institution.objects.visible_to(user)[:2])
        form.has_one_institution = len(mine) == 1
        if not form.instance.pk and form.has_one_institution:
            form.instance.institution = mine[0]
            form.initial["institution"] = mine[0].pk
        form.fields["institution"].disabled = bool(form.instance.pk) or form.has_one_institution

    def preset(self, instance: Any, user: Any) -> None:
        """A new row of someone with one institution belongs to it before any form is shown."""
        if hasattr(type(instance), "institution"):
            mine = list(Institution.objects.visible_to(user)[:2])
            if len(mine) == 1:
                instance.institution = mine[0]

    def construct_view(self, view_class: Any, **kwargs: Any) -> Any:
        mixin: type = ScopedView
        if issubclass(view_class, generic.IndexView):
            mixin = ScopedIndexView
        elif issubclass(view_class, generic.UsageView):
            mixin = ScopedUsageView
        attributes = {"viewset": self, "__module__": view_class.__module__}
        scoped = type(view_class.__name__, (mixin, view_class), attributes)
        return super().construct_view(scoped, **kwargs)  # type: ignore[misc]


class ScopedSnippetChooserViewSet(ScopedViewSet, SnippetChooserViewSet):
    """A chooser that offers, finds and accepts rows of the scope only."""

    if not WAGTAIL_8:

        @property
        def permission_policy(self) -> Any:
            return policy_for(self.model)


class ScopedViewSetMixin(PolicyMixin, ScopedViewSet):
    """For SnippetViewSet and ModelViewSet."""

    copy_view_enabled = False
    chooser_viewset_class = ScopedSnippetChooserViewSet
    menu_item_is_registered = (
        True  # else snippets of a mixed group appear, with global counts, under "Snippets"
    )

    @cached_property
    def menu_item_class(self) -> Any:
        base = super().menu_item_class  # type: ignore[misc]

        def is_shown(item: Any, request: HttpRequest) -> bool:
            return is_open_for(request) and bool(base.is_shown(item, request))

        return type(base.__name__, (base,), {"is_shown": is_shown})

    def get_permissions_to_register(self) -> Any:
        """None: rights come from memberships; has_perm() is global and would leak in Wagtail's reports."""
        return Permission.objects.none()


class ScopedPageMixin:
    """For admin pages of our own: the flag, the scope of ``uuid`` or ``pk`` in the URL, and the policy.

    Put it first. ``subject`` is the object; ``permission_required`` None asks only for the scope.
    """

    model: Any = None
    flag: str = FEATURE
    permission_required: str | None = "change"
    subject: Any = None
    request: HttpRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        watch(request)
        require_open(request)
        self.subject = self.find_subject(request, **kwargs)
        watch(request, self.subject)
        if self.subject is not None:
            require_open(request, self.flag, subject=self.subject)
        else:
            require_open(request, self.flag)

    def find_subject(self, request: HttpRequest, **kwargs: Any) -> Any:
        lookup = {name: kwargs[name] for name in ("uuid", "pk") if name in kwargs}
        if self.model is None or not lookup:
            return None
        return visible_or_404(self.subjects(), request.user, **lookup)

    def subjects(self) -> Any:
        return self.model._default_manager.all()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if self.permission_required and self.model is not None and not self.is_allowed(request.user):
            tell_refusal(NOT_PERMITTED, model=self.model._meta.model_name)
            raise PermissionDenied
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except Unavailable as error:
            return say_unavailable(error)

    def is_allowed(self, user: Any) -> bool:
        policy, action = policy_for(self.model), self.permission_required
        if self.subject is None:
            return bool(policy.user_has_permission(user, action))
        return bool(policy.user_has_permission_for_instance(user, action, self.subject))
