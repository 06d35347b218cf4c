from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.pdf.samples import field, field_dict
from wagtail_cohorts.pdf import (
    Field,
    FieldsError,
    Problem,
    input_fields,
    mark_fields,
    parse_fields,
    roles_with_fields,
    rules,
)
from wagtail_cohorts.pdf.fields import PATTERNS, TYPES

OPTIONS = [{"value": "a", "label": {"en": "A"}}, {"value": "b", "label": {"en": "B"}}]
CELL = {"page": 2, "x": 5, "y": 6, "w": 70, "h": 80}


def problems(*definitions: Any) -> set[tuple[int, str]]:
    with pytest.raises(FieldsError) as caught:
        parse_fields(definitions)
    assert all(
        isinstance(problem, Problem) and problem.message.endswith(".") for problem in caught.value.problems
    )
    return {(problem.index, problem.name) for problem in caught.value.problems}


def test_a_field_survives_the_way_to_json_and_back() -> None:
    item = field(
        type="radio", options=[OPTIONS[0] | CELL, OPTIONS[1]], help={"en": "h"}, default="b", source="x.y"
    )
    assert Field.from_dict(json.loads(json.dumps(item.to_dict()))) == item
    assert item.options[0].cell is not None and item.options[1].cell is None


def test_a_field_without_a_uuid_gets_the_same_one_each_time() -> None:
    assert field().uuid == field().uuid != field(key="other").uuid


def test_every_type_can_be_defined() -> None:
    extra = {"comb": {"cells": 9}, "radio": {"options": OPTIONS}, "select": {"options": OPTIONS}}
    for kind in TYPES:
        assert field(type=kind, **extra.get(kind, {})).type == kind


def test_all_problems_of_all_fields_come_at_once() -> None:
    assert problems(
        field_dict(),
        field_dict(x=900_000),
        field_dict(key="two", type="telepathy", page=0),
        {"key": 5},
        "nothing",
    ) >= {(1, "key"), (1, "uuid"), (1, "x"), (2, "type"), (2, "page"), (3, "key"), (3, "x"), (4, "field")}


@pytest.mark.parametrize(
    ("extra", "name"),
    [
        ({"key": "Ä"}, "key"),
        ({"key": "a" * 101}, "key"),
        ({"key": "9x"}, "key"),
        ({"role": "The boss"}, "role"),
        ({"uuid": "1"}, "uuid"),
        ({"w": 0}, "w"),
        ({"h": -5}, "h"),
        ({"x": -1}, "x"),
        ({"y": 990_000}, "y"),
        ({"x": True}, "x"),
        ({"x": 1.5}, "x"),
        ({"align": "justify"}, "align"),
        ({"date_order": "month_first"}, "date_order"),
        ({"pattern": ".*"}, "pattern"),
        ({"font_size": 200}, "font_size"),
        ({"cells": 0}, "cells"),
        ({"max_length": 0}, "max_length"),
        ({"type": "comb"}, "cells"),
        ({"type": "radio"}, "options"),
        ({"options": OPTIONS}, "options"),
        ({"type": "select", "options": [OPTIONS[0], OPTIONS[0]]}, "options"),
        ({"type": "select", "options": [{"value": ""}]}, "options"),
        ({"type": "select", "options": ["a"]}, "options"),
        ({"type": "select", "options": [{"value": "a", "label": "A"}]}, "options"),
        ({"type": "select", "options": [{"value": "a", "page": 1}]}, "options"),
        ({"type": "select", "options": [OPTIONS[0] | CELL | {"w": 0}]}, "options"),
        ({"type": "select", "options": [OPTIONS[0] | CELL | {"w": "0"}]}, "options"),
        ({"type": "select", "options": OPTIONS, "default": "c"}, "default"),
        ({"min": "3"}, "min"),
        ({"type": "number", "min": "many"}, "min"),
        ({"type": "number", "min": "5", "max": "4"}, "max"),
        ({"type": "number", "max": "NaN"}, "max"),
        ({"type": "date", "max": "tomorrow"}, "max"),
        ({"label": "Name"}, "label"),
        ({"required": "yes"}, "required"),
        ({"default": 5}, "default"),
        ({"font": "Comic"}, "font"),
        ({"options": {}}, "options"),
    ],
)
def test_a_fault_in_a_definition_is_named(extra: dict[str, Any], name: str) -> None:
    assert (0, name) in problems(field_dict(**extra))


def test_fields_are_found_by_what_a_role_does_with_them() -> None:
    fields = parse_fields([
        field_dict(key="note", type="static", role="nobody"),
        field_dict(key="name", role="sponsor"),
        field_dict(key="shown", read_only=True),
        field_dict(key="sign", type="signature"),
        field_dict(key="on", type="date_signed"),
        field_dict(key="mail", type="email"),
    ])  # fmt: skip
    assert [item.key for item in mark_fields(fields, "student")] == ["sign"]
    assert [item.key for item in input_fields(fields, "student")] == ["mail"]
    assert roles_with_fields(fields) == ("sponsor", "student")


def test_rules_are_ready_for_the_browser() -> None:
    found = rules(field(type="select", options=OPTIONS, required=True))
    assert json.loads(json.dumps(found))["options"] == OPTIONS and found["required"] is True
    assert rules(field(max_length=7, pattern="digits")) == {
        "type": "text", "required": False, "read_only": False, "maxlength": 7,
        "pattern": "[0-9]+", "pattern_message": "Use digits only.",
    }  # fmt: skip
    assert rules(field(type="number", min="1", max="5"))["max"] == "5"


def test_patterns_say_their_rule_in_a_sentence() -> None:
    assert all(pattern.sentence.endswith(".") for pattern in PATTERNS.values())


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_patterns_are_valid_in_a_browser_too() -> None:
    expressions = json.dumps([pattern.expression for pattern in PATTERNS.values()])
    script = f"for (const text of {expressions}) new RegExp(`^(?:${{text}})$`, 'v')"
    subprocess.run(["node", "-e", script], check=True, capture_output=True)


def test_letters_are_those_of_any_language() -> None:
    assert all(
        PATTERNS["letters"].matches(name) for name in ("Ṱhivhi", "D'Arc", "Nkosi-Dlamini", "de la Rey")
    )
    assert not any(PATTERNS["letters"].matches(name) for name in ("a1", "a@b", "{x}", "a_b", "~"))


def test_a_field_is_called_by_its_label_or_its_key() -> None:
    item = field(label={"en": "Name", "af": "Naam"})
    assert (item.name(), item.name("af"), item.name("zu"), field().name()) == ("Name", "Naam", "Name", "name")
