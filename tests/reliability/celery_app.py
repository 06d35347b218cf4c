"""A real Celery application for the kill test, with a sweep every other second."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.reliability.settings")

app = Celery("cohorts_reliability")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["wagtail_cohorts"])
app.conf.beat_schedule = {"sweep": {"task": "wagtail_cohorts.sweep", "schedule": 2.0}}
