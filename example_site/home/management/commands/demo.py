"""`manage.py demo`: starts clean, runs a cohort's whole life, verifies what came of it, and serves the site."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.urls import reverse

from example_site.life.progress import Progress

OWN = ("files", "mail", "results", "media")


class Command(BaseCommand):
    help = "Runs the main job of the example site, then serves it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--students", type=int, default=50, help="How many students (1 to 50).")
        parser.add_argument(
            "--no-serve", action="store_true", help="Stop after the job; exit 1 if anything failed."
        )
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["students"] <= 50:
            raise CommandError("Between 1 and 50 students, please.")
        progress = Progress(sys.stdout)
        problems = self._job(progress, options["students"])
        for problem in problems:
            self.stderr.write(f"PROBLEM  {problem}")
        if options["no_serve"]:
            if problems:
                raise CommandError(f"{len(problems)} problems.")
            return
        self._serve(options["port"])

    def _job(self, progress: Progress, count: int) -> list[str]:
        progress.say("wagtail-cohorts: a cohort's whole life\n")
        with progress.step("A clean site is made"):
            self._clean()
            call_command("migrate", verbosity=0)
        from example_site.life import others, world
        from example_site.life.main_job import MainJob
        from example_site.people import students

        with progress.step("Two institutions, staff, sponsors and published templates"):
            world.superuser()
            house, other = world.mopane_ridge(), world.blue_crane()
        job = MainJob(house, progress, students(count))
        started = time.perf_counter()
        cohort = job.run()
        written = job.write_results(cohort, settings.BASE_DIR / "results")
        seconds = time.perf_counter() - started
        problems = job.problems + self._verify(progress, cohort)
        self._report(progress, cohort, written, seconds)
        with progress.step("More cohorts, in every state"):
            self.links = [
                others.enrolling(house), others.ready_for_sponsor(house), others.draft(house),
                others.institution_signing(house), others.cancelled(house), others.enrolling(other),
                others.waiting_for_a_guardian(house),
            ]  # fmt: skip
            job.deliver("Their e-mails go out")
        return problems

    def _clean(self) -> None:
        settings.BASE_DIR.mkdir(parents=True, exist_ok=True)
        for name in OWN:
            shutil.rmtree(settings.BASE_DIR / name, ignore_errors=True)
        if connection.vendor == "sqlite":
            connection.close()
            for path in settings.BASE_DIR.glob("site.sqlite3*"):
                path.unlink()
        else:
            call_command("migrate", verbosity=0)
            call_command("flush", interactive=False, verbosity=0)

    def _verify(self, progress: Progress, cohort: Any) -> list[str]:
        from wagtail_cohorts.completion.verification import verify_everything

        with progress.step("Every chain, file and seal is verified"):
            report = verify_everything(institution_id=cohort.institution_id)
        progress.say(
            f"\n  Verified: {report.streams} chains with {report.events} events, {report.files} files, "
            f"{report.seals} seals. Problems: {len(report.problems)}."
        )
        return list(report.problems)

    def _report(self, progress: Progress, cohort: Any, written: list[Path], seconds: float) -> None:
        from example_site.life.steps import agreements_of
        from wagtail_cohorts.signing.models import Act
        from wagtail_cohorts.uploads.models import Upload

        agreements = agreements_of(cohort)
        progress.say(
            f"  Counted:  {cohort.enrollments.count()} students, {agreements.filter(state='sealed').count()} sealed "
            f"agreements, {Act.objects.filter(agreement__cohort=cohort).count()} acts of signing, "
            f"{Upload.objects.filter(enrollment__cohort=cohort).count()} uploads, "
            f"{cohort.sponsor_invitations.count()} sponsor invitation."
        )
        progress.say(f"  The job took {seconds:.1f} s. Its results:")
        for path in written:
            progress.say(f"    {path}")
        progress.say()

    def _serve(self, port: int) -> None:
        self._print_links(port)
        worker = subprocess.Popen([sys.executable, sys.argv[0], "cohorts_worker"])  # noqa: S603  our own command
        try:
            call_command("runserver", f"127.0.0.1:{port}", use_reloader=False)
        finally:
            worker.terminate()

    def _print_links(self, port: int) -> None:
        from example_site.life.world import PASSWORD

        base = f"http://localhost:{port}"
        self.stdout.write(f"\n  The site          {base}/")
        self.stdout.write(f"  Editor            {base}/admin/   lindiwe / {PASSWORD}  (administrator)")
        self.stdout.write(f"                    {base}/admin/   lerato / {PASSWORD}   (coordinator)")
        self.stdout.write(
            f"                    {base}/admin/   sarel / {PASSWORD}    (the other institution)"
        )
        self.stdout.write(f"                    {base}/admin/   admin / {PASSWORD}    (superuser)")
        for who, link in self._personal_links():
            self.stdout.write(f"  {who:<17} {base}{link}")
        self.stdout.write("\n  Stop with Ctrl+C.\n")
        self.stdout.flush()

    def _personal_links(self) -> list[tuple[str, str]]:
        from wagtail_cohorts.enrollments.guardians import guardian_link
        from wagtail_cohorts.enrollments.models import Guardian
        from wagtail_cohorts.enrollments.operations import link_of
        from wagtail_cohorts.links.models import PersonalLink
        from wagtail_cohorts.links.operations import token_of

        enrolling, ready = self.links[0], self.links[1]
        students = enrolling.enrollments.order_by("pk")
        contact = ready.parties.get(role_key="sponsor").contact
        guardian = Guardian.objects.get(enrollment__cohort=self.links[-1])
        links = [
            ("A student (new)", link_of(students[10])),
            ("A student (sent back)", link_of(students[3])),
            ("A guardian", guardian_link(guardian)),
            ("A sponsor", PersonalLink.objects.get(subject_key=f"contact:{contact.uuid}")),
        ]
        return [(who, reverse("wagtail_cohorts:open_link", args=[token_of(link)])) for who, link in links]
