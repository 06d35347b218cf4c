"""Every setting of the package: typed, lazy, documented in docs/reference/settings.md."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings

PREFIX = "WAGTAIL_COHORTS_"


class Settings:
    """Each property reads ``WAGTAIL_COHORTS_<NAME>`` at the moment it is asked."""

    def _get(self, name: str, default: Any) -> Any:
        return getattr(django_settings, PREFIX + name, default)

    @property
    def KEYS(self) -> list[str]:
        """Secrets for links and encryption: the first writes, all read. Default: SECRET_KEY and its fallbacks."""
        fallback = [django_settings.SECRET_KEY, *django_settings.SECRET_KEY_FALLBACKS]
        return list(self._get("KEYS", None) or fallback)

    @property
    def FILES_ROOT(self) -> Path:
        """Folder for private files when ``STORAGES["wagtail_cohorts"]`` is not set."""
        base = Path(getattr(django_settings, "BASE_DIR", "."))
        return Path(self._get("FILES_ROOT", base / "cohort-files"))

    @property
    def BASE_URL(self) -> str:
        """Scheme and host of links in e-mails. Default: WAGTAILADMIN_BASE_URL."""
        fallback = getattr(django_settings, "WAGTAILADMIN_BASE_URL", "") or "http://localhost:8000"
        return str(self._get("BASE_URL", fallback)).rstrip("/")

    @property
    def LINK_LIFETIME(self) -> timedelta:
        """How long a personal link opens its pages."""
        return self._get("LINK_LIFETIME", timedelta(days=60))

    @property
    def MAX_UPLOAD_BYTES(self) -> int:
        """Largest file that a student or an editor may send."""
        return int(self._get("MAX_UPLOAD_BYTES", 15_000_000))

    @property
    def MAX_ENROLLMENT_BYTES(self) -> int:
        """All of one student's files together."""
        return int(self._get("MAX_ENROLLMENT_BYTES", 100_000_000))

    @property
    def LEASE_SECONDS(self) -> int:
        """Seconds of silence after which an item is taken from its worker (8). From the third try on, more."""
        return int(self._get("LEASE_SECONDS", 8))

    @property
    def MAX_TRIES(self) -> int:
        """How often one item or delivery is tried before it waits for a person."""
        return int(self._get("MAX_TRIES", 5))

    @property
    def USE_CELERY(self) -> bool:
        """Ring Celery when work is committed. Default: true if a broker is configured."""
        return bool(self._get("USE_CELERY", bool(getattr(django_settings, "CELERY_BROKER_URL", ""))))

    @property
    def PROGRAMME_KINDS(self) -> dict[str, Any]:
        """Kinds of programme: key to name. Adds to learnership, internship and candidacy."""
        return dict(self._get("PROGRAMME_KINDS", {}))

    @property
    def DEFAULT_FROM_EMAIL(self) -> str:
        """Sender of e-mails. Default: Django's DEFAULT_FROM_EMAIL."""
        return str(self._get("DEFAULT_FROM_EMAIL", django_settings.DEFAULT_FROM_EMAIL))

    @property
    def SPONSOR_REMINDERS(self) -> tuple[int, ...]:
        """Days after the invitation on which a sponsor's contact is reminded by itself: so many reminders and no more.
        Empty: only by hand. Default: (3, 7, 14)."""
        return tuple(sorted(int(days) for days in self._get("SPONSOR_REMINDERS", (3, 7, 14))))

    @property
    def TRUSTED_PROXIES(self) -> int:
        """How many proxies in front append to X-Forwarded-For; 0 uses REMOTE_ADDR."""
        return int(self._get("TRUSTED_PROXIES", 0))

    @property
    def RATE_LIMITS(self) -> dict[str, tuple[int, int]]:
        """Kind of public request to (how many, in how many seconds) for one address."""
        defaults = {"token": (30, 60), "renew": (3, 3600), "write": (240, 60), "verify": (60, 60)}
        return {**defaults, **self._get("RATE_LIMITS", {})}

    @property
    def METRICS_TOKEN(self) -> str:
        """What Prometheus sends as its bearer token to read ``metrics``. Without it, there is no such page."""
        return str(self._get("METRICS_TOKEN", ""))

    @property
    def LATE_SECONDS(self) -> int:
        """How long due work may wait before ``health`` says that no worker runs."""
        return int(self._get("LATE_SECONDS", 300))


settings = Settings()
