"""Documentation that cannot rot: what follows from the code does, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.generate import DOCS, PARTS, renewed
from wagtail_cohorts.conf import PREFIX, Settings

REPOSITORY = DOCS.parent
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(REPOSITORY.glob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_every_link_to_another_file_leads_to_one(page: Path) -> None:
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_generated_parts_are_those_of_the_code(page: Path) -> None:
    assert renewed(page.read_text()) == page.read_text(), "run: python -m docs.generate"


def test_every_generated_part_has_a_place() -> None:
    text = "".join(page.read_text() for page in PAGES)
    assert [name for name in PARTS if f"<!-- generated: {name} -->" not in text] == []


def test_every_setting_is_documented() -> None:
    text = (DOCS / "reference" / "settings.md").read_text()
    names = [name for name, member in vars(Settings).items() if isinstance(member, property)]
    assert names
    assert [name for name in names if f"`{PREFIX}{name}`" not in text] == []


def test_every_dependency_has_its_reason() -> None:
    project = (REPOSITORY / "pyproject.toml").read_text()
    block = re.search(r"\ndependencies = \[(.*?)\]", project, re.S)
    assert block
    names = re.findall(r'"([A-Za-z0-9-]+)', block[1])
    text = (DOCS / "explanation" / "dependencies.md").read_text().lower()
    assert [name for name in names if name.lower() not in text] == []


def test_every_command_is_documented() -> None:
    text = (DOCS / "reference" / "commands.md").read_text()
    commands = (REPOSITORY / "wagtail_cohorts" / "management" / "commands").glob("cohorts_*.py")
    assert [command.stem for command in commands if f"`{command.stem}" not in text] == []
