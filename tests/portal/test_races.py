"""The same press from eight places at once: one signature, one event, one answer. On a database server."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests import factories as make
from tests.portal.journey import Visitor, fill_everything, seen_value
from wagtail_cohorts.evidence.models import Event, Stream
from wagtail_cohorts.evidence.verification import verify_streams
from wagtail_cohorts.flags import create_flags
from wagtail_cohorts.signing.models import Act

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8


@pytest.fixture
def visitor() -> Visitor:
    if connection.vendor == "sqlite":
        pytest.skip("DATABASE names no server")
    create_flags()
    return Visitor(make.invited(make.enrolling()))


def at_once(send: Callable[[Client], Any], visitor: Visitor) -> list[Any]:
    """The answers of as many clients with the visitor's cookies, started together."""
    together = Barrier(AT_ONCE)

    def one(_number: int) -> Any:
        client = Client(raise_request_exception=False)
        client.cookies = visitor.client.cookies.copy()
        together.wait()
        try:
            return send(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_eight_presses_sign_once_and_all_are_answered_well(visitor: Visitor) -> None:
    fill_everything(visitor)
    data = {"seen": seen_value(visitor.get("review")), "consent": "yes"}
    answers = at_once(lambda client: client.post(visitor.url("review"), data), visitor)
    assert [answer.status_code for answer in answers] == [303] * AT_ONCE
    assert {answer.url for answer in answers} == {visitor.url("status")}
    assert Act.objects.filter(agreement__enrollment=visitor.enrollment).count() == 1
    assert (
        Event.objects.filter(name="agreement.signed", stream__key=visitor.enrollment.stream_key).count() == 1
    )
    assert Event.objects.filter(name="enrollment.submitted").count() == 1
    assert not [report.problem for report in verify_streams(Stream.objects.all()) if report.problem]


def test_answers_saved_at_once_lose_none(visitor: Visitor) -> None:
    agreement = visitor.enrollment.agreements.get()
    url, body = visitor.url("save", agreement=agreement.uuid), '{"values": {"street": "14 Umgeni Street"}}'
    answers = at_once(lambda client: client.post(url, body, content_type="application/json"), visitor)
    assert {answer.status_code for answer in answers} == {200}
    agreement.refresh_from_db()
    assert agreement.values == {"student": {"street": "14 Umgeni Street"}}
    assert Event.objects.filter(name="enrollment.started").count() == 1
