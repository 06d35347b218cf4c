"""Appending to chains: the only writer of events."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from wagtail_cohorts.actors import Actor
from wagtail_cohorts.evidence import consumers
from wagtail_cohorts.evidence.canonical import canonical_json, commitment, event_hash, utc_text
from wagtail_cohorts.evidence.models import Delivery, Event, EventDetail, Stream
from wagtail_cohorts.jobs import ring


def open_stream(key: str, *, institution_id: int | None) -> Stream:
    """Make the head row of a new subject's chain."""
    return Stream.objects.create(key=key, institution_id=institution_id)


def open_streams(keys: Sequence[str], *, institution_id: int | None) -> None:
    Stream.objects.bulk_create([Stream(key=key, institution_id=institution_id) for key in keys])


@dataclass
class NewEvent:
    """One event to append: ``data`` goes into the chain, ``details`` stay erasable."""

    stream_key: str
    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


def append(
    stream_key: str,
    name: str,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    details: Mapping[str, Any] | None = None,
) -> Event:
    """Append one event, inside the caller's transaction. Writes deliveries and runs reactions."""
    return append_all([NewEvent(stream_key, name, data or {}, details or {})], actor=actor)[0]


def append_all(new_events: Sequence[NewEvent], *, actor: Actor) -> list[Event]:
    """Append many events set-based: heads are locked in key order, so that two bulk commits cannot deadlock."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("Events are appended inside the transaction of what they tell.")
    heads = _lock_heads({new.stream_key for new in new_events})
    now = timezone.now()
    pairs = [_build(heads[new.stream_key], new, actor=actor, now=now) for new in new_events]
    events = Event.objects.bulk_create([event for event, _ in pairs])
    if not connection.features.can_return_rows_from_bulk_insert:  # MySQL
        events = _reload(events)
    details = [detail for _, detail in pairs]
    for event, detail in zip(events, details, strict=True):
        if detail is not None:
            detail.event = event
    EventDetail.objects.bulk_create([detail for detail in details if detail is not None])
    Stream.objects.bulk_update(heads.values(), ["head_seq", "head_hash"])
    _owe_deliveries(events, now=now)
    for listener in consumers.listeners():
        listener(events, actor)
    for event in events:
        for reaction in consumers.reactions_to(event.name):
            reaction(event)
    return events


def _lock_heads(keys: set[str]) -> dict[str, Stream]:
    heads = {row.key: row for row in Stream.objects.select_for_update().filter(key__in=keys).order_by("key")}
    missing = keys - heads.keys()
    if missing:
        raise LookupError(f"No stream {sorted(missing)[0]!r}; it is made with its subject.")
    return heads


def _build(head: Stream, new: NewEvent, *, actor: Actor, now: Any) -> tuple[Event, EventDetail | None]:
    personal = {**actor.details, **new.details}
    payload: dict[str, Any] = {
        "name": new.name,
        "at": utc_text(now),
        "actor": actor.kind,
        "actor_key": actor.key,
        "data": dict(new.data),
    }
    detail = None
    if personal:
        salt, text = secrets.token_hex(32), canonical_json(personal)
        payload["details"] = commitment(salt, text)
        detail = EventDetail(salt=salt, data=text)
    text = canonical_json(payload)
    seq = head.head_seq + 1
    digest = event_hash(head.head_hash, head.key, seq, text)
    event = Event(
        stream=head,
        seq=seq,
        name=new.name,
        payload=text,
        previous_hash=head.head_hash,
        hash=digest,
        recorded_at=now,
    )
    head.head_seq, head.head_hash = seq, digest
    return event, detail


def _reload(events: Sequence[Event]) -> list[Event]:
    hashes = [event.hash for event in events]
    found = {event.hash: event for event in Event.objects.filter(hash__in=hashes).select_related("stream")}
    return [found[digest] for digest in hashes]


def _owe_deliveries(events: Sequence[Event], *, now: Any) -> None:
    owed = [
        Delivery(event=event, consumer=consumer.name, recipient=recipient, due_at=now)
        for event in events
        for consumer in consumers.consumers_of(event.name)
        for recipient in dict.fromkeys(consumer.recipients(event))
    ]
    if owed:
        Delivery.objects.bulk_create(owed)
        ring("run_deliveries")
