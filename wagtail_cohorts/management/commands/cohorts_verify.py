"""Verify every chain, every stored file and every seal; exit 1 and name what does not fit."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wagtail_cohorts.completion.verification import verify_everything


class Command(BaseCommand):
    help = "Verifies event chains, stored files and seals."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--institution", help="Only this institution (its id).")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify_everything(institution_id=options["institution"])
        self.stdout.write(
            f"{report.streams} chains with {report.events} events, {report.files} files, {report.seals} seals checked."
        )
        for problem in report.problems:
            self.stderr.write(f"PROBLEM {problem}")
        if report.problems:
            raise CommandError(f"{len(report.problems)} problems found.")
        self.stdout.write("Everything verifies.")
