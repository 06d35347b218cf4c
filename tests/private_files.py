"""Damaging private files in a test, in a folder or on whatever storage the host has."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from wagtail_cohorts.files.storage import ALIAS, storage

in_a_folder = pytest.mark.skipif(
    ALIAS in settings.STORAGES, reason="about a folder, and this host keeps its files in a storage"
)


def overwrite(path: str, data: bytes) -> None:
    """As a failing disk or an intruder would: nothing in the database knows of it."""
    storage().delete(path)
    storage().save(path, ContentFile(data))


def lose(path: str) -> None:
    storage().delete(path)
