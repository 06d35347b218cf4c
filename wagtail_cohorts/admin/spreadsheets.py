"""Listings as spreadsheets: nothing in a cell can become a formula."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

from django.http import Http404
from django.utils.encoding import force_str

from wagtail_cohorts import clock
from wagtail_cohorts.admin.feature import require_open
from wagtail_cohorts.flags import EXPORTS

RISKY = ("=", "+", "-", "@", "\t", "\r")


def plain(value: Any) -> Any:
    """Numbers and days as they are; times in local time; texts without control characters."""
    if value is None or isinstance(value, (bool, int, float)):
        return "" if value is None else value
    if isinstance(value, datetime):
        return clock.local(value).replace(tzinfo=None)
    if hasattr(value, "isoformat"):
        return value
    return "".join(c for c in force_str(value) if unicodedata.category(c)[0] != "C" or c in "\n\t")


def harmless(value: Any) -> Any:
    """For CSV: a text that a spreadsheet would calculate gets an apostrophe in front."""
    value = plain(value)
    return f"'{value}" if isinstance(value, str) and value.lstrip().startswith(RISKY) else value


class SafeExportMixin:
    """In front of a listing that can be exported; the flag decides whether it can."""

    request: Any
    is_export: bool

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        if self.is_export:
            require_open(request, EXPORTS)
            filters = getattr(self, "filters", None)
            if filters is not None and not filters.is_valid():
                raise Http404

    def get_preprocess_function(self, field: str, value: Any, export_format: str) -> Any:
        return harmless if export_format == "csv" else plain

    def generate_xlsx_row(
        self, worksheet: Any, row_dict: dict[str, Any], date_format: str | None = None
    ) -> Any:
        for cell in super().generate_xlsx_row(worksheet, row_dict, date_format):  # type: ignore[misc]
            if isinstance(cell.value, str):
                cell.data_type = "s"
            yield cell
