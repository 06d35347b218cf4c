from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tests import factories as make
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.evidence import consumers
from wagtail_cohorts.evidence.consumers import Consumer
from wagtail_cohorts.evidence.deliveries import retry, run_due_deliveries
from wagtail_cohorts.evidence.models import Delivery
from wagtail_cohorts.evidence.operations import append, open_stream

pytestmark = pytest.mark.django_db


class Post:
    """A consumer that remembers, and fails as often as it is told."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.failures = 0

    def deliver(self, delivery: Delivery) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("no line")
        self.got.append(delivery.recipient)


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    consumers.register(
        Consumer("test-post", made.deliver, lambda event: ["anna", "ben", "anna"]), "test.happened"
    )
    yield made
    consumers._by_event.pop("test.happened")
    consumers._by_name.pop("test-post")


@pytest.fixture
def happened(post: Post) -> None:
    open_stream("t:1", institution_id=make.institution().pk)
    append("t:1", "test.happened", actor=SYSTEM_ACTOR)


def test_each_recipient_is_owed_once(happened: None) -> None:
    assert sorted(Delivery.objects.values_list("recipient", flat=True)) == ["anna", "ben"]


def test_due_deliveries_are_done_once(happened: None, post: Post) -> None:
    assert run_due_deliveries() == 2
    assert run_due_deliveries() == 0
    assert sorted(post.got) == ["anna", "ben"]


def test_a_failure_is_retried_later_and_does_not_stop_the_others(happened: None, post: Post) -> None:
    post.failures = 1
    run_due_deliveries()
    waiting = Delivery.objects.get(state=Delivery.PENDING)
    assert len(post.got) == 1 and waiting.due_at > timezone.now() and waiting.error == "ConnectionError"
    Delivery.objects.update(due_at=timezone.now())
    run_due_deliveries()
    assert sorted(post.got) == ["anna", "ben"]


def test_after_the_last_try_it_waits_for_a_person(happened: None, post: Post) -> None:
    post.failures = 1000
    for _ in range(6):
        Delivery.objects.filter(state=Delivery.PENDING).update(due_at=timezone.now(), lease_until=None)
        run_due_deliveries()
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.FAILED}
    post.failures = 0
    for delivery in Delivery.objects.all():
        retry(delivery)
    run_due_deliveries()
    assert len(post.got) == 2


def test_a_leased_delivery_is_left_alone_until_the_lease_ends(happened: None, post: Post) -> None:
    Delivery.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    assert run_due_deliveries() == 0
    Delivery.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert run_due_deliveries() == 2


def test_a_rolled_back_event_owes_nothing(post: Post) -> None:
    open_stream("t:2", institution_id=make.institution().pk)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append("t:2", "test.happened", actor=SYSTEM_ACTOR)
        raise ZeroDivisionError
    assert not Delivery.objects.exists()
