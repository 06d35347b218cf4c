"""What every test has: an own folder for private files, and an empty cache and outbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Path) -> Iterator[None]:
    """No test sees another's files, sessions or rate limits."""
    settings.WAGTAIL_COHORTS_FILES_ROOT = tmp_path / "cohort-files"
    settings.MEDIA_ROOT = tmp_path / "media"
    cache.clear()
    yield
    cache.clear()
