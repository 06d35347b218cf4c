"""The Celery app, for when CELERY_BROKER_URL is set: `celery -A example_site.config worker`.

A job is a row before it is a message, so these settings only decide how soon a lost message is noticed.
"""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.config.settings")

app = Celery("example_site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    broker_connection_retry_on_startup=True,
    broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 2},
    task_acks_late=True,
    task_ignore_result=True,
    task_reject_on_worker_lost=True,
    task_soft_time_limit=100,
    task_time_limit=120,
    worker_prefetch_multiplier=1,
)
app.autodiscover_tasks()
