"""The broker or the cache is down, or hangs: people wait for a moment at most, and nothing is lost."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from celery import current_app
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from tests import factories as make
from wagtail_cohorts import jobs
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.checks import check_cache
from wagtail_cohorts.links.operations import make_link, token_of
from wagtail_cohorts.outage import Outage
from wagtail_cohorts.portal import limits
from wagtail_cohorts.portal.access import cookie_name

pytestmark = pytest.mark.django_db
IN_MEMORY = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PATIENT = 4.0
"""Seconds on a busy machine; a site's own pooled connection waits six for a closed server, a silent one for ever."""
REDIS_CACHE = "django.core.cache.backends.redis.RedisCache"


@pytest.fixture(params=["closed", "silent"])
def dead_redis(request: Any) -> Iterator[str]:
    """The address of a server that refuses connections, or takes them and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param == "silent":
            server.listen(50)
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture(autouse=True)
def no_outage() -> Iterator[None]:
    yield
    jobs.broker_outage.end()
    limits.cache_outage.end()


@pytest.fixture
def dead_broker(dead_redis: str, settings: Any) -> Iterator[None]:
    settings.WAGTAIL_COHORTS_USE_CELERY = True
    before = current_app.conf.broker_url
    current_app.conf.broker_url = dead_redis
    yield
    current_app.conf.broker_url = before


def seconds_of(action: Any) -> float:
    began = time.monotonic()
    action()
    return time.monotonic() - began


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_costs_one_moment_and_no_work(dead_broker: None) -> None:
    made = make.ready(students=1)
    jobs.broker_outage.end()

    def press() -> Batch:
        return make.start_signing(made)

    assert seconds_of(press) < PATIENT
    assert jobs.broker_outage.is_on
    run_due_items()
    assert Batch.objects.latest("pk").state == Batch.DONE


def test_the_second_ring_does_not_wait_for_a_dead_broker(dead_broker: None) -> None:
    assert seconds_of(lambda: jobs._send("run_deliveries", ())) < PATIENT
    assert seconds_of(lambda: jobs._send("run_deliveries", ())) < jobs.PATIENCE / 2


def test_without_a_commit_nobody_rings(dead_broker: None) -> None:
    with transaction.atomic():
        jobs.ring("run_deliveries")
        transaction.set_rollback(True)
    assert not jobs.broker_outage.is_on


def test_pages_open_while_the_cache_is_dead(dead_redis: str, settings: Any) -> None:
    options = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
    settings.CACHES = {"default": {"BACKEND": REDIS_CACHE, "LOCATION": dead_redis, "OPTIONS": options}}
    student = make.invited(make.enrolling())
    link = make_link(
        kind="student", subject_key=f"enrollment:{student.uuid}", institution_id=student.institution_id
    )
    client = Client()
    opened = client.get(reverse("wagtail_cohorts:open_link", kwargs={"token": token_of(link)}))
    assert opened.status_code == 303
    details = reverse("wagtail_cohorts:student_details", kwargs={"link": link.uuid})
    assert client.post(details, {}).status_code == 200
    assert client.get(reverse("wagtail_cohorts:verify")).status_code == 200
    asked = client.post(reverse("wagtail_cohorts:ask_for_link"), {"email": student.email})
    assert asked.status_code == 200
    settings.CACHES = IN_MEMORY


def test_without_the_database_public_pages_say_so(settings: Any) -> None:
    def gone(*args: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    page = reverse("wagtail_cohorts:student_status", kwargs={"link": uuid4()})
    client = Client()
    client.cookies[cookie_name(UUID(page.split("/")[3]))] = "anything"
    with connection.execute_wrapper(gone):
        answers = [client.get(page), client.post(page, {}), client.get(page, HTTP_ACCEPT_LANGUAGE="af")]
    for answer in answers:
        assert answer.status_code == 503 and answer["Retry-After"] == "10"
        assert b"Back in a moment" in answer.content and b"server closed" not in answer.content
        assert "no-store" in answer["Cache-Control"]
    assert client.get(page).status_code == 404


def test_an_outage_ends_by_itself() -> None:
    outage = Outage(seconds=0.05)
    outage.begin()
    assert outage.is_on
    time.sleep(0.06)
    assert not outage.is_on


def test_a_redis_cache_without_time_outs_is_warned_of(settings: Any) -> None:
    assert check_cache(None) == []
    cache = {"BACKEND": REDIS_CACHE, "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": cache}
    assert [message.id for message in check_cache(None)] == ["wagtail_cohorts.W002"]
    settings.CACHES = {"default": {**cache, "OPTIONS": {"socket_timeout": 0.5}}}
    assert check_cache(None) == []
    settings.CACHES = IN_MEMORY
