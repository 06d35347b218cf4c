"""The world: built once a module inside a transaction, and fresh for each test."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.tenancy.world import World, build


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """Undone at the end of the module. Building takes seconds, since everything in it is real."""
    root = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(WAGTAIL_COHORTS_FILES_ROOT=root):
            made = build()
        yield made, root
        transaction.set_rollback(True)


@pytest.fixture
def world(built: tuple[World, Path], db: None, settings: Any) -> World:
    made, root = built
    settings.WAGTAIL_COHORTS_FILES_ROOT = root
    return copy.deepcopy(made)
