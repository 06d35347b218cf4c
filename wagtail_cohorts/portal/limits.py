"""How often one address or one link may ask: counted in Django's cache, in fixed windows.

While the cache is down nothing is counted and everybody may come in: people who sign come before limits.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import time
from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest

from wagtail_cohorts.conf import settings
from wagtail_cohorts.outage import Outage
from wagtail_cohorts.watching.lines import name_of, tell
from wagtail_cohorts.watching.refusals import tell_refusal

logger = logging.getLogger(__name__)
cache_outage = Outage()


def client_ip(request: HttpRequest) -> str:
    """The address of whoever asks, past the trusted proxies; empty when it is none."""
    given = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        hops = [hop.strip() for hop in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
        given = hops[-proxies] if len(hops) >= proxies and hops[-proxies] else given
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        return ""


def _network(ip: str) -> str:
    """An IPv6 subscriber owns a /64: count that as one address."""
    if ":" not in ip:
        return ip
    return str(ipaddress.ip_network(f"{ip.split('%')[0]}/64", strict=False))


def now() -> float:
    """Seconds since 1970; windows are cut from it."""
    return time.time()


def _key(kind: str, subject: str, seconds: int) -> str:
    window = int(now()) // seconds
    digest = hashlib.sha256(f"{kind}:{subject}:{seconds}:{window}".encode()).hexdigest()[:32]
    return f"wagtail-cohorts-limit-{digest}"


def _ask_cache(question: Callable[[], int]) -> int:
    """The cache's answer, or 0 while it is down."""
    if cache_outage.is_on:
        return 0
    try:
        return question()
    except Exception as error:  # whatever the cache's client raises
        cache_outage.begin()
        tell(logger, "cache.unreachable", level=logging.WARNING, error=name_of(error))
        return 0


def _count(key: str, seconds: int) -> int:
    cache.add(key, 0, timeout=seconds + 1)
    try:
        return int(cache.incr(key))
    except ValueError:  # the cache dropped it in between, or keeps nothing
        return 1


def take(subject: str, *, most: int, seconds: int, kind: str) -> bool:
    """Count one use; false when there were too many in this window."""
    key = _key(kind, subject, seconds)
    is_free = _ask_cache(lambda: _count(key, seconds)) <= most
    if not is_free:
        tell_refusal(f"limit_{kind}")
    return is_free


def take_from(request: HttpRequest, kind: str) -> bool:
    """Count one request of this kind for the caller's address."""
    most, seconds = settings.RATE_LIMITS[kind]
    return take(_network(client_ip(request)), most=most, seconds=seconds, kind=kind)


def is_used_up(request: HttpRequest, kind: str) -> bool:
    """Whether the caller's address has no use of this kind left; counts nothing."""
    most, seconds = settings.RATE_LIMITS[kind]
    key = _key(kind, _network(client_ip(request)), seconds)
    is_used = _ask_cache(lambda: int(cache.get(key) or 0)) >= most
    if is_used:
        tell_refusal(f"limit_{kind}")
    return is_used
