"""Checking chains: the first event that does not fit is named."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from wagtail_cohorts.evidence.canonical import commitment, event_hash
from wagtail_cohorts.evidence.models import Event, Stream


@dataclass(frozen=True)
class ChainReport:
    """``problem`` is empty when the whole stream verifies; ``erased`` counts events whose details were erased."""

    stream_key: str
    events: int
    erased: int = 0
    bad_seq: int | None = None
    problem: str = ""


def verify_stream(stream: Stream) -> ChainReport:
    """Walk one chain from its first event to its head."""
    return verify_streams([stream])[0]


def verify_streams(streams: Iterable[Stream]) -> list[ChainReport]:
    """Walk several chains, each from its first event to its head, in one pass over their events."""
    heads = {stream.pk: stream for stream in streams}
    events = Event.objects.filter(stream__in=heads).select_related("detail").order_by("stream_id", "seq")
    walked = {
        key: _walk(heads[key], own)
        for key, own in groupby(events.iterator(chunk_size=2000), attrgetter("stream_id"))
    }
    return [walked.get(key) or _walk(stream, []) for key, stream in heads.items()]


def _walk(stream: Stream, events: Iterable[Event]) -> ChainReport:
    previous, seq, erased = "", 0, 0
    for event in events:
        seq += 1
        problem = _problem(event, stream, seq=seq, previous=previous)
        if problem:
            return ChainReport(stream.key, seq, erased, seq, problem)
        erased += _is_erased(event)
        previous = event.hash
    if seq != stream.head_seq or previous != stream.head_hash:
        return ChainReport(stream.key, seq, erased, seq + 1, "events are missing at the end")
    return ChainReport(stream.key, seq, erased)


def _problem(event: Event, stream: Stream, *, seq: int, previous: str) -> str:
    if event.seq != seq:
        return f"event {seq} is missing"
    if event.previous_hash != previous:
        return "the link to the event before is broken"
    if event.hash != event_hash(previous, stream.key, seq, event.payload):
        return "the event was changed"
    detail = getattr(event, "detail", None)
    if detail is not None and json.loads(event.payload).get("details") != commitment(
        detail.salt, detail.data
    ):
        return "the event's details were changed"
    if json.loads(event.payload).get("name") != event.name:
        return "the event's name was changed"
    return ""


def _is_erased(event: Event) -> bool:
    return "details" in json.loads(event.payload) and getattr(event, "detail", None) is None
