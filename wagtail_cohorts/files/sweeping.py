"""Removing what nothing refers to: files written before a commit that never came, and results made twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import ForeignKey, ProtectedError
from django.utils import timezone
from wagtail.models import Revision, RevisionMixin

from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.files.storage import PART, path_for, storage

OLD_ENOUGH = timedelta(days=1)
CHUNK = 500


@dataclass(frozen=True)
class Swept:
    """Rows that nothing referred to, and files that had no row."""

    rows: int = 0
    files: int = 0


def sweep_files(*, older_than: timedelta = OLD_ENOUGH) -> Swept:
    """Remove orphans that are older; younger ones may still be waiting for their commit.

    The rows of a batch name files that it will refer to when it commits, so nothing younger than the oldest open
    batch is touched.
    """
    limit = timezone.now() - older_than
    oldest = Batch.objects.filter(state__in=Batch.OPEN).order_by("created_at").first()
    if oldest is not None:
        limit = min(limit, oldest.created_at)
    return Swept(rows=_sweep_rows(limit), files=_sweep_files(limit))


def unreferred(limit: datetime) -> Any:
    """Stored files of which no row of any model knows, and no draft that waits in a revision."""
    rows = StoredFile.objects.filter(created_at__lt=limit)
    for relation in StoredFile._meta.get_fields(include_hidden=True):
        column = getattr(relation, "field", None)
        if not relation.auto_created or not isinstance(column, ForeignKey):
            continue
        used = column.model._default_manager.filter(**{f"{column.name}__isnull": False})
        rows = rows.exclude(pk__in=used.values(column.attname))
        if issubclass(column.model, RevisionMixin):
            rows = rows.exclude(pk__in=_in_revisions(column))
    return rows


def _in_revisions(column: Any) -> set[int]:
    kind = ContentType.objects.get_for_model(column.model, for_concrete_model=False)
    revisions = Revision.objects.filter(base_content_type=kind)
    found = revisions.values_list(f"content__{column.name}", flat=True).iterator(chunk_size=CHUNK)
    return {int(key) for key in found if key}


def _sweep_rows(limit: datetime) -> int:
    swept = 0
    for row in list(unreferred(limit)):
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError:  # something refers to it since
            continue
        storage().delete(row.path)
        swept += 1
    return swept


def _sweep_files(limit: datetime) -> int:
    swept, place = 0, storage()
    for path in _all_paths():
        if place.get_modified_time(path) < limit and not StoredFile.objects.filter(path=path).exists():
            place.delete(path)
            swept += 1
    return swept


def _all_paths() -> Iterator[str]:
    """Every file under our own layout, institution/two letters/hash, and what was begun there and never finished;
    anything else in the storage is left alone."""
    for institution in _folders(""):
        for start in _folders(institution):
            _inner, names = storage().listdir(f"{institution}/{start}")
            for name in names:
                path = f"{institution}/{start}/{name}"
                digest = name.split(".")[0] if name.endswith(PART) else name
                if institution.isdigit() and path.removesuffix(name) + digest == path_for(
                    int(institution), digest
                ):
                    yield path


def _folders(path: str) -> list[str]:
    try:
        folders, _names = storage().listdir(path)
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(folders)
