"""A real Celery application, set up as docs/how-to/workers.md says."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.reliability.settings")

app = Celery("cohorts_reliability")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["wagtail_cohorts"])
