"""The doorbell: after commit, tell Celery that rows are due. The rows themselves are the queue."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from wagtail_cohorts.conf import settings

logger = logging.getLogger(__name__)


def ring(task_name: str, *args: Any) -> None:
    """Send a task once the transaction has committed. A broker that is down costs nothing: the sweep finds the row."""
    if settings.USE_CELERY:
        transaction.on_commit(lambda: _send(task_name, args), robust=True)


def _send(task_name: str, args: tuple[Any, ...]) -> None:
    from wagtail_cohorts import tasks

    try:
        getattr(tasks, task_name).apply_async(args=args, retry=False)
    except Exception:  # whatever the broker's client raises; the row stays due
        logger.warning("Could not ring for %s; the sweep will find it.", task_name, exc_info=True)
