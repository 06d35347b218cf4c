"""Settings, URLs and entry points. With a broker, importing this makes its Celery app the current one."""

from __future__ import annotations

import os

if os.environ.get("CELERY_BROKER_URL"):
    from example_site.config.celery import app as celery_app

    __all__ = ["celery_app"]
