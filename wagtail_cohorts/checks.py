"""Start-up checks of the host site's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core import checks

from wagtail_cohorts.conf import settings

MIN_SECRET_LENGTH = 32


def register() -> None:
    checks.register(check_files, "wagtail_cohorts")
    checks.register(check_keys, "wagtail_cohorts", deploy=True)
    checks.register(check_cache, "wagtail_cohorts", deploy=True)
    checks.register(check_serializers, "wagtail_cohorts")


def check_files(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Private files may not lie where the web server serves from."""
    if "wagtail_cohorts" in django_settings.STORAGES:
        return []
    root = settings.FILES_ROOT.resolve()
    for name in ("MEDIA_ROOT", "STATIC_ROOT"):
        public = getattr(django_settings, name, "")
        if public and root.is_relative_to(Path(public).resolve()):
            hint = "Set WAGTAIL_COHORTS_FILES_ROOT to a folder that no URL leads to."
            return [
                checks.Error(f"Private files would lie under {name}.", hint=hint, id="wagtail_cohorts.E001")
            ]
    return []


def check_keys(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Links and encrypted values should have keys of their own, long enough."""
    own = getattr(django_settings, "WAGTAIL_COHORTS_KEYS", None)
    if not own:
        hint = (
            "Set WAGTAIL_COHORTS_KEYS, so that SECRET_KEY can change without losing certificates and links."
        )
        message = "Links and encrypted values use SECRET_KEY."
        return [checks.Warning(message, hint=hint, id="wagtail_cohorts.W001")]
    if any(len(key) < MIN_SECRET_LENGTH for key in own):
        return [
            checks.Error(
                "A key in WAGTAIL_COHORTS_KEYS is short.",
                hint="Use 32 characters or more.",
                id="wagtail_cohorts.E002",
            )
        ]
    return []


def check_cache(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A cache server that hangs would hold every public page, for ever."""
    cache = django_settings.CACHES.get("default", {})
    is_redis = str(cache.get("BACKEND", "")).endswith("RedisCache")
    if not is_redis or "socket_timeout" in cache.get("OPTIONS", {}):
        return []
    hint = 'Set "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5} in CACHES["default"].'
    message = "Public pages would wait for ever for a Redis cache that hangs."
    return [checks.Warning(message, hint=hint, id="wagtail_cohorts.W002")]


def check_serializers(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """What a queue or a session holds is data: unpickling it would run whatever somebody put there."""
    content = getattr(django_settings, "CELERY_ACCEPT_CONTENT", ["json"])
    task = getattr(django_settings, "CELERY_TASK_SERIALIZER", "json")
    named = {"CELERY_ACCEPT_CONTENT": [*content], "CELERY_TASK_SERIALIZER": [task]}
    named["SESSION_SERIALIZER"] = [django_settings.SESSION_SERIALIZER]
    return [
        checks.Error(
            f"{name} lets pickled values in: whoever reaches the queue or the store runs code.",
            hint="Use JSON; the package sends ids and nothing else.",
            id="wagtail_cohorts.E003",
        )
        for name, values in named.items()
        if any("pickle" in str(value).lower() or "python-serialize" in str(value) for value in values)
    ]
