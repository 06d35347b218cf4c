"""A plain site around the package: after `migrate` or a flush there is a root page, a site and a language."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


def create_site(*, using: str, **kwargs: Any) -> None:
    """The rows that Wagtail's own migrations would have made, which `--nomigrations` skips."""
    from wagtail.models import Locale, Page, Site

    from tests.testapp.search import create_full_text_table

    create_full_text_table(using)
    Locale.objects.using(using).get_or_create(language_code=settings.LANGUAGE_CODE)
    if Site.objects.using(using).exists():
        return
    root = Page.objects.using(using).filter(depth=1).first() or Page.add_root(title="Root", slug="root")
    Site.objects.using(using).create(hostname="localhost", root_page=root, is_default_site=True)


class TestAppConfig(AppConfig):
    """Named last in INSTALLED_APPS: its `post_migrate` runs when every table exists."""

    __test__ = False
    name = "tests.testapp"
    label = "testapp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(create_site, sender=self, dispatch_uid="testapp.create_site")
