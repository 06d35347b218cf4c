"""Run inside a plain site that has the wheel: one cohort of one student. `sign`, `finish` and `check` are separate
processes, so that the site's own worker does the work between them."""

from __future__ import annotations

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plain.settings.dev")
django.setup()

from tests import factories as make  # noqa: E402
from wagtail_cohorts import pdf  # noqa: E402
from wagtail_cohorts.cohorts.models import Cohort  # noqa: E402
from wagtail_cohorts.completion.finalizing import start_finalizing  # noqa: E402
from wagtail_cohorts.enrollments.models import Agreement  # noqa: E402


def sign() -> None:
    make.start_signing(make.ready(students=1))


def finish() -> None:
    cohort = Cohort.objects.get()
    assert cohort.state == "institution_review", cohort.state
    start_finalizing(cohort, actor=make.actor_of(cohort.institution))


def check() -> None:
    assert Cohort.objects.get().state == "completed"
    agreement = Agreement.objects.exclude(enrollment=None).get()
    (seal,) = pdf.verify(agreement.sealed.read())
    assert seal.intact and seal.whole_file, seal
    sys.stdout.write("sealed and intact\n")


if __name__ == "__main__":
    {"sign": sign, "finish": finish, "check": check}[sys.argv[1]]()
