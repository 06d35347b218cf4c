"""Sweeping: orphans go, everything that is referred to or still awaited stays."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from tests import factories as make
from tests.private_files import in_a_folder
from wagtail_cohorts.completion.verification import verify_everything
from wagtail_cohorts.exports.packing import start_cohort_zip
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.files.storage import path_for, storage, store
from wagtail_cohorts.files.sweeping import sweep_files

pytestmark = pytest.mark.django_db


def _orphan(institution: Any, *, days: int = 2, data: bytes = b"orphan") -> StoredFile:
    stored = store(data, institution_id=institution.pk, content_type="application/pdf")
    StoredFile.objects.filter(pk=stored.pk).update(created_at=timezone.now() - timedelta(days=days))
    return stored


def test_an_old_file_that_nothing_refers_to_is_removed_with_its_row() -> None:
    stored = _orphan(make.institution())
    assert sweep_files().rows == 1
    assert not StoredFile.objects.filter(pk=stored.pk).exists()
    assert not storage().exists(stored.path)


def test_a_young_one_is_spared() -> None:
    _orphan(make.institution(), days=0)
    assert sweep_files().rows == 0


def test_nothing_of_a_completed_cohort_is_removed_however_old() -> None:
    make.completed(students=1)
    StoredFile.objects.update(created_at=timezone.now() - timedelta(days=400))
    before = StoredFile.objects.count()
    sweep_files()
    report = verify_everything()
    assert report.problems == []
    assert report.seals == 2
    assert before - StoredFile.objects.count() <= 1


def test_the_pdf_of_a_draft_that_is_not_published_is_spared() -> None:
    template = make.template(make.institution())
    first = template.source
    template.source = store(
        make.small_pdf(3), institution_id=template.institution_id, content_type="application/pdf"
    )
    template.save_revision()
    StoredFile.objects.update(created_at=timezone.now() - timedelta(days=9))
    assert sweep_files().rows == 0
    assert StoredFile.objects.filter(pk__in=[first.pk, template.source.pk]).count() == 2


def test_files_made_since_an_open_batch_began_are_spared() -> None:
    cohort = make.sponsor_signed(students=1)
    batch = start_cohort_zip(cohort, actor=make.actor_of(cohort.institution))
    type(batch).objects.filter(pk=batch.pk).update(created_at=timezone.now() - timedelta(days=5))
    awaited = _orphan(cohort.institution, days=3)
    older = _orphan(cohort.institution, days=9, data=b"older")
    sweep_files()
    assert StoredFile.objects.filter(pk=awaited.pk).exists()
    assert not StoredFile.objects.filter(pk=older.pk).exists()


def test_a_file_without_a_row_is_removed_when_it_is_old_and_lies_in_our_layout() -> None:
    institution = make.institution()
    ours, young = path_for(institution.pk, "ab" * 32), path_for(institution.pk, "cd" * 32)
    foreign = f"{institution.pk}/notes/keep.txt"
    for path in (ours, foreign):
        storage().save(path, ContentFile(b"left by a crash"))
    time.sleep(2)  # some storages know the time of a file to a second
    storage().save(young, ContentFile(b"waits for its commit"))
    assert sweep_files(older_than=timedelta(seconds=1)).files == 1
    assert not storage().exists(ours)
    assert storage().exists(young) and storage().exists(foreign)


def test_the_command_says_what_it_removed_and_never_goes_below_an_hour(tmp_path: Path) -> None:
    _orphan(make.institution())
    _orphan(make.institution(), days=0, data=b"now")
    out = StringIO()
    call_command("cohorts_sweep_files", hours=0.0, stdout=out)
    assert "Removed 1 unused files" in out.getvalue()


def _age(path: str) -> None:
    old = time.time() - 3 * 86400
    os.utime(storage().path(path), (old, old))


@in_a_folder
def test_what_a_killed_process_left_half_written_is_removed() -> None:
    institution = make.institution()
    kept = store(b"whole", institution_id=institution.pk, content_type="application/pdf")
    part = f"{kept.path}.0a1b2c3d.part"
    Path(storage().path(part)).write_bytes(b"who")
    Path(storage().path(f"{institution.pk}/notes.part")).write_bytes(b"somebody else's")
    assert sweep_files().files == 0
    _age(part)
    _age(f"{institution.pk}/notes.part")
    assert sweep_files().files == 1
    assert not storage().exists(part) and storage().exists(kept.path)
