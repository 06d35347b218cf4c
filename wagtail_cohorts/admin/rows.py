"""A short list of rows in a form: plain inputs that work without script; a script adds, removes and moves rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.widgets import Media, Script
from django.utils.functional import cached_property

BLANK_ROWS_WITHOUT_SCRIPT = 2


@dataclass(frozen=True)
class RowColumn:
    """One input of a row. With ``choices`` it is a list; a row whose texts are all empty is left out."""

    key: str
    label: Any
    choices: Sequence[tuple[str, Any]] = ()
    max_length: int = 200
    default: str = ""
    is_wide: bool = False

    def widget(self) -> forms.Widget:
        if self.choices:
            return forms.Select(choices=self.choices)
        return forms.TextInput(attrs={"maxlength": self.max_length, "autocomplete": "off"})


class RowsWidget(forms.Widget):
    """Inputs named ``<field>-<column>``; their order on the page is the order of the rows."""

    template_name = "wagtail_cohorts/admin/rows/rows.html"

    def __init__(self, columns: Iterable[RowColumn], *, row_name: Any, add_label: Any) -> None:
        super().__init__()
        self.columns, self.row_name, self.add_label = tuple(columns), row_name, add_label

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        lists = {column.key: _listed(data, f"{name}-{column.key}") for column in self.columns}
        count = max((len(values) for values in lists.values()), default=0)
        rows = [
            {key: values[place].strip() if place < len(values) else "" for key, values in lists.items()}
            for place in range(count)
        ]
        return [row for row in rows if any(row[c.key] for c in self.columns if not c.choices)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-{self.columns[0].key}" not in data and f"{name}-shown" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        rows = [row for row in value or [] if isinstance(row, Mapping)]
        blank = {column.key: column.default for column in self.columns}
        context.update(
            columns=self.columns,
            row_name=self.row_name,
            add_label=self.add_label,
            rows=[self._row(name, row, place) for place, row in enumerate(rows, 1)],
            blank=self._row(name, blank, 0),
            more=[self._row(name, blank, len(rows) + n) for n in range(1, BLANK_ROWS_WITHOUT_SCRIPT + 1)],
        )
        return context

    def _row(self, name: str, row: Mapping[str, Any], place: int) -> list[tuple[RowColumn, str]]:
        return [(column, self._cell(name, column, row, place)) for column in self.columns]

    def _cell(self, name: str, column: RowColumn, row: Mapping[str, Any], place: int) -> str:
        label = f"{column.label} ({self.row_name} {place})" if place else f"{column.label}"
        attrs = {"aria-label": label, "data-column": column.key}
        return str(column.widget().render(f"{name}-{column.key}", str(row.get(column.key, "")), attrs))

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return ""  # a group of inputs, each with a name of its own

    @cached_property
    def media(self) -> Media:
        return forms.Media(
            css={"all": ["wagtail_cohorts/css/rows.css"]},
            js=[Script("wagtail_cohorts/js/rows.js", type="module")],  # type: ignore[list-item]
        )


def _listed(data: Any, name: str) -> list[str]:
    if hasattr(data, "getlist"):
        return [str(value) for value in data.getlist(name)]
    value = data.get(name, [])
    return [str(item) for item in value] if isinstance(value, (list, tuple)) else [str(value)]


class RowsField(forms.Field):
    """A list of rows, each a dictionary of texts."""

    widget: RowsWidget

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != (data or [])

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial if self.disabled else data
