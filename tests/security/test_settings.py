"""Settings of the site that would undo what the package promises are told at start-up."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks


def told(settings: Any, **given: Any) -> list[str]:
    for name, value in given.items():
        setattr(settings, name, value)
    return [message.id for message in run_checks(tags=["wagtail_cohorts"])]


@pytest.mark.parametrize(
    "given",
    [
        {"CELERY_ACCEPT_CONTENT": ["json", "pickle"]},
        {"CELERY_ACCEPT_CONTENT": ["application/x-python-serialize"]},
        {"CELERY_TASK_SERIALIZER": "pickle"},
        {"SESSION_SERIALIZER": "tests.PickleSerializer"},
    ],
)
def test_pickled_values_in_a_queue_or_a_session_are_an_error(settings: Any, given: dict[str, Any]) -> None:
    assert told(settings, **given) == ["wagtail_cohorts.E003"]


def test_json_is_fine(settings: Any) -> None:
    assert told(settings, CELERY_ACCEPT_CONTENT=["json"], CELERY_TASK_SERIALIZER="json") == []
