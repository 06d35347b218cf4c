"""Settings of the reliability programs: the test site on a database of its own, with work slowed down on purpose.

Read from the environment here and nowhere in the package: RELIABILITY_DATABASE, RELIABILITY_FOLDER,
RELIABILITY_BROKER, RELIABILITY_PREFIX, RELIABILITY_CACHE, RELIABILITY_DELAY.
"""

from __future__ import annotations

import os
from pathlib import Path

from example_site.config.database import database_from
from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as TEST_APPS
from tests.settings import STORAGES


class WithoutMigrations:
    """Tables are made from the models, in a second: this test is about work, not about migrations."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


MIGRATION_MODULES = WithoutMigrations()
INSTALLED_APPS = [*TEST_APPS, "tests.reliability.slow.SlowConfig"]
DATABASES = {"default": database_from(os.environ.get("RELIABILITY_DATABASE", "sqlite:///:memory:"))}
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"ids": {"()": "wagtail_cohorts.watching.formats.AddIds"}},
    "formatters": {"json": {"()": "wagtail_cohorts.watching.formats.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["ids"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("RELIABILITY_LOG", "CRITICAL")},
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

FOLDER = Path(os.environ.get("RELIABILITY_FOLDER", "/tmp/cohorts-reliability"))
EMAIL_FILE_PATH = FOLDER / "mail"
WAGTAIL_COHORTS_FILES_ROOT = FOLDER / "files"
RELIABILITY_DELAY = float(os.environ.get("RELIABILITY_DELAY", "0"))
RELIABILITY_DIES_ON = FOLDER / "dies-on"

if os.environ.get("RELIABILITY_STORAGE"):
    private = {"BACKEND": os.environ["RELIABILITY_STORAGE"], "OPTIONS": {"location": FOLDER / "files"}}
    STORAGES = {**STORAGES, "wagtail_cohorts": private}

if os.environ.get("RELIABILITY_CACHE"):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": os.environ["RELIABILITY_CACHE"],
            "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
        }
    }

# As docs/how-to/workers.md says; the package's own settings have their defaults.
CELERY_BROKER_URL = os.environ.get("RELIABILITY_BROKER", "")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": os.environ.get("RELIABILITY_PREFIX", ""),
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_BEAT_SCHEDULE = {
    "wagtail-cohorts-sweep": {"task": "wagtail_cohorts.sweep", "schedule": 5.0, "options": {"expires": 15}}
}
CELERY_TASK_IGNORE_RESULT = True
