"""Streams, events, details and deliveries. Subjects are known only by opaque stream keys."""

from __future__ import annotations

import json
from typing import Any

from django.db import models


class Stream(models.Model):
    """The head of one chain; made with its subject, locked to append."""

    key = models.CharField(max_length=80, unique=True)
    institution = models.ForeignKey(
        "wagtail_cohorts.Institution", models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    head_seq = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, default="", blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class Event(models.Model):
    """Append-only. ``payload`` is hashed as stored and holds ids, states, hashes and commitments only."""

    stream = models.ForeignKey(Stream, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    name = models.CharField(max_length=60, db_index=True)
    payload = models.TextField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="cohorts_event_place")]

    def __str__(self) -> str:
        return f"{self.name} ({self.stream_id}/{self.seq})"

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.payload)


class EventDetail(models.Model):
    """The personal part of an event: erasable, while the chain still verifies."""

    event = models.OneToOneField(Event, models.CASCADE, related_name="detail")
    salt = models.CharField(max_length=64)
    data = models.TextField()

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"detail of {self.event_id}"

    @property
    def values(self) -> dict[str, Any]:
        return json.loads(self.data)


class Delivery(models.Model):
    """What a consumer owes for an event; written in the event's transaction, done at least once."""

    PENDING, DONE, FAILED = "pending", "done", "failed"
    STATES = [(PENDING, "pending"), (DONE, "done"), (FAILED, "failed")]

    event = models.ForeignKey(Event, models.PROTECT, related_name="deliveries")
    consumer = models.CharField(max_length=60)
    recipient = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=STATES, default=PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_index=True)
    lease_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["event", "consumer", "recipient"], name="cohorts_one_delivery_each"
            )
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="cohorts_delivery_due")]

    def __str__(self) -> str:
        return f"{self.consumer} for {self.event_id}"
