"""Where private files lie in a test, and damaging them: on a folder or on whatever storage the host has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import override_settings

from wagtail_cohorts.files.storage import ALIAS, storage

in_a_folder = pytest.mark.skipif(
    ALIAS in settings.STORAGES, reason="about a folder, and this host keeps its files in a storage"
)


@contextmanager
def private_files_in(folder: Path) -> Iterator[None]:
    """A folder of their own, or a prefix of the same name in the host's storage."""
    if ALIAS not in settings.STORAGES:
        with override_settings(WAGTAIL_COHORTS_FILES_ROOT=folder):
            yield
        return
    place: Any = storages[ALIAS]
    before, place.location = place.location, str(folder).lstrip("/")
    yield
    place.location = before


def overwrite(path: str, data: bytes) -> None:
    """As a failing disk or an intruder would: nothing in the database knows of it."""
    storage().delete(path)
    storage().save(path, ContentFile(data))


def lose(path: str) -> None:
    storage().delete(path)
