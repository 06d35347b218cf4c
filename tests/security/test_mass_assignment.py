"""Every form of every page, with every column of every table added: nothing is taken that the page did not ask for."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db.models import ForeignKey

from tests.reliability.hostile.bodies import column_names
from tests.reliability.hostile.pages import Form, path_of
from tests.reliability.hostile.site import Door, Site, undone

CHOICES = {
    "state": "completed", "verification": "verified", "role": "administrator", "method": "paper", "kind": "candidacy",
    "role_key": "sponsor", "is_active": "on", "is_superuser": "on", "is_required": "", "live": "on", "language": "af",
}  # fmt: skip
SHORT_LIVED = {"latest_revision", "live_revision", "locked_by", "owner", "user"}


def kept(site: Site) -> dict[tuple[str, Any], dict[str, Any]]:
    """Of every row what says whose it is, what it belongs to and how far it is."""
    found = {}
    for model in apps.get_app_config("wagtail_cohorts").get_models():
        columns = [
            field.attname
            for field in model._meta.fields
            if field.name not in SHORT_LIVED
            and (
                isinstance(field, ForeignKey) or field.choices or field.name in ("state", "uuid", "email_key")
            )
        ]
        for row in model._default_manager.values("pk", *columns):
            found[model.__name__, row["pk"]] = row
    return found


def after(site: Site, door: Door, pairs: list[tuple[str, str]]) -> dict[tuple[str, Any], dict[str, Any]]:
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    with undone():
        assert door.browser.post(door.url, data).status_code < 500, door.name
        return kept(site)


def added(site: Site, asked: set[str]) -> list[tuple[str, str]]:
    """Columns that the page does not ask for, with values that would matter."""
    theirs = site.world.theirs
    keys = {"institution": theirs.institution, "cohort": theirs.enrolling, "programme": theirs.programme, "sponsor":
            theirs.sponsor, "enrollment": theirs.student, "template": theirs.template}  # fmt: skip
    values = {**CHOICES, **{name: str(row.pk) for name, row in keys.items()}}
    values |= {f"{name}_id": value for name, value in values.items() if name in keys}
    return [(name, values.get(name, "1")) for name in column_names() if name not in asked]


def pages(site: Site) -> list[tuple[Door, list[Form]]]:
    """Of each route that takes forms one address with what it is sent."""
    site = site.one_a_route
    doors = {path_of(door.url): door for door in site.doors}
    found = {doors[path].name: (doors[path], forms) for path, forms in site.forms.items() if path in doors}
    return list(found.values())


def test_no_form_takes_a_column_that_it_does_not_ask_for(site: Site) -> None:
    taken = []
    tried = pages(site)
    assert len(tried) > 30
    for door, forms in tried:
        form = max(forms, key=lambda one: len(one.fields))
        asked = {name for one in forms for name, _value, _kind in one.fields}
        plain = after(site, door, form.pairs())
        more = after(site, door, [*form.pairs(), *added(site, asked)])
        for key in set(plain) & set(more):
            changed = {name for name in plain[key] if plain[key][name] != more[key][name] and name != "uuid"}
            if changed:
                taken.append((door.name, key[0], changed))
        owners = {
            row["institution_id"] for key, row in more.items() if "institution_id" in row and key not in plain
        }
        if owners - {site.world.ours.institution.pk}:
            taken.append((door.name, "a new row of another institution", owners))
    assert taken == []


@pytest.mark.parametrize("name", ["state", "institution", "cohort"])
def test_what_would_matter_is_among_the_columns(site: Site, name: str) -> None:
    """Keeps the test above honest."""
    assert name in column_names()
    rows = kept(site).values()
    assert any({name, f"{name}_id"} & set(row) for row in rows)
