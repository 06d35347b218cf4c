"""Who wants to know of which events. Later rooms register here in ``AppConfig.ready()``; nobody calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail_cohorts.actors import Actor
    from wagtail_cohorts.evidence.models import Delivery, Event


@dataclass(frozen=True)
class Consumer:
    """``recipients`` names who is owed something; ``deliver`` does it and may be called twice."""

    name: str
    deliver: Callable[[Delivery], None]
    recipients: Callable[[Event], Iterable[str]] = lambda event: [""]


_by_event: dict[str, list[Consumer]] = {}
_by_name: dict[str, Consumer] = {}
_reactions: dict[str, list[Callable[[Event], None]]] = {}
_listeners: list[Callable[[Sequence[Event], Actor], None]] = []


def register(consumer: Consumer, *event_names: str) -> None:
    _by_name[consumer.name] = consumer
    for event_name in event_names:
        listed = _by_event.setdefault(event_name, [])
        if consumer not in listed:
            listed.append(consumer)


def register_reaction(reaction: Callable[[Event], None], *event_names: str) -> None:
    """A reaction runs at once, inside the event's transaction; it decides state, so it may not wait."""
    for event_name in event_names:
        listed = _reactions.setdefault(event_name, [])
        if reaction not in listed:
            listed.append(reaction)


def register_listener(listener: Callable[[Sequence[Event], Actor], None]) -> None:
    """A listener gets all events of one append, inside its transaction; it only tells, and decides nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def listeners() -> list[Callable[[Sequence[Event], Actor], None]]:
    return _listeners


def consumers_of(event_name: str) -> list[Consumer]:
    return _by_event.get(event_name, [])


def reactions_to(event_name: str) -> list[Callable[[Event], None]]:
    return _reactions.get(event_name, [])


def consumer_named(name: str) -> Consumer | None:
    return _by_name.get(name)


def known_events() -> list[str]:
    """The names of all events that somebody hears of."""
    return sorted({*_by_event, *_reactions})
