"""The panels of a cohort's form; what froze with the opening is shown, with the reason, but not asked again."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, Panel

from wagtail_cohorts.admin.cohorts.forms import (
    AgreementForm,
    CohortForm,
    RequiredDocumentForm,
    SignatoryForm,
    is_frozen,
)
from wagtail_cohorts.admin.institution_panel import InstitutionPanel


class FrozenPanel(Panel):
    """Stands in the place of an inline panel once the cohort has left draft."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_cohorts/admin/cohorts/frozen_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["rows"] = list(getattr(self.instance, self.panel.relation_name).all())
            return context

    def __init__(self, relation_name: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.relation_name = relation_name

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "relation_name": self.relation_name}


class CohortInlinePanel(InlinePanel):
    """Rows with a form of our own; read-only once the cohort has left draft, unless it stays open."""

    def __init__(self, *args: Any, child_form: Any = None, stays_open: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.child_form, self.stays_open = child_form, stays_open

    def clone_kwargs(self) -> dict[str, Any]:
        return {**super().clone_kwargs(), "child_form": self.child_form, "stays_open": self.stays_open}

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = self.child_form
        return options

    def get_bound_panel(
        self,
        instance: Any = None,
        request: Any = None,
        form: Any = None,
        prefix: str = "panel",
    ) -> Any:
        if not self.stays_open and is_frozen(instance):
            frozen = FrozenPanel(heading=self.heading, relation_name=self.relation_name).bind_to_model(
                self.model
            )
            return frozen.get_bound_panel(instance=instance, request=request, form=form, prefix=prefix)
        return super().get_bound_panel(instance=instance, request=request, form=form, prefix=prefix)


def cohort_edit_handler() -> ObjectList:
    return ObjectList(
        [
            InstitutionPanel(),
            FieldPanel("name"),
            FieldRowPanel([FieldPanel("programme"), FieldPanel("sponsor")]),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("start_date"), FieldPanel("end_date")]),
                    FieldRowPanel([FieldPanel("deadline"), FieldPanel("sign_by")]),
                ],
                heading=_("Dates"),
                icon="date",
            ),
            CohortInlinePanel(
                "cohort_templates",
                panels=[FieldPanel("template")],
                child_form=AgreementForm,
                icon="doc-full",
                heading=_("Agreements"),
                label=_("Agreement"),
                help_text=_("What each student signs, the main agreement first."),
            ),
            CohortInlinePanel(
                "required_documents",
                panels=[FieldPanel("name"), FieldPanel("help"), FieldPanel("is_required")],
                child_form=RequiredDocumentForm,
                heading=_("Required documents"),
                label=_("Document"),
                icon="doc-empty",
                help_text=_("What each student sends. Without any, the programme's list is taken."),
            ),
            CohortInlinePanel(
                "parties",
                panels=[FieldPanel("role_key"), FieldPanel("contact")],
                child_form=SignatoryForm,
                stays_open=True,
                heading=_("Signatories"),
                label=_("Signatory"),
                icon="user",
                help_text=_("Who signs for the sponsor. They are invited when all students are ready."),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("expected_students"), FieldPanel("nqf_level")]),
                    FieldRowPanel([FieldPanel("seta"), FieldPanel("qualification")]),
                    FieldPanel("funding"),
                ],
                heading=_("More facts"),
                icon="list-ul",
            ),
        ],
        base_form_class=CohortForm,
    )
