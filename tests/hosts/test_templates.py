"""What can be seen in the templates themselves of a host that separates thousands."""

from __future__ import annotations

import re
from pathlib import Path

import wagtail_cohorts

TEMPLATES = Path(wagtail_cohorts.__file__).parent / "templates"
KEY = re.compile(r"\{\{\s*[\w.]*\b(?:pk|id|\w+_id)\s*\}\}")


def test_no_template_prints_a_key_as_a_number_for_people() -> None:
    """{{ row.pk }} is "12,345" there; {{ row.pk|unlocalize }} is not. Ids of widgets are words."""
    found = [
        f"{path.relative_to(TEMPLATES)}: {match}"
        for path in TEMPLATES.rglob("*.html")
        for match in KEY.findall(path.read_text())
    ]
    assert [one for one in found if not re.search(r"\b(q|attrs)\.id\b", one)] == []
