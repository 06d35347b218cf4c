"""docs/reference/watching.md names every line, reason and field that the code writes, and the how-to's block works."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

from docs.generate import DOCS
from tests.watching.programs import run_python
from wagtail_cohorts.conf import settings
from wagtail_cohorts.probes import checks
from wagtail_cohorts.watching import refusals
from wagtail_cohorts.watching.events import TOLD

PACKAGE = DOCS.parent / "wagtail_cohorts"
REFERENCE = (DOCS / "reference" / "watching.md").read_text()
HOW_TO = (DOCS / "how-to" / "watching.md").read_text()
TELLS = {"tell", "tell_fault", "tell_when_committed"}


def calls() -> list[tuple[Path, ast.Call]]:
    """Every call that writes a line, outside of the module that defines how."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TELLS:
                found.append((path, node))
    return [(path, node) for path, node in found if path.name != "lines.py" or path.parent.name != "watching"]


def test_every_message_is_listed() -> None:
    said = [node.args[1] for _path, node in calls() if len(node.args) > 1]
    whole = {one.value for one in said if isinstance(one, ast.Constant)}
    assert {"access.refused", "health.failed", "delivery.done"} <= whole
    assert [one for one in whole if f"`{one}`" not in REFERENCE] == []
    parts = {one.values[0].value for one in said if isinstance(one, ast.JoinedStr)}
    assert {"mail.", "batch.", "batch.item_"} >= parts
    for outcome in (
        "item_prepared",
        "item_refused",
        "item_broke",
        "item_given_up",
        "done",
        "refused",
        "broke",
    ):
        assert f"`batch.{outcome}`" in REFERENCE, outcome


def test_every_reason_is_listed() -> None:
    reasons = [value for name, value in vars(refusals).items() if name.isupper()]
    reasons += [f"limit_{kind}" for kind in settings.RATE_LIMITS]
    assert len(reasons) > 9
    assert [one for one in reasons if f"`{one}`" not in REFERENCE] == []


def test_every_field_is_listed() -> None:
    fields = {keyword.arg for _path, node in calls() for keyword in node.keywords if keyword.arg}
    fields |= {*TOLD, "request_id", "task", "item", "kind", "actor_key", "error", "trace"} - {"level"}
    assert [one for one in fields - {"level"} if f"`{one}`" not in REFERENCE] == []


def test_every_part_of_health_is_listed(settings: Any) -> None:
    settings.WAGTAIL_COHORTS_USE_CELERY = True
    assert [one.name for one in checks.checks() if f"`{one.name}`" not in REFERENCE] == []


def test_nobody_writes_a_line_in_another_way() -> None:
    """``logger.info(...)`` could hold anything; ``exc_info`` would."""
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "watching":
            assert not re.search(r"\blogger\.(?!setLevel)\w+\(|exc_info=", path.read_text()), path


def test_the_block_of_the_how_to_is_a_logging_configuration() -> None:
    block = re.search(r"^    LOGGING = (\{.*?^    \})", HOW_TO, re.S | re.M)
    assert block
    program = f"""
import logging, logging.config
logging.config.dictConfig({ast.literal_eval(block[1])!r})
from wagtail_cohorts.watching.context import scope
with scope(task="t1"):
    logging.getLogger("wagtail_cohorts.any").info("some.thing", extra={{"cohort": "c1"}})
    logging.getLogger("any.other").info("GET /papers/o/{"aB3_" * 10}/")
"""
    first, second = map(json.loads, run_python(program).stderr.splitlines())
    assert (first["message"], first["cohort"], first["task"]) == ("some.thing", "c1", "t1")
    assert (second["message"], second["task"]) == ("GET /papers/o/***/", "t1")
