"""A block with which a page of the site refers to a cohort, within what its editor may see."""

from __future__ import annotations

from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context
from wagtail.snippets.blocks import SnippetChooserBlock

from wagtail_cohorts.cohorts.models import Cohort


class CohortChooserBlock(SnippetChooserBlock):
    """Offers and takes only cohorts that whoever edits the page may see; Wagtail's own block takes any key.

    A cohort that somebody of another institution chose stays chosen while others edit the page: the form carries its
    key signed, and does not name it.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("wagtail_cohorts.Cohort", **kwargs)

    def get_form_state(self, value: Any) -> dict[str, Any] | None:
        state: dict[str, Any] | None = super().get_form_state(value)
        if state is None or _is_visible(state["id"]):
            return state
        unnamed = {self.widget.display_title_key: _("A cohort of another institution"), "edit_url": None}
        return {**state, **unnamed, "id": _signer().sign(state["id"])}

    def value_from_form(self, value: Any) -> Cohort | None:
        if value is None or isinstance(value, Cohort):
            return value
        try:
            return Cohort.objects.get(pk=_signer().unsign(str(value)))
        except BadSignature:
            return Cohort.objects.get(pk=value) if _is_visible(value) else None
        except Cohort.DoesNotExist:
            return None


def _signer() -> Signer:
    return Signer(salt="wagtail_cohorts.blocks")


def _is_visible(key: Any) -> bool:
    """For the user of this request to the admin, as Wagtail's log knows it; nobody else sees anything."""
    user = get_active_log_context().user
    if user is None or not str(key).isdecimal():
        return False
    return Cohort.objects.visible_to(user).filter(pk=key).exists()
