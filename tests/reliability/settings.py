"""Settings of the kill test: the test site on a database of its own, with signing slowed down on purpose.

Read from the environment here and nowhere in the package: RELIABILITY_DATABASE, RELIABILITY_FILES,
RELIABILITY_BROKER, RELIABILITY_PREFIX, RELIABILITY_DELAY.
"""

from __future__ import annotations

import os
from pathlib import Path

from example_site.config.database import database_from
from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as TEST_APPS


class WithoutMigrations:
    """Tables are made from the models, in a second: this test is about work, not about migrations."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


MIGRATION_MODULES = WithoutMigrations()
INSTALLED_APPS = [*TEST_APPS, "tests.reliability.slow.SlowConfig"]
DATABASES = {"default": database_from(os.environ.get("RELIABILITY_DATABASE", "sqlite:///:memory:"))}
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING_CONFIG = None

WAGTAIL_COHORTS_FILES_ROOT = Path(os.environ.get("RELIABILITY_FILES", "/tmp/cohorts-reliability"))
WAGTAIL_COHORTS_LEASE_SECONDS = 3
RELIABILITY_DELAY = float(os.environ.get("RELIABILITY_DELAY", "0"))

CELERY_BROKER_URL = os.environ.get("RELIABILITY_BROKER", "")
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": os.environ.get("RELIABILITY_PREFIX", "")}
CELERY_TASK_IGNORE_RESULT = True
