"""Today, and local time, whether the host uses time zones or not (USE_TZ)."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


def local(moment: datetime | None = None) -> datetime:
    """In the current time zone, and aware of it: to show, and to count days. Default: now."""
    moment = moment or timezone.now()
    return timezone.make_aware(moment) if timezone.is_naive(moment) else timezone.localtime(moment)  # noqa: TID251


def today() -> date:
    return local().date()


def storable(moment: datetime) -> datetime:
    """A moment from outside (a certificate, a file) as the host's columns take it and its own moments compare with."""
    return moment if settings.USE_TZ else timezone.make_naive(moment)
