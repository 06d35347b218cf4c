"""Reading lists of students as people have them: pasted lines, or a CSV file. Rows are plain dicts of texts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from wagtail_cohorts.enrollments.students import clean_text
from wagtail_cohorts.exceptions import BadInput

MAX_BYTES = 1_000_000
MAX_ROWS = 2_000
MAX_CELL = 1_000
PARTICLES = {"van", "von", "de", "der", "den", "du", "da", "dos", "la", "le", "ka", "ter"}
SYNONYMS = {
    "first_name": ("first name", "firstname", "first names", "given name", "forename", "student name", "voornaam",
                   "naam", "igama"),
    "last_name": ("last name", "lastname", "surname", "family name", "student surname", "van", "isibongo"),
    "full_name": ("name", "full name", "fullname", "student", "name and surname", "learner"),
    "email": ("email", "e mail", "mail", "email address", "e mail address", "student email", "epos", "e pos"),
    "phone": ("phone", "phone number", "cell", "cellphone", "cell number", "mobile", "telephone", "tel",
              "contact number"),
    "identity_number": ("identity number", "id", "id number", "id no", "identity no", "rsa id", "sa id"),
    "birth_date": ("birth date", "date of birth", "dob", "birthday", "birthdate"),
    "gender": ("gender", "sex", "student gender"),
    "race": ("race", "population group", "equity", "student race"),
    "city": ("city", "town", "town or city", "student city"),
    "disability": ("disability", "disabled", "disability status"),
}  # fmt: skip
_COLUMN_OF = {
    name: column for column, names in SYNONYMS.items() for name in (column.replace("_", " "), *names)
}


def parse_pasted(text: str) -> list[dict[str, Any]]:
    """One student a line: "First Last, address", split by tab, semicolon or comma, or "Name <address>".

    Raises BadInput for too much; a line that lacks something is kept, and the preview says what it lacks.
    """
    _check_size(len(text.encode("utf-8", "replace")))
    rows = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if clean_text(line):
            rows.append({"line": number, **_read_line(line)})
    return _counted(rows)


def _read_line(line: str) -> dict[str, str]:
    in_brackets = re.search(r"<([^<>]*@[^<>]*)>", line)
    if in_brackets:
        return {**split_name(line[: in_brackets.start()]), "email": clean_text(in_brackets[1])[:MAX_CELL]}
    separator = next((one for one in "\t;," if one in line), None)
    cells = [clean_text(cell) for cell in line.split(separator)] if separator else _split_at_address(line)
    return _sort_cells([cell for cell in cells if cell])


def _split_at_address(line: str) -> list[str]:
    words = clean_text(line).split()
    return [" ".join(word for word in words if "@" not in word), *(word for word in words if "@" in word)]


def _sort_cells(cells: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    names = []
    for cell in cells:
        digits = re.sub(r"[\s()+-]", "", cell)
        if "@" in cell and "email" not in found:
            found["email"] = cell[:MAX_CELL]
        elif digits.isdigit() and len(digits) == 13 and not cell.startswith("+"):
            found["identity_number"] = cell
        elif digits.isdigit():
            found["phone"] = cell[:MAX_CELL]
        else:
            names.append(cell)
    if len(names) > 1:
        return {"first_name": names[0][:MAX_CELL], "last_name": names[1][:MAX_CELL], **found}
    return {**split_name(names[0] if names else ""), **found}


def split_name(name: str) -> dict[str, str]:
    """First and last name of "Johannes van der Merwe" or "van der Merwe, Johannes"."""
    name = clean_text(name).strip(" \"'")[:MAX_CELL]
    if "," in name:
        last, _comma, first = name.partition(",")
        return {"first_name": first.strip(), "last_name": last.strip()}
    words = name.split()
    at = next(
        (place for place, word in enumerate(words) if place and word.casefold() in PARTICLES), len(words) - 1
    )
    return {"first_name": " ".join(words[: max(at, 1)]), "last_name": " ".join(words[max(at, 1) :])}


def parse_csv(data: bytes) -> list[dict[str, Any]]:
    """Rows of a CSV file with a header line; columns are found by name. Raises BadInput naming what is missing."""
    _check_size(len(data))
    text = _decode(data)
    lines = text.splitlines()
    if not any(line.strip() for line in lines):
        raise BadInput(_("This file is empty."), field="file")
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(lines)))
    except csv.Error:
        raise BadInput(_("This file cannot be read as CSV."), field="file") from None
    start = next(place for place, cells in enumerate(table) if any(cell.strip() for cell in cells))
    columns = _columns_of(table[start])
    rows = []
    for number, cells in enumerate(table[start + 1 :], start=start + 2):
        if any(cell.strip() for cell in cells):
            rows.append({"line": number, **_read_cells(columns, cells)})
    return _counted(rows)


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise BadInput(_("This list is larger than 1 MB. Split it."), field="file")


def _counted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not rows:
        raise BadInput(_("There are no students in this list."), field="file")
    if len(rows) > MAX_ROWS:
        raise BadInput(
            _("This list has %(found)d students; %(most)d at a time is the most.")
            % {"found": len(rows), "most": MAX_ROWS},
            field="file",
        )
    return rows


def _decode(data: bytes) -> str:
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise BadInput(_("This is an Excel file. Save it as CSV and send that."), field="file")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\0" in data or data.startswith(b"%PDF-"):
        raise BadInput(_("This is not a CSV file."), field="file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _delimiter_of(lines: Sequence[str]) -> str:
    header = next(line for line in lines if line.strip())

    def known(delimiter: str) -> tuple[int, int]:
        cells = header.split(delimiter)
        return sum(_column_of(cell) is not None for cell in cells), len(cells)

    return max(",;\t|", key=known)


def _column_of(title: str) -> str | None:
    plain = re.sub(r"[^a-z0-9]+", " ", title.casefold()).strip()
    return _COLUMN_OF.get(plain)


def _columns_of(header: Sequence[str]) -> list[str | None]:
    columns = [_column_of(title) for title in header]
    if "full_name" in columns and "last_name" in columns and "first_name" not in columns:
        columns[columns.index("full_name")] = "first_name"
    if "full_name" in columns and "first_name" not in columns:
        return columns
    for column, name in (("first_name", _("first name")), ("last_name", _("surname"))):
        if column not in columns:
            found = ", ".join(f"“{clean_text(title)[:40]}”" for title in header[:30] if title.strip())
            raise BadInput(
                _("The column “%(name)s” is missing. The file has these columns: %(found)s.")
                % {"name": name, "found": found},
                field="file", code="missing_column",
            )  # fmt: skip
    return columns


def _read_cells(columns: Sequence[str | None], cells: Sequence[str]) -> dict[str, str]:
    row: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column is not None and not row.get(column):
            row[column] = clean_text(cell)[:MAX_CELL]
    if "full_name" in row:
        row = {**split_name(row.pop("full_name")), **{name: text for name, text in row.items() if text}}
    return row
