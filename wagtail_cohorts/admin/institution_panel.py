"""The institution of a row in its form: chosen once by those who have several, then only shown."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel


class InstitutionPanel(FieldPanel):
    """Whoever works for one institution is never asked; a saved row names its institution and keeps it."""

    def __init__(self, field_name: str = "institution", **kwargs: Any) -> None:
        super().__init__(field_name, **kwargs)

    class BoundPanel(FieldPanel.BoundPanel):
        @cached_property
        def is_settled(self) -> bool:
            return bool(self.bound_field is not None and self.bound_field.field.disabled)

        def is_shown(self) -> bool:
            hidden = self.is_settled and getattr(self.form, "has_one_institution", False)
            return not hidden and super().is_shown()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            if not self.is_settled:
                return super().get_context_data(parent_context)
            return {"self": self, "institution": self.instance.institution}

        def render_html(self, parent_context: Any = None) -> Any:
            if self.is_settled:
                self.template_name = "wagtail_cohorts/admin/institutions/settled.html"
            return super().render_html(parent_context)
