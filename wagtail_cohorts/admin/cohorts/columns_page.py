"""An export with chosen columns, made in the background."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from wagtail_cohorts.admin.addresses import address
from wagtail_cohorts.admin.pages import ActsOnPost, CohortPage
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.exceptions import CohortsError
from wagtail_cohorts.exports.columns import EXTRA, FIXED, FIXED_KEYS, Column, field_columns
from wagtail_cohorts.exports.packing import CSV, XLSX, start_export
from wagtail_cohorts.flags import EXPORTS

FORMATS = [(XLSX, _("Excel")), (CSV, _("CSV"))]


class ColumnsForm(forms.Form):
    """The ten fixed columns are ticked at first; their order in the file is the order here."""

    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        initial=list(FIXED_KEYS),
        error_messages={"required": _("Choose at least one column.")},
    )
    format = forms.ChoiceField(label=_("Format"), choices=FORMATS, initial=XLSX)

    def __init__(self, cohort: Cohort, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: list[tuple[Any, list[Column]]] = [
            (_("The ten usual columns"), list(FIXED)),
            (_("More about the student"), list(EXTRA)),
            (_("From the agreements"), field_columns(cohort)),
        ]
        self.groups = [(name, columns) for name, columns in groups if columns]
        everything = [column for _name, columns in self.groups for column in columns]
        self.fields["columns"].choices = [(column.key, column.label) for column in everything]  # type: ignore[attr-defined]

    def chosen(self) -> list[str]:
        return [str(key) for key in self["columns"].value() or []]


class MoreColumnsPage(ActsOnPost, CohortPage):
    """Choose what is in the file; the progress page offers it when it is ready."""

    http_method_names = ["get", "head", "post", "options"]
    flag = EXPORTS
    permission_required = "view"
    template_name = "wagtail_cohorts/admin/cohorts/columns.html"
    page_title = _("Download with chosen columns")
    header_icon = "download"

    @property
    def form(self) -> ColumnsForm:
        if not hasattr(self, "_form"):
            sent = (self.request.POST,) if self.request.method == "POST" else ()
            self._form = ColumnsForm(self.cohort, *sent)
        return self._form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"form": self.form, "chosen": self.form.chosen(), **kwargs})

    def act(self) -> Any:
        if not self.form.is_valid():
            raise CohortsError(" ".join(str(one) for errors in self.form.errors.values() for one in errors))
        chosen = self.form.cleaned_data
        return start_export(self.cohort, columns=chosen["columns"], format=chosen["format"], actor=self.actor)

    def failed(self) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def after(self, result: Any) -> HttpResponse:
        return redirect(address("batch", uuid=result.uuid))
