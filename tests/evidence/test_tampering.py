"""Whoever can write into the database can break a chain, but not without a trace."""

from __future__ import annotations

import random

import pytest
from django.db import transaction

from tests import factories as make
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.evidence.models import Event, EventDetail, Stream
from wagtail_cohorts.evidence.operations import NewEvent, append_all, open_stream
from wagtail_cohorts.evidence.verification import verify_stream

KEY, EVENTS, TRIES = "cohort:test", 120, 200
PERSON = Actor("student", "enrollment:x", name="Naledi Mokoena", ip="10.0.0.1")


@pytest.fixture
def stream(db: None) -> Stream:
    open_stream(KEY, institution_id=make.institution().pk)
    with transaction.atomic():
        append_all(
            [NewEvent(KEY, "thing.happened", {"n": n}, {"why": "x"}) for n in range(EVENTS)], actor=PERSON
        )
    return Stream.objects.get(key=KEY)


def tamper(dice: random.Random, stream: Stream) -> int:
    """One change to one event; returns the place at which it must be found."""
    seq = dice.randint(2, EVENTS - 1)
    event = Event.objects.filter(stream=stream, seq=seq)
    row = event.get()
    match dice.randrange(6):
        case 0:
            at = dice.randrange(len(row.payload))
            event.update(payload=f"{row.payload[:at]}~{row.payload[at + 1 :]}")
        case 1:
            event.update(name="other.happened")
        case 2:
            event.update(hash=("0" if row.hash[0] != "0" else "1") + row.hash[1:])
        case 3:
            event.update(previous_hash="f" * 64)
        case 4:
            EventDetail.objects.filter(event=row).update(data='{"why": "y"}')
        case _:
            EventDetail.objects.filter(event=row).delete()
            event.delete()
    return seq


def test_two_hundred_changes_are_found_at_their_places(stream: Stream) -> None:
    dice, found = random.Random(20261124), []
    for _try in range(TRIES):
        with transaction.atomic():
            seq = tamper(dice, stream)
            report = verify_stream(stream)
            found.append(report.bad_seq == seq and bool(report.problem))
            transaction.set_rollback(True)
    assert sum(found) == TRIES
    assert verify_stream(stream).problem == ""


def test_a_new_end_is_found(stream: Stream) -> None:
    """Rows that are cut off at the end, and a head that is set back to fit, are found by the anchors outside: see
    the certificate's head of the chain. Without the head set back, here."""
    last = Event.objects.filter(stream=stream, seq__gt=EVENTS - 5)
    EventDetail.objects.filter(event__in=last).delete()
    last.delete()
    assert verify_stream(stream).problem == "events are missing at the end"
