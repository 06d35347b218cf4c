"""Copies events whose subject has an admin page into Wagtail's log: readable, scoped, without people's names."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType

from wagtail_cohorts import models
from wagtail_cohorts.actors import Actor
from wagtail_cohorts.evidence.consumers import register_listener
from wagtail_cohorts.institutions.models import neutral_label

MODEL_OF_STREAM: dict[str, Any] = {
    "institution": models.Institution,
    "template": models.AgreementTemplate,
    "cohort": models.Cohort,
    "enrollment": models.Enrollment,
}


def register() -> None:
    register_listener(mirror)


def mirror(events: Sequence[Any], actor: Actor) -> None:
    """One insert for all events of an operation, in its transaction."""
    from wagtail_cohorts.admin.log_actions import EVENTS, PREFIX

    told = [event for event in events if event.name in EVENTS]
    subjects = _subjects_of({event.stream.key for event in told})
    operation = uuid.uuid4()
    entries = [
        _entry(
            event,
            subjects[event.stream.key],
            action=f"{PREFIX}{event.name}",
            actor=actor,
            operation=operation,
        )
        for event in told
        if event.stream.key in subjects
    ]
    if entries:
        models.CohortLogEntry.objects.bulk_create(entries)


def _subjects_of(keys: set[str]) -> dict[str, Any]:
    """Stream key to the row it tells of; one query a model."""
    found: dict[str, Any] = {}
    for kind, model in MODEL_OF_STREAM.items():
        uuids = [key.partition(":")[2] for key in keys if key.startswith(f"{kind}:")]
        if uuids:
            found.update({row.stream_key: row for row in model._default_manager.filter(uuid__in=uuids)})
    return found


def _entry(
    event: Any, subject: Any, *, action: str, actor: Actor, operation: uuid.UUID
) -> models.CohortLogEntry:
    return models.CohortLogEntry(
        content_type=ContentType.objects.get_for_model(subject, for_concrete_model=False),
        object_id=str(subject.pk),
        institution_id=subject.institution_id,
        label=neutral_label(subject),
        action=action,
        timestamp=event.recorded_at,
        user=actor.user,
        uuid=operation,
        data={"event": event.pk},
    )
