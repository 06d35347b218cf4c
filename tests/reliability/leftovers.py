"""What a failure may not change, and what it may leave for the sweep. Imported when Django is set up."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.completion.verification import verify_everything
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.exports.models import ExportFile
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.files.storage import PART
from wagtail_cohorts.files.sweeping import sweep_files, unreferred
from wagtail_cohorts.signing.models import Act, Mark
from wagtail_cohorts.uploads.models import Upload

MONTHS = timedelta(days=90)
BEGUN = ("signing.started", "cohort.finalizing_started", "cohort.sponsor_review_started", "sponsor.opened")


def snapshot() -> list[Any]:
    """Everything that counts as state. That a job was begun is no change of it."""
    states = [
        list(model.objects.order_by("pk").values_list("pk", *columns))
        for model, columns in (
            (Cohort, ["state"]),
            (Enrollment, ["state", "verification", "submitted_at"]),
            (Agreement, ["state", "current", "sealed", "revision"]),
            (Upload, ["state"]),
        )
    ]
    counts = [model.objects.count() for model in (Act, Mark, CompletionRecord, ExportFile)]
    events = list(Event.objects.exclude(name__in=BEGUN).values_list("name", flat=True).order_by("pk"))
    for index in (0,):  # the first look of a sponsor begins the review
        states[index] = [
            (pk, state.replace("ready_for_sponsor", "sponsor_review")) for pk, state in states[index]
        ]
    return [states, counts, events]


def files() -> list[Path]:
    return [path for path in Path(settings.WAGTAIL_COHORTS_FILES_ROOT).rglob("*") if path.is_file()]


def parts() -> list[Path]:
    return [path for path in files() if path.name.endswith(PART)]


def sweep() -> dict[str, Any]:
    """Three months later: what nothing refers to goes, and nothing else."""
    wrong = [path.name for path in files() if hashlib.sha256(path.read_bytes()).hexdigest() != path.name]
    rows, orphans = StoredFile.objects.count(), files()
    StoredFile.objects.update(created_at=timezone.now() - MONTHS)
    old = time.time() - MONTHS.total_seconds()
    for path in orphans:
        os.utime(path, (old, old))
    swept = sweep_files()
    left = {str(path.relative_to(settings.WAGTAIL_COHORTS_FILES_ROOT)) for path in files()}
    report = verify_everything()
    problems = {
        "a file is not what its name says": wrong,
        "rows that nothing refers to are left": list(unreferred(timezone.now())),
        "files without a row are left": left - set(StoredFile.objects.values_list("path", flat=True)),
        "something does not verify": report.problems,
    }
    broken = [f"{problem}: {str(found)[:200]}" for problem, found in problems.items() if found]
    return {
        "rows": rows, "rows_swept": swept.rows, "files_swept": swept.files, "verified_files": report.files,
        "broken": broken,
    }  # fmt: skip
