"""Where private files live, and writing and reading them by content."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

from wagtail_cohorts.conf import settings
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.transactions import again

ALIAS = "wagtail_cohorts"


class PrivateFolder(FileSystemStorage):
    """A folder whose files have no URL; Django's own would fall back to MEDIA_URL."""

    def url(self, name: str | None) -> str:
        raise ValueError("This file is not accessible via a URL.")


def storage() -> Storage:
    """``STORAGES["wagtail_cohorts"]``, else a folder that no URL leads to."""
    if ALIAS in django_settings.STORAGES:
        return storages[ALIAS]
    return PrivateFolder(location=settings.FILES_ROOT, file_permissions_mode=0o600)


def path_for(institution_id: int, sha256: str) -> str:
    return f"{institution_id}/{sha256[:2]}/{sha256}"


@again
def store(data: bytes, *, institution_id: int, content_type: str) -> StoredFile:
    """Write under the hash, before the caller's commit; the same content is written once.

    A crash after the write leaves an orphan that the sweep removes; it never leaves a row without its file.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    existing = StoredFile.objects.filter(institution_id=institution_id, sha256=sha256, erased_at=None).first()
    if existing is not None:
        return existing
    path = path_for(institution_id, sha256)
    _write(path, data)
    stored, _created = StoredFile.objects.update_or_create(
        institution_id=institution_id,
        sha256=sha256,
        defaults={"size": len(data), "content_type": content_type, "path": path, "erased_at": None},
    )
    return stored


def _write(path: str, data: bytes) -> None:
    """A file that is there but cut short by a crash is written anew."""
    place = storage()
    if place.exists(path):
        if place.size(path) == len(data):
            return
        place.delete(path)
    place.save(path, ContentFile(data))


@again
def store_all(contents: Sequence[bytes], *, institution_id: int, content_type: str) -> list[StoredFile]:
    """``store`` for many, in their order, with a number of queries that does not grow with them."""
    names = [hashlib.sha256(data).hexdigest() for data in contents]
    known = StoredFile.objects.filter(institution_id=institution_id, sha256__in=names)
    found = list(known)
    have = {row.sha256: row for row in found if row.erased_at is None}
    new = {name: data for name, data in zip(names, contents, strict=True) if name not in have}
    if not new:
        return [have[name] for name in names]
    for name, data in new.items():
        _write(path_for(institution_id, name), data)
    StoredFile.objects.bulk_create(
        [
            StoredFile(
                institution_id=institution_id,
                sha256=name,
                size=len(data),
                content_type=content_type,
                path=path_for(institution_id, name),
            )
            for name, data in new.items()
        ],
        ignore_conflicts=True,
    )
    if len(found) > len(have):
        known.filter(sha256__in=list(new)).update(erased_at=None)
    have |= {row.sha256: row for row in known.filter(sha256__in=list(new))}
    return [have[name] for name in names]


def read_file(stored: StoredFile) -> bytes:
    with storage().open(stored.path, "rb") as handle:
        return bytes(handle.read())
