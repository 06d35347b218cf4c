"""The doorbell: after commit, tell Celery that rows are due. The rows themselves are the queue."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction

from wagtail_cohorts.conf import settings
from wagtail_cohorts.outage import Outage
from wagtail_cohorts.watching.lines import name_of, tell

logger = logging.getLogger(__name__)
PATIENCE = 0.3
"""Seconds that a person waits for the broker, whatever the site's own time-outs are."""

broker_outage = Outage()


def ring(task_name: str, *args: Any) -> None:
    """Send a task once the transaction has committed. A broker that is down costs nothing: the sweep finds the row."""
    if settings.USE_CELERY:
        transaction.on_commit(lambda: _send(task_name, args), robust=True)


def _send(task_name: str, args: tuple[Any, ...]) -> None:
    from wagtail_cohorts import tasks

    if broker_outage.is_on:
        return
    task = getattr(tasks, task_name)
    try:
        with _connection(task.app) as connection:
            task.apply_async(args=args, connection=connection, retry=False)
    except Exception as error:  # whatever the broker's client raises; the sweep will find the row
        broker_outage.begin()
        tell(logger, "broker.unreachable", level=logging.WARNING, ring=task_name, error=name_of(error))


def reach_broker() -> None:
    """Raises what the broker's client raises when it cannot be reached within a blink."""
    from celery import current_app

    with _connection(current_app) as connection:
        connection.ensure_connection(max_retries=1, timeout=PATIENCE)


def _connection(app: Any) -> Any:
    """Of our own: the site's pooled ones wait and retry for seconds while a person looks at a blank page, and after
    an outage the first of them is dead. A transport reads those options that it knows."""
    patience = {
        "max_retries": 0,
        "socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE,  # Redis
        "read_timeout": PATIENCE, "write_timeout": PATIENCE,  # AMQP
    }  # fmt: skip
    options = {**(app.conf.broker_transport_options or {}), **patience}
    return app.connection_for_write(transport_options=options, connect_timeout=PATIENCE)
