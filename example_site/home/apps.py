"""The site's own app: one page type, and the demo command."""

from __future__ import annotations

from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "example_site.home"
    label = "home"
    default_auto_field = "django.db.models.BigAutoField"
