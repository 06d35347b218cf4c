"""Finds tokens, names, e-mail addresses and identity numbers in log files.

    python -m tests.reliability.scan FILE...

Prints one JSON object: how many lines, and what was found where. Exits 1 when something was found, or nothing was read.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from example_site.people import PEOPLE
from tests.names import EXAMPLE_SITE, FACTORIES, FIRST, LAST, NUMBERED
from wagtail_cohorts import pdf

# 43 letters of base64, with small ones, large ones and digits; or whatever stands where an address has its token.
TOKEN = re.compile(
    r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[A-Za-z0-9_-]{43}(?![\w-])|(?<=/o/)[\w%-]{8,}"
)
COOKIE = re.compile(r"\bwc_[0-9a-f]{32}\b")
EMAIL = re.compile(r"[\w.+-]+(?<!celery)@(?:[\w-]+\.)+[A-Za-z]{2,}")
THIRTEEN_DIGITS = re.compile(r"(?<!\d)\d{13}(?!\d)")
WITH_NUMBER = re.compile(rf"\b(?:{'|'.join(NUMBERED)})\d+\b")
WORD = re.compile(r"[^\W\d_][\w’-]{3,}")


def _words(names: str) -> set[str]:
    return set(WORD.findall(names))


NAMES = set[str]().union(
    *(_words(f"{person[0]} {person[1]}") for person in PEOPLE),
    *map(_words, [*FIRST, *LAST, *FACTORIES, *EXAMPLE_SITE]),
)


def found_in(text: str) -> list[str]:
    """What of a person or a link stands in a text, each with its kind."""
    return [
        *(f"token {one}" for one in TOKEN.findall(text)),
        *(f"cookie {one}" for one in COOKIE.findall(text)),
        *(f"e-mail {one}" for one in EMAIL.findall(text)),
        *(f"identity number {one}" for one in THIRTEEN_DIGITS.findall(text) if _is_identity(one)),
        *(f"name {one}" for one in WITH_NUMBER.findall(text)),
        *(f"name {one}" for one in WORD.findall(text) if one in NAMES),
    ]


def _is_identity(digits: str) -> bool:
    try:
        pdf.sa_identity(digits)
    except pdf.FieldError:
        return False
    return True


def _lines(files: list[Path]) -> Iterator[tuple[str, str]]:
    for file in files:
        with file.open(encoding="utf-8", errors="replace") as handle:
            for number, line in enumerate(handle, start=1):
                yield f"{file.name}:{number}", line


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    lines, found = 0, []
    for place, line in _lines(options.files):
        lines += 1
        found += [f"{place}: {one}" for one in found_in(line)]
    print(json.dumps({"files": len(options.files), "lines": lines, "found": len(found), "first": found[:20]}))
    return 1 if found or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
