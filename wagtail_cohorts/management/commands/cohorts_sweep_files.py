"""Remove files that nothing refers to: leftovers of work that was never committed."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from wagtail_cohorts.files.sweeping import sweep_files


class Command(BaseCommand):
    help = "Removes files older than a day that nothing refers to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hours", type=float, default=24.0, help="Spare files younger than this (24).")

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep_files(older_than=timedelta(hours=max(options["hours"], 1.0)))
        self.stdout.write(f"Removed {swept.rows} unused files and {swept.files} files without a row.")
