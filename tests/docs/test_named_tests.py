"""Pages that promise something name the test that proves it, as `tests/room/test_subject.py::test_name`."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from docs.generate import DOCS

REPOSITORY = DOCS.parent
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(REPOSITORY.glob("*.md"))]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROW = re.compile(r"^\| ([A-K]\d+) \| (.*?) \| (.*?) \| (.*?) \|$", re.M)
STATES = ("done", "partly", "not yet")
ROWS = {"A": 11, "B": 8, "C": 8, "D": 7, "E": 8, "F": 3, "G": 7, "H": 8, "I": 4, "J": 4, "K": 13}


@cache
def functions_of(path: Path) -> frozenset[str]:
    """The names of a module's test functions, read and not imported."""
    tree = ast.parse(path.read_text()) if path.is_file() else ast.Module([], [])
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def missing(text: str) -> list[str]:
    return [
        f"{path}::{name}" for path, name in NAMED.findall(text) if name not in functions_of(REPOSITORY / path)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    assert missing(page.read_text()) == []


def test_a_test_that_does_not_exist_is_found() -> None:
    there = "tests/docs/test_named_tests.py::test_a_test_that_does_not_exist_is_found"
    assert missing(f"`{there}` `tests/docs/test_named_tests.py::test_gone` `tests/none.py::test_gone`") == [
        "tests/docs/test_named_tests.py::test_gone",
        "tests/none.py::test_gone",
    ]


def test_every_row_is_there_with_its_words_and_its_state() -> None:
    rows = ROW.findall((DOCS / "reference" / "requirements.md").read_text())
    expected = [f"{letter}{number}" for letter, count in ROWS.items() for number in range(1, count + 1)]
    assert [row for row, _what, _state, _tests in rows] == expected
    assert [row for row, what, state, _tests in rows if not what or state not in STATES] == []


def test_what_is_done_names_a_test_and_what_is_partly_done_says_what_is_missing() -> None:
    rows = ROW.findall((DOCS / "reference" / "requirements.md").read_text())
    assert [row for row, _what, state, cell in rows if state != "not yet" and not NAMED.search(cell)] == []
    assert [row for row, _what, state, cell in rows if state == "partly" and cell.startswith("`")] == []
