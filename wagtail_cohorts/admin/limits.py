"""What no form, filter or key may reach past: choices limited to the scope, and policies bound to one object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404
from wagtail.snippets.widgets import AdminSnippetChooser

from wagtail_cohorts.watching.refusals import NOT_VISIBLE, tell_refusal

BAD_KEY = (ObjectDoesNotExist, ValueError, ValidationError, OverflowError)


class BoundPolicy:
    """Wagtail's views ask what the user may do with the model; this answers for the one object in the URL."""

    def __init__(self, policy: Any, instance: Any) -> None:
        self.policy, self.instance = policy, instance

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(self.policy.user_has_permission_for_instance(user, action, self.instance))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return bool(self.policy.user_has_any_permission_for_instance(user, actions, self.instance))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.policy, name)


def visible_or_404(queryset: Any, user: Any, **lookup: Any) -> Any:
    """The one row of the user's scope, with its institution; a row outside it does not exist. Raises Http404."""
    path = queryset.model.institution_path
    rows = queryset.visible_to(user)
    if path != "pk":
        rows = rows.select_related(path)
    try:
        return rows.get(**lookup)
    except BAD_KEY as error:
        tell_refusal(NOT_VISIBLE, model=queryset.model._meta.model_name, actor_key=f"user:{user.pk}")
        raise Http404 from error


def unquoted(key: Any) -> str:
    """The primary key that an admin URL carries."""
    return unquote(str(key))


def limit_choices(form: Any, user: Any) -> None:
    """No form offers, accepts or redraws a row outside the user's scope."""
    for field in form.fields.values():
        if hasattr(getattr(field, "queryset", None), "visible_to"):
            field.queryset = field.queryset.visible_to(user)
            if isinstance(field.widget, AdminSnippetChooser):
                field.widget.get_instance = scoped_get_instance(field)
    for formset in getattr(form, "formsets", {}).values():
        for child in formset.forms:
            limit_choices(child, user)
        limit_later_forms(formset, user)


def limit_later_forms(formset: Any, user: Any) -> None:
    """A formset makes its empty form anew at each question: limit each form as it is made."""
    add_fields = formset.add_fields

    def add_limited_fields(form: Any, index: Any) -> None:
        add_fields(form, index)
        limit_choices(form, user)

    formset.add_fields = add_limited_fields


def scoped_get_instance(field: Any) -> Callable[[Any], Any]:
    """Chooser widgets redraw the title of whatever key was posted; this one knows only rows in scope."""

    def get_instance(value: Any) -> Any:
        if value is None or isinstance(value, field.queryset.model):
            return value
        try:
            return field.queryset.get(pk=value)
        except BAD_KEY:
            return None

    return get_instance
