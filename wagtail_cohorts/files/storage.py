"""Where private files live, and writing and reading them by content."""

from __future__ import annotations

import hashlib

from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

from wagtail_cohorts.conf import settings
from wagtail_cohorts.files.models import StoredFile

ALIAS = "wagtail_cohorts"


def storage() -> Storage:
    """``STORAGES["wagtail_cohorts"]``, else a folder that no URL leads to."""
    if ALIAS in django_settings.STORAGES:
        return storages[ALIAS]
    return FileSystemStorage(location=settings.FILES_ROOT, base_url=None, file_permissions_mode=0o600)


def path_for(institution_id: int, sha256: str) -> str:
    return f"{institution_id}/{sha256[:2]}/{sha256}"


def store(data: bytes, *, institution_id: int, content_type: str) -> StoredFile:
    """Write under the hash, before the caller's commit; the same content is written once.

    A crash after the write leaves an orphan that the sweep removes; it never leaves a row without its file.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    existing = StoredFile.objects.filter(institution_id=institution_id, sha256=sha256, erased_at=None).first()
    if existing is not None:
        return existing
    path, place = path_for(institution_id, sha256), storage()
    if not place.exists(path) or place.size(path) != len(data):
        if place.exists(path):
            place.delete(path)
        place.save(path, ContentFile(data))
    stored, _created = StoredFile.objects.update_or_create(
        institution_id=institution_id,
        sha256=sha256,
        defaults={"size": len(data), "content_type": content_type, "path": path, "erased_at": None},
    )
    return stored


def read_file(stored: StoredFile) -> bytes:
    with storage().open(stored.path, "rb") as handle:
        return bytes(handle.read())
