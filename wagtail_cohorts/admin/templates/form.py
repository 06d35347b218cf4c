"""The form of an agreement template: takes a PDF, and checks fields and roles before Wagtail saves or publishes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.forms.models import WagtailAdminModelForm

from wagtail_cohorts import pdf
from wagtail_cohorts.admin.rows import RowColumn, RowsField, RowsWidget
from wagtail_cohorts.admin.templates.widgets import FieldFormWidget
from wagtail_cohorts.agreements.definitions import publish_problems
from wagtail_cohorts.agreements.models import ROLE_KINDS, AgreementTemplate
from wagtail_cohorts.agreements.operations import take_source
from wagtail_cohorts.exceptions import BadInput, Unavailable

MOST_FIELDS = 1000
ROLE_COLUMNS = [
    RowColumn("name", _("Name"), max_length=60),
    RowColumn(
        "kind", _("Who it is"), choices=[(key, capfirst(name)) for key, name in ROLE_KINDS], default="student"
    ),
    RowColumn("key", _("Short name in fields"), max_length=40),
]


class TemplateForm(WagtailAdminModelForm):
    """``removed`` says what was taken out of a new PDF; ``pdf`` is a file and no column."""

    pdf = forms.FileField(
        label=_("PDF"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf", "data-w-unsaved-ignore": ""}),
        help_text=_(
            "The agreement as it is printed. A new file takes the place of the old one; the fields stay."
        ),
    )
    roles = RowsField(
        label=_("Roles in signing order"),
        widget=RowsWidget(ROLE_COLUMNS, row_name=_("role"), add_label=_("Add a role")),
        help_text=_("Who fills in and signs, first to last. A role without fields is skipped."),
    )
    fields = forms.JSONField(label=_("Fields"), required=False, widget=FieldFormWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.removed: tuple[str, ...] = ()
        self.instance: AgreementTemplate
        if self.instance.source_id:
            self.fields["pdf"].help_text = self._current_file()  # type: ignore[index]
        if "fields" in self.fields:  # type: ignore[operator]
            self.fields["fields"].widget.template_object = self.instance  # type: ignore[index]

    def _current_file(self) -> str:
        count = len(self.instance.pages)
        sentence = ngettext(
            "Now: %(name)s, %(count)d page. A new file takes its place; the fields stay.",
            "Now: %(name)s, %(count)d pages. A new file takes its place; the fields stay.",
            count,
        )
        return sentence % {"name": self.instance.source_name or "PDF", "count": count}

    @property
    def is_publishing(self) -> bool:
        return "action-publish" in self.data

    def clean_roles(self) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = self.cleaned_data["roles"]
        for row in rows:
            row["key"] = row["key"] or row["kind"]
            row["name"] = row["name"] or row["key"].capitalize()
        return rows

    def clean_fields(self) -> list[dict[str, Any]]:
        rows = self.cleaned_data["fields"] or []
        if not isinstance(rows, list) or len(rows) > MOST_FIELDS:
            raise forms.ValidationError(_("The fields could not be read. Reload the page and try again."))
        return rows

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        upload = cleaned.get("pdf")
        institution = cleaned.get("institution") or (
            self.instance.institution_id and self.instance.institution
        )
        if upload and institution:
            self.instance.institution = institution
            try:
                self.removed = take_source(self.instance, upload.read(), name=upload.name)
            except (BadInput, Unavailable) as error:
                self.add_error("pdf", str(error))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.is_publishing and not self.errors:
            for problem in publish_problems(self.instance):
                self.add_error("pdf" if self.instance.source_id is None else "fields", problem)

    def removed_words(self) -> list[str]:
        """What the new PDF held that ours does not, in words."""
        return [str(pdf.ACTIVE_WORDS.get(slug, slug)) for slug in self.removed]
