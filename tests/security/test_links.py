"""What a stranger with a guess, a planted cookie or a stop-watch learns about personal links."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories as make
from tests.portal.journey import Visitor
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import link_of
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import revoke_link, token_of
from wagtail_cohorts.portal.access import cookie_name

pytestmark = pytest.mark.django_db
ROUNDS = 60
YEAR = timedelta(days=365)
CLOSE = 0.005  # seconds


@pytest.fixture(autouse=True)
def flags() -> None:
    create_flags()


def test_a_planted_cookie_is_replaced_when_the_link_is_opened() -> None:
    """Nobody can be led into a visit that somebody else holds the key of."""
    visitor = Visitor(make.invited(make.enrolling()))
    name, planted = cookie_name(visitor.link.uuid), "planted-by-somebody-else"
    victim = Client()
    victim.cookies[name] = planted
    victim.get(visitor.entry)
    assert victim.cookies[name].value != planted and victim.get(visitor.url("welcome")).status_code == 200
    thief = Client()
    thief.cookies[name] = planted
    assert thief.get(visitor.url("welcome")).status_code == 404


def test_a_personal_link_makes_no_session(settings: Any) -> None:
    settings.CSRF_USE_SESSIONS = False  # a host's own choice, and then its session for each visitor
    visitor = Visitor(make.invited(make.enrolling()))
    visitor.get("welcome")
    assert "sessionid" not in visitor.client.cookies


def taken_by(ask: Callable[[], Any]) -> float:
    """This thread's own time: what the machine does beside it does not count."""
    cache.clear()
    began = time.thread_time()
    ask()
    return time.thread_time() - began


def test_unknown_expired_and_revoked_links_take_the_same_time() -> None:
    cohort = make.enrolling()
    expired, revoked = make.invited(cohort), make.invited(cohort)
    tokens = {
        "unknown": "x" * 43,
        "expired": token_of(link_of(expired)),
        "revoked": token_of(link_of(revoked)),
    }
    PersonalLink.objects.filter(subject_key=expired.stream_key).update(expires_at=timezone.now() - YEAR)
    revoke_link(link_of(revoked))
    client = Client()
    taken: dict[str, list[float]] = {name: [] for name in tokens}
    for _round in range(ROUNDS):
        for name, token in tokens.items():
            url = reverse("wagtail_cohorts:open_link", args=[token])
            taken[name].append(taken_by(lambda url=url: client.get(url)))  # type: ignore[misc]
    middles = {name: statistics.median(times) for name, times in taken.items()}
    assert max(middles.values()) - min(middles.values()) < CLOSE, middles


def test_asking_for_a_link_takes_the_same_time_whoever_asks() -> None:
    """By the clock: the answer waits until a quarter of a second is over."""
    student = make.invited(make.enrolling())
    assert Enrollment.objects.filter(email=student.email).exists()
    client, url = Client(), reverse("wagtail_cohorts:ask_for_link")
    for email in (student.email, "nobody@example.com"):
        cache.clear()
        began = time.monotonic()
        answer = client.post(url, {"email": email})
        assert answer.status_code == 200 and time.monotonic() - began >= 0.25
