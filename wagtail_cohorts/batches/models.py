"""One long job is one batch with one item a unit of work. The rows are the queue and the progress."""

from __future__ import annotations

import uuid as uuid_module

from django.db import models


class Batch(models.Model):
    """``active_key`` is unique while the batch is open: a second click finds the first batch."""

    PENDING, RUNNING, COMMITTING, DONE, FAILED, CANCELLED = (
        "pending",
        "running",
        "committing",
        "done",
        "failed",
        "cancelled",
    )
    STATES = [(state, state) for state in (PENDING, RUNNING, COMMITTING, DONE, FAILED, CANCELLED)]
    OPEN = (PENDING, RUNNING, COMMITTING)

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    subject_key = models.CharField(max_length=80, db_index=True)
    active_key = models.CharField(max_length=160, unique=True, null=True)  # noqa: DJ001  NULL keeps it out of the constraint
    state = models.CharField(max_length=12, choices=STATES, default=PENDING, db_index=True)
    actor_kind = models.CharField(max_length=12)
    actor_key = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    total = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    institution_path = "institution"
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class BatchItem(models.Model):
    """Claimed by a lease, done outside any transaction, finished once, retried alone."""

    PENDING, PREPARED, FAILED = "pending", "prepared", "failed"
    STATES = [(PENDING, "pending"), (PREPARED, "prepared"), (FAILED, "failed")]

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="items")
    key = models.CharField(max_length=80)
    position = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=STATES, default=PENDING)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    params = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["batch", "key"], name="cohorts_one_item_each")]
        indexes = [models.Index(fields=["state", "lease_until"], name="cohorts_item_due")]

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.key}"
