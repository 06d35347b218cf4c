"""Canonical JSON and hashes: what an event's hash is taken over."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def canonical_json(value: Any) -> str:
    """Sorted keys, no spaces, UTF-8 text; floats are refused since they have no one form."""
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("Evidence holds no floats.")
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_floats(child)


def sha256_hex(data: bytes | str) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def utc_text(moment: datetime) -> str:
    """UTC with microseconds, e.g. ``2026-11-24T08:00:00.000000Z``."""
    if moment.tzinfo is None:
        from django.utils import timezone as django_timezone

        moment = django_timezone.make_aware(moment)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def event_hash(previous: str, stream_key: str, seq: int, payload: str) -> str:
    """Chain link: over the previous hash, the stream, the place in it and the payload as stored."""
    return sha256_hex("\n".join([previous, stream_key, str(seq), payload]))


def commitment(salt: str, data: str) -> str:
    """What an event keeps of its details: worth nothing once the salt is erased."""
    return sha256_hex(f"{salt}\n{data}")
