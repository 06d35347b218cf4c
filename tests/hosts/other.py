"""The other host: everything that an existing site may do differently, all at once.

Users with UUID keys who log in by e-mail, no time zones, thousands separated, a second language, no LocaleMiddleware,
32-bit keys, files in S3 (a local server that speaks its protocol), several sites, our app last.
Keys begin above a thousand (tests/hosts/people/apps.py), so that a number shown where a key belongs is noticed.
"""

from __future__ import annotations

from tests.hosts.s3 import options
from tests.settings import *  # noqa: F403
from tests.settings import ALLOWED_HOSTS as PLAIN_HOSTS
from tests.settings import INSTALLED_APPS as PLAIN_APPS
from tests.settings import MIDDLEWARE as PLAIN_MIDDLEWARE

_own = ["waffle", "wagtail_cohorts"]
INSTALLED_APPS = [
    *(app for app in PLAIN_APPS if app not in (*_own, "tests.testapp.apps.TestAppConfig")),
    "wagtail.locales",
    "storages",
    "tests.hosts.people.apps.PeopleConfig",
    *_own,
    "tests.testapp.apps.TestAppConfig",
]
MIDDLEWARE = [
    "tests.hosts.numbers.no_grouped_numbers",
    *(name for name in PLAIN_MIDDLEWARE if not name.endswith("LocaleMiddleware")),
]
ALLOWED_HOSTS = [*PLAIN_HOSTS, "college.example", "trust.example"]

AUTH_USER_MODEL = "people.Person"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

LANGUAGE_CODE = "en-gb"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en-gb", "English"), ("af", "Afrikaans")]
WAGTAIL_I18N_ENABLED = True
USE_THOUSAND_SEPARATOR = True
USE_TZ = False

CSRF_USE_SESSIONS = True

STORAGES = {
    "default": {"BACKEND": "tests.hosts.s3.SharedS3", "OPTIONS": options("public")},
    "wagtail_cohorts": {"BACKEND": "tests.hosts.s3.SharedS3", "OPTIONS": options("private")},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
