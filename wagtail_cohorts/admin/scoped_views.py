"""The mixins that stand in front of every view class of a scoped viewset."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import redirect
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.views.generic.chooser import CreateView as ChooserCreateView
from wagtail.models import ReferenceIndex, TaskState

from wagtail_cohorts.admin.feature import watch
from wagtail_cohorts.admin.limits import BAD_KEY, BoundPolicy, limit_choices
from wagtail_cohorts.admin.requests import check_request
from wagtail_cohorts.admin.unavailable import say_unavailable
from wagtail_cohorts.compat import policy_for, scoped_models
from wagtail_cohorts.exceptions import Unavailable
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.transactions import BUSY, is_conflict


class ScopedView:
    """One guard for all: the flag, the scope of the key in the URL, and the rows and choices shown."""

    viewset: Any = None
    model: Any
    request: HttpRequest
    scoped_object: Any = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Before any ``get_object()``: several of Wagtail's views load their object in their own setup."""
        watch(request)
        self.viewset.check_enabled(request)
        check_request(request)
        if "pk" in kwargs:
            found = self.scoped_object = self.viewset.get_visible_or_404(request, kwargs["pk"])
            watch(request, found)
            self.permission_policy = BoundPolicy(policy_for(self.model), found)
            if "task_state_id" in kwargs:
                self._check_task_state(found, kwargs["task_state_id"])
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Wagtail's views write in their own transactions: what the database gave up is told, to be sent again."""
        try:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except OperationalError as error:
            if request.method != "POST" or not is_conflict(error):
                raise
            messages.error(request, str(BUSY))
            return redirect(request.get_full_path())
        except Unavailable as error:
            return say_unavailable(error)

    def _check_task_state(self, found: Any, task_state_id: Any) -> None:
        # Wagtail loads the task state by id alone: beside the key of one's own object, any tenant's would do.
        states = getattr(found, "workflow_states", None)
        if (
            states is None
            or not TaskState.objects.filter(pk=task_state_id, workflow_state__in=states).exists()
        ):
            raise Http404

    def limit(self, rows: Any) -> Any:
        if isinstance(rows, QuerySet) and rows.model is self.model:
            return self.viewset.limit(rows, self.request.user)
        return rows

    def get_base_queryset(self) -> Any:
        """Listings, before search."""
        return self.limit(super().get_base_queryset())  # type: ignore[misc]

    def get_queryset(self) -> Any:
        """Reorder; listings are limited above. A key in a filter that no column can hold is 404, not a fault."""
        try:
            rows = super().get_queryset()  # type: ignore[misc]
        except OverflowError as error:
            raise Http404 from error
        return rows if hasattr(super(), "get_base_queryset") else self.limit(rows)

    def get_object_list(self) -> Any:
        """Chooser: choose and results."""
        return self.limit(super().get_object_list())  # type: ignore[misc]

    def get_objects(self, pks: Any) -> Any:
        """Chooser: several chosen at once."""
        try:
            return list(self.limit(super().get_objects(pks)))  # type: ignore[misc]
        except BAD_KEY as error:
            raise Http404 from error

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        return self.viewset.prepare_form(super().get_form(*args, **kwargs), self.request.user)  # type: ignore[misc]

    def get_creation_form(self) -> Any:
        """Chooser: create. Wagtail answers 500 to a POST when there is no creation form."""
        form = super().get_creation_form()  # type: ignore[misc]
        if form is not None:
            return self.viewset.prepare_form(form, self.request.user)
        if isinstance(self, ChooserCreateView):
            raise Http404
        return None

    def get_initial_form_instance(self) -> Any:
        instance = super().get_initial_form_instance() or self.model()  # type: ignore[misc]
        self.viewset.preset(instance, self.request.user)
        return instance

    @cached_property
    def filters(self) -> Any:
        filters = super().filters  # type: ignore[misc]
        if filters is not None:
            limit_choices(filters.form, self.request.user)
        return filters


class ScopedIndexView(ScopedView):
    """Row buttons ask about the row, not about the model. Whoever sees one institution needs no column for it."""

    @cached_property
    def columns(self) -> list[Any]:
        columns: list[Any] = super().columns  # type: ignore[misc]
        if any(column.name == "institution" for column in columns):
            if len(Institution.objects.visible_to(self.request.user)[:2]) < 2:
                return [column for column in columns if column.name != "institution"]
        return columns

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related(*self.viewset.list_select_related)

    def may(self, action: str, instance: Any) -> bool:
        return bool(
            policy_for(self.model).user_has_permission_for_instance(self.request.user, action, instance)
        )

    def get_edit_url(self, instance: Any) -> str | None:
        return super().get_edit_url(instance) if self.may("change", instance) else None  # type: ignore[misc]

    def get_delete_url(self, instance: Any) -> str | None:
        return super().get_delete_url(instance) if self.may("delete", instance) else None  # type: ignore[misc]


class ScopedUsageView(ScopedView):
    """An object's usage lists only what refers to it from the user's institutions."""

    object: Any

    def get_queryset(self) -> Any:
        references = ReferenceIndex.get_references_to(self.object)
        named: dict[int, set[str]] = {}
        for kind, key in references.order_by().values_list("base_content_type_id", "object_id"):
            named.setdefault(kind, set()).add(key)
        for model in scoped_models():
            if getattr(model, "wagtail_reference_index_ignore", False):
                continue
            content_type = ContentType.objects.get_for_model(model)
            hidden = self._hidden(model, named.get(content_type.pk, set()))
            if hidden:
                references = references.exclude(base_content_type=content_type, object_id__in=hidden)
        return references.group_by_source_object()

    def _hidden(self, model: Any, keys: set[str]) -> set[str]:
        """Compared here and not in the database: MariaDB does not compare a number made into text with a column."""
        if not keys:
            return keys
        visible = model._default_manager.visible_to(self.request.user).filter(pk__in=keys)
        return keys - {str(key) for key in visible.order_by().values_list("pk", flat=True)}
