"""Settings of the example site. All that it writes lies in one folder, EXAMPLE_SITE_DATA (default: demo/).

EXAMPLE_SITE_DATABASE names a database server, CELERY_BROKER_URL a broker; without them, SQLite and no broker.
EXAMPLE_SITE_LOG names a file for all log lines, as JSON.
"""

from __future__ import annotations

import os
from pathlib import Path

from example_site.config.database import database_from

REPOSITORY = Path(__file__).resolve().parent.parent.parent
BASE_DIR = Path(os.environ.get("EXAMPLE_SITE_DATA") or REPOSITORY / "demo").resolve()

SECRET_KEY = os.environ.get("EXAMPLE_SITE_SECRET_KEY", "the-example-site-is-for-looking-not-for-living")
DEBUG = os.environ.get("EXAMPLE_SITE_DEBUG", "1") == "1"
ALLOWED_HOSTS = os.environ.get("EXAMPLE_SITE_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")

INSTALLED_APPS = [
    "example_site.home",
    "wagtail_cohorts",
    "waffle",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "wagtail_cohorts.watching.middleware.WatchRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "wagtail_cohorts.portal.unreadable.RefuseUnreadable",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "example_site.config.urls"
WSGI_APPLICATION = "example_site.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": database_from(
        os.environ.get("EXAMPLE_SITE_DATABASE") or f"sqlite:///{BASE_DIR / 'site.sqlite3'}"
    )
}

AUTH_PASSWORD_VALIDATORS = [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"}]

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = "Africa/Johannesburg"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = BASE_DIR / "mail"
DEFAULT_FROM_EMAIL = "Example training office <office@example.com>"

WAGTAIL_SITE_NAME = "Cohorts example site"
WAGTAILADMIN_BASE_URL = os.environ.get("EXAMPLE_SITE_URL", "http://localhost:8000")
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

WAGTAIL_COHORTS_FILES_ROOT = BASE_DIR / "files"

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "")
CELERY_BEAT_SCHEDULE = {
    "wagtail-cohorts-sweep": {"task": "wagtail_cohorts.sweep", "schedule": 5.0, "options": {"expires": 15}}
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "ids": {"()": "wagtail_cohorts.watching.formats.AddIds"},
        "no_tokens": {"()": "wagtail_cohorts.watching.masks.MaskTokens"},
    },
    "formatters": {
        "json": {"()": "wagtail_cohorts.watching.formats.JsonLines"},
        "plain": {"()": "wagtail_cohorts.watching.formats.PlainLines"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain" if DEBUG else "json",
            "filters": ["ids", "no_tokens"],
            "level": "WARNING" if DEBUG else "INFO",
        },
        "file": {
            "class": "logging.FileHandler",
            "filename": os.environ.get("EXAMPLE_SITE_LOG") or os.devnull,
            "formatter": "json",
            "filters": ["ids", "no_tokens"],
        },
    },
    "loggers": {"wagtail_cohorts": {"level": "INFO"}},
    "root": {"handlers": ["console", "file"], "level": "INFO"},
}

WAGTAIL_COHORTS_METRICS_TOKEN = os.environ.get("EXAMPLE_SITE_METRICS_TOKEN", "")
