"""The site with all its doors: built once a module inside a transaction that is undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.reliability.hostile.site import Site, set_up


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, Path]]:
    root = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(WAGTAIL_COHORTS_FILES_ROOT=root):
            made = set_up()
        yield made, root
        transaction.set_rollback(True)


@pytest.fixture
def site(built: tuple[Site, Path], db: None, settings: Any) -> Site:
    made, root = built
    settings.WAGTAIL_COHORTS_FILES_ROOT = root
    return made
