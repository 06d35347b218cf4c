"""Settings of a long run: the test site on a database of its own, with files in memory, and nothing indexed."""

from __future__ import annotations

import os

from example_site.config.database import database_from
from tests.reliability.settings import WithoutMigrations
from tests.settings import *  # noqa: F403
from tests.settings import STORAGES as TEST_STORAGES

MIGRATION_MODULES = WithoutMigrations()
DATABASES = {"default": database_from(os.environ.get("RELIABILITY_DATABASE") or "sqlite:///:memory:")}
DATABASES["default"].setdefault("TEST", {})["NAME"] = os.environ.get("RELIABILITY_NAME") or None
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING_CONFIG = None
STORAGES = {**TEST_STORAGES, "wagtail_cohorts": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "AUTO_UPDATE": False},
}
