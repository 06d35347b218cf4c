"""Writing rows as Excel and as CSV: no cell is ever a formula, moments are local, memory stays flat."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from wagtail_cohorts import clock
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.exports.columns import FIELD_PREFIX, FIXED, Column

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
CHUNK = 500
LONGEST_CELL = 32_767
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(r"^\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def export_rows(enrollments: Any, columns: Sequence[Column] = FIXED) -> Iterator[list[Any]]:
    """One list of plain values a student; reads the queryset in chunks with a fixed number of queries each."""
    queryset = enrollments.select_related("cohort__programme", "cohort__sponsor", "cohort__institution")
    if any(column.key.startswith(FIELD_PREFIX) for column in columns):
        queryset = queryset.prefetch_related("agreements__version")
    for enrollment in queryset.iterator(chunk_size=CHUNK):
        yield [clean_value(column.read(enrollment)) for column in columns]


def clean_value(value: Any) -> Any:
    """A number, date, local moment without zone, or a text without control characters; never anything else."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    if isinstance(value, datetime):
        return clock.local(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, (int, float, date)):
        return value
    return _UNPRINTABLE.sub("", str(value))[:LONGEST_CELL]


def workbook_bytes(enrollments: Iterable[Enrollment], columns: Sequence[Column] = FIXED) -> bytes:
    """The students as an Excel file; the ten fixed columns unless others are named."""
    with tempfile.SpooledTemporaryFile(max_size=CHUNK * 1000) as handle:
        write_workbook(handle, enrollments, columns)
        handle.seek(0)
        return handle.read()


def write_workbook(
    target: IO[bytes], enrollments: Iterable[Enrollment], columns: Sequence[Column] = FIXED
) -> None:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_("Students")[:31])
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = max(14, min(40, len(str(column.label)) + 4))
    sheet.append([_cell(sheet, str(column.label), font=Font(bold=True)) for column in columns])
    for row in export_rows(enrollments, columns):
        sheet.append([_cell(sheet, value) for value in row])
    workbook.save(target)


def _cell(sheet: Any, value: Any, *, font: Font | None = None) -> WriteOnlyCell:
    """A text is forced to be one: openpyxl would take “=1+1” for a formula."""
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = bool(_FORMULA.match(value))
    elif isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if font is not None:
        cell.font = font
    return cell


def csv_bytes(enrollments: Iterable[Enrollment], columns: Sequence[Column] = FIXED) -> bytes:
    """The same as CSV, in UTF-8 with a mark by which Excel knows it."""
    buffer = io.BytesIO()
    write_csv(buffer, enrollments, columns)
    return buffer.getvalue()


def write_csv(
    target: IO[bytes], enrollments: Iterable[Enrollment], columns: Sequence[Column] = FIXED
) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([_csv_value(str(column.label)) for column in columns])
    for row in export_rows(enrollments, columns):
        writer.writerow([_csv_value(value) for value in row])
    text.flush()
    text.detach()


def _csv_value(value: Any) -> Any:
    """A text that a spreadsheet would run is shown with an apostrophe before it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value
