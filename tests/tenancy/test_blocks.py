"""A page of the host's that refers to a cohort: its editor can choose, and learn of, cohorts of their own only."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.log_actions import LogContext

from tests.tenancy.world import World
from wagtail_cohorts.blocks import CohortChooserBlock

pytestmark = pytest.mark.django_db
block = CohortChooserBlock()


def sent(key: Any) -> Any:
    """What the block makes of a form that carries this key."""
    return block.clean(block.value_from_datadict({"cohort": str(key)}, {}, "cohort"))


def test_an_editor_chooses_a_cohort_of_their_own(world: World) -> None:
    with LogContext(user=world.ours.coordinator):
        assert sent(world.ours.enrolling.pk) == world.ours.enrolling
        assert block.get_form_state(world.ours.enrolling)["id"] == world.ours.enrolling.pk


@pytest.mark.parametrize("who", ["theirs", "nobody", "no request"])
def test_a_crafted_key_chooses_nothing_of_another_institution(world: World, who: str) -> None:
    user = {"theirs": world.theirs.administrator, "nobody": world.nobody, "no request": None}[who]
    with LogContext(user=user), pytest.raises(ValidationError):
        sent(world.ours.enrolling.pk)


def test_what_another_institution_chose_stays_and_is_not_named(world: World) -> None:
    with LogContext(user=world.theirs.administrator):
        state = block.get_form_state(world.ours.enrolling)
        assert world.ours.enrolling.name not in str(state)
        assert sent(state["id"]) == world.ours.enrolling
        with pytest.raises(ValidationError):
            sent(str(state["id"])[:-1])


@pytest.mark.parametrize("key", ["", "x", "-1", "1.5", "99999999999999999999999", "1:x"])
def test_a_malformed_key_chooses_nothing(world: World, key: str) -> None:
    with LogContext(user=world.superuser), pytest.raises(ValidationError):
        sent(key)


def test_a_migration_knows_the_block_by_its_name() -> None:
    path, args, _kwargs = CohortChooserBlock(required=False).deconstruct()
    assert path == "wagtail_cohorts.blocks.CohortChooserBlock" and not args
