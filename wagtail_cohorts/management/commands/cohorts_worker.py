"""Do due work without any broker: the rows are the queue."""

from __future__ import annotations

import os
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.exceptions import Busy
from wagtail_cohorts.notifications.sponsor_reminders import run_due_sponsor_reminders
from wagtail_cohorts.watching.context import scope


class Command(BaseCommand):
    help = "Does due work (signing, sealing, e-mails, exports) from the database, without Celery."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Stop when nothing is due.")
        parser.add_argument(
            "--interval", type=float, default=1.0, help="Seconds to wait when nothing is due."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = False
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, self._stop)
        while not self.stopping:
            done = self._work()
            if not done and options["once"]:
                return
            if not done:
                time.sleep(options["interval"])

    def _stop(self, *_args: Any) -> None:
        self.stopping = True

    def _work(self) -> int:
        close_old_connections()
        try:
            with scope(task=f"worker-{os.getpid()}"):
                return run_due_items(limit=10) + run_due_sponsor_reminders() + run_due_deliveries(limit=20)
        except (OperationalError, Busy) as error:
            self.stderr.write(f"The database did not answer ({error}); trying again.")
            time.sleep(1)
            return 1
