"""After `migrate` or a flush: a second language, three sites, and keys that begin above a thousand."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.db import connections
from django.db.models import AutoField
from django.db.models.signals import post_migrate

FIRST_KEY = 12_345


def prepare(*, using: str, **kwargs: Any) -> None:
    from wagtail.models import Locale, Page, Site

    for code in ("en-gb", "af"):
        Locale.objects.using(using).get_or_create(language_code=code)
    if Site.objects.using(using).filter(hostname="college.example").exists():
        return
    root = Page.objects.using(using).filter(depth=1).first() or Page.add_root(title="Root", slug="root")
    for title, hostname, port in (
        ("Host", "localhost", 80),
        ("College", "college.example", 443),
        ("Trust", "trust.example", 8000),
    ):
        home = root.add_child(instance=Page(title=title, slug=title.lower()))
        facts = {"root_page": home, "is_default_site": port == 80}
        Site.objects.using(using).update_or_create(hostname=hostname, port=port, defaults=facts)
    begin_keys_above_a_thousand(using)


def begin_keys_above_a_thousand(using: str) -> None:
    """A template that prints a key without care prints "12,345" here, and what reads it back breaks."""
    connection = connections[using]
    for model in apps.get_models():
        if not isinstance(model._meta.pk, AutoField) or model._meta.label_lower.startswith("wagtailcore."):
            continue
        _begin_at(connection, model._meta.db_table, model._meta.pk.column)


def _begin_at(connection: Any, table: str, column: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, FIRST_KEY])
        elif connection.vendor == "postgresql":
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, column, FIRST_KEY])
        else:
            cursor.execute(f"ALTER TABLE {table} AUTO_INCREMENT = {FIRST_KEY}")


class PeopleConfig(AppConfig):
    name = "tests.hosts.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(prepare, sender=apps.get_app_config("testapp"), dispatch_uid="people.prepare")
