"""The example site, with a stock Wagtail snippet beside it as the yardstick."""

from example_site.config.settings import *  # noqa: F403
from example_site.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.stock"]
DEBUG = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
