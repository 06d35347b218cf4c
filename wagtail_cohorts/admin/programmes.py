"""Programmes, and the documents that a new cohort of one asks its students for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from wagtail_cohorts.admin.institution_panel import InstitutionPanel
from wagtail_cohorts.admin.rows import RowColumn, RowsField, RowsWidget
from wagtail_cohorts.admin.scoping import ScopedViewSetMixin
from wagtail_cohorts.models import Programme
from wagtail_cohorts.texts import in_language

REQUIRED, OPTIONAL = "yes", "no"
COLUMNS = [
    RowColumn("name", _("Name"), max_length=120),
    RowColumn("help", _("Help for the student"), max_length=300, is_wide=True),
    RowColumn(
        "required", _("Must be sent"), choices=[(REQUIRED, _("Yes")), (OPTIONAL, _("No"))], default=REQUIRED
    ),
]


class ProgrammeForm(WagtailAdminModelForm):
    """Documents are written in the institution's language; other languages of a document stay as they are."""

    documents = RowsField(
        label=_("Required documents"),
        required=False,
        widget=RowsWidget(COLUMNS, row_name=_("document"), add_label=_("Add a document")),
        help_text=_(
            "What students of a new cohort send. A cohort can still change its own list while it is a draft."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self._language()
        self.initial["documents"] = [
            {
                "name": in_language(row.get("name"), language=language),
                "help": in_language(row.get("help"), language=language),
                "required": REQUIRED if row.get("is_required", True) else OPTIONAL,
            }
            for row in self.instance.required_documents
        ]

    def _language(self) -> str:
        return self.instance.institution.language if self.instance.institution_id else "en"

    def clean_documents(self) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = self.cleaned_data["documents"]
        if any(not row["name"] for row in rows):
            self.add_error("documents", _("Each document needs a name."))
        return rows

    def save(self, commit: bool = True) -> Any:
        language = self._language()
        before = {
            in_language(row.get("name"), language=language): row for row in self.instance.required_documents
        }
        self.instance.required_documents = [
            {
                "name": {**before.get(row["name"], {}).get("name", {}), language: row["name"]},
                "help": {**before.get(row["name"], {}).get("help", {}), language: row["help"]},
                "is_required": row["required"] != OPTIONAL,
            }
            for row in self.cleaned_data["documents"]
        ]
        return super().save(commit=commit)


class ProgrammeViewSet(ScopedViewSetMixin, SnippetViewSet):
    model = Programme
    icon = "list-ul"
    menu_order = 400
    search_backend_name = None  # a plain query can be sorted by every column
    search_fields = ("name",)
    list_display = [
        "name",
        Column("kind", label=_("Kind"), accessor="get_kind_display", sort_key="kind"),
        Column("qualification", label=_("Qualification")),
        Column("institution", label=_("Institution")),
    ]
    list_select_related = ["institution"]
    list_filter = ["kind", "institution"]
    list_per_page = 50
    ordering = ["name"]
    edit_handler = ObjectList(
        [
            InstitutionPanel(),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("name"), FieldPanel("kind")]),
                    FieldPanel("qualification"),
                    FieldRowPanel([FieldPanel("nqf_level"), FieldPanel("seta")]),
                ],
                heading=_("Programme"),
            ),
            FieldPanel("documents"),
        ],
        base_form_class=ProgrammeForm,
    )
