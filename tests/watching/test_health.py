"""Health: cheap, for anybody, and right about what is down and who must care."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.test import Client, override_settings
from django.utils import timezone
from waffle import get_waffle_flag_model

from tests import factories as make
from tests.private_files import in_a_folder
from wagtail_cohorts import flags
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import open_batch, run_due_items
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.evidence.models import Delivery
from wagtail_cohorts.probes import checks

pytestmark = pytest.mark.django_db
HEALTH, LIVE, READY = "/papers/health", "/papers/health/live", "/papers/health/ready"


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    checks.forget()
    yield
    checks.forget()


def ask(address: str) -> tuple[int, Any]:
    checks.forget()
    answer = Client().get(address)
    return answer.status_code, answer.json()


def failed(content: Any) -> list[str]:
    return [name for name, one in content["checks"].items() if not one["ok"]]


def refuse(*args: Any) -> None:
    raise OperationalError("password authentication failed for user postgres")


def test_all_is_well() -> None:
    status, content = ask(HEALTH)
    assert (status, content["status"]) == (200, "ok")
    assert list(content["checks"]) == ["database", "storage", "cache", "work"]
    assert ask(LIVE) == (200, {"status": "ok"})
    assert list(ask(READY)[1]["checks"]) == ["database", "storage"]


@pytest.mark.parametrize("address", [HEALTH, LIVE, READY])
def test_an_answer_is_never_stored_makes_no_session_and_is_behind_no_flag(address: str) -> None:
    get_waffle_flag_model().objects.filter(name=flags.FEATURE).update(everyone=False)
    answer = Client().get(address)
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store" and not answer.cookies
    assert Client().head(address).status_code == 200
    assert Client().post(address).status_code == 405


def test_a_database_that_is_down_stops_people_from_being_sent_but_not_the_process() -> None:
    with connection.execute_wrapper(refuse):
        assert ask(LIVE)[0] == 200
        for address in (READY, HEALTH):
            status, content = ask(address)
            assert (status, content["status"]) == (503, "failing")
            assert content["checks"]["database"]["error"] == "django.db.utils.OperationalError"
            assert "password" not in str(content)


@in_a_folder
def test_a_storage_that_is_down_is_noticed(settings: Any, tmp_path: Any) -> None:
    in_the_way = tmp_path / "a-file"
    in_the_way.write_text("not a folder")
    settings.WAGTAIL_COHORTS_FILES_ROOT = in_the_way
    status, content = ask(READY)
    assert (status, content["status"], failed(content)) == (503, "failing", ["storage"])
    assert str(tmp_path) not in str(content)


@in_a_folder
def test_the_storage_check_leaves_no_file_behind(settings: Any) -> None:
    ask(READY)
    assert [one for one in settings.WAGTAIL_COHORTS_FILES_ROOT.rglob("*") if one.is_file()] == []


def test_a_cache_that_is_down_is_for_the_operator_and_turns_nobody_away() -> None:
    caches = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_connect_timeout": 0.2},
        }
    }
    with override_settings(CACHES=caches):
        status, content = ask(HEALTH)
        assert (status, content["status"], failed(content)) == (503, "degraded", ["cache"])
        assert ask(READY)[0] == 200


def test_a_broker_is_asked_only_where_there_is_one_and_turns_nobody_away(settings: Any) -> None:
    settings.WAGTAIL_COHORTS_USE_CELERY = True
    from celery import current_app

    before = current_app.conf.broker_url
    current_app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        status, content = ask(HEALTH)
    finally:
        current_app.conf.broker_url = before
    assert (status, content["status"], failed(content)) == (503, "degraded", ["broker"])
    assert ask(READY)[0] == 200


def late() -> Any:
    return timezone.now() - timedelta(seconds=301)


def test_a_delivery_that_nobody_makes_is_noticed() -> None:
    make.invited(make.enrolling())
    assert ask(HEALTH)[0] == 200
    Delivery.objects.update(due_at=late())
    status, content = ask(HEALTH)
    assert (status, failed(content)) == (503, ["work"])
    assert content["checks"]["work"]["waiting"] == 1 and content["checks"]["work"]["oldest_seconds"] >= 301
    run_due_deliveries()
    assert ask(HEALTH)[0] == 200


def idle_batch() -> Batch:
    owner = make.institution()
    batch = open_batch(
        "export", institution_id=owner.pk, subject_key=owner.stream_key, items=["a", "b"], actor=SYSTEM_ACTOR
    )
    Batch.objects.filter(pk=batch.pk).update(created_at=late())
    return batch


def test_a_batch_that_nobody_takes_is_noticed() -> None:
    idle_batch()
    status, content = ask(HEALTH)
    assert (status, failed(content), content["checks"]["work"]["waiting"]) == (503, ["work"], 2)


def test_a_long_batch_that_goes_on_is_not_late_between_two_items() -> None:
    batch = idle_batch()
    first = batch.items.first()
    BatchItem.objects.filter(pk=first.pk).update(state=BatchItem.PREPARED, finished_at=timezone.now())
    assert ask(HEALTH)[0] == 200


def test_a_batch_in_somebodys_hands_does_not_wait() -> None:
    batch = idle_batch()
    batch.items.update(lease_until=timezone.now() + timedelta(seconds=5))
    assert ask(HEALTH)[1]["checks"]["work"]["waiting"] == 0


def test_a_batch_that_waits_for_its_flag_is_not_late() -> None:
    batch = idle_batch()
    get_waffle_flag_model().objects.filter(name=flags.EXPORTS).update(everyone=False)
    assert ask(HEALTH)[0] == 200
    assert run_due_items(batch_id=batch.pk) == 0


def test_health_is_cheap(django_assert_max_num_queries: Any) -> None:
    make.invited(make.enrolling())
    ask(HEALTH)
    with django_assert_max_num_queries(4):
        Client().get(HEALTH)
    seconds = []
    for _each in range(10):
        began = time.perf_counter()
        Client().get(HEALTH)
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.05  # the quickest: what the machine does beside is not the page's


def test_dear_parts_are_asked_once_in_ten_seconds(settings: Any, tmp_path: Any) -> None:
    ask(READY)
    settings.WAGTAIL_COHORTS_FILES_ROOT = tmp_path / "elsewhere"
    assert Client().get(READY).status_code == 200
    assert not (tmp_path / "elsewhere").exists()


def test_a_failing_check_sends_no_mail_to_the_admins_at_each_question(settings: Any) -> None:
    settings.ADMINS = [("Operator", "operator@example.com")]
    with connection.execute_wrapper(refuse):
        ask(READY)
    assert mail.outbox == []
