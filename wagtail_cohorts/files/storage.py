"""Where private files live, and writing and reading them by content."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.translation import gettext as _

from wagtail_cohorts.conf import settings
from wagtail_cohorts.exceptions import Unavailable
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.transactions import again

ALIAS = "wagtail_cohorts"
PART = ".part"
CHUNK = 1 << 20


class PrivateFolder(FileSystemStorage):
    """A folder whose files have no URL (Django's own would fall back to MEDIA_URL) and are there whole or not at all:
    written beside their place, flushed to the disk, and renamed. Writing again replaces."""

    def url(self, name: str | None) -> str:
        raise ValueError("This file is not accessible via a URL.")

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        place = Path(self.path(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f"{place.name}.{secrets.token_hex(4)}{PART}")
        try:
            with part.open("xb") as handle:
                for chunk in content.chunks():
                    handle.write(chunk)
                handle.flush()
                os.fsync(handle.fileno())
            if self.file_permissions_mode is not None:
                part.chmod(self.file_permissions_mode)
            part.replace(place)
        except BaseException:
            with suppress(OSError):
                part.unlink()
            raise
        return name


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
    write_file(path, ContentFile(data), sha256=hashlib.sha256(data).hexdigest())


def write_file(path: str, content: File[Any], *, sha256: str) -> None:
    """Put a whole file in its place, or leave the place without a file that counts. Raises Unavailable."""
    place = storage()
    with answering():
        if not isinstance(place, PrivateFolder) and place.exists(path):
            if _digest(place, path) == sha256:
                return
            place.delete(path)  # cut short by a crash
        saved = place.save(path, content)
        if saved != path:  # somebody else wrote the same content in the meantime
            place.delete(saved)


def _digest(place: Storage, path: str) -> str:
    digest = hashlib.sha256()
    with place.open(path, "rb") as handle:
        while piece := handle.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


@contextmanager
def answering() -> Iterator[None]:
    """Whatever a storage raises becomes a sentence; the log has the cause."""
    try:
        yield
    except Unavailable:
        raise
    except Exception as error:
        raise Unavailable(
            _(
                "Our file store does not answer at the moment. Nothing was changed; try again in a few minutes."
            )
        ) from error


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


def open_file(stored: StoredFile) -> Any:
    """Raises Unavailable, also for a file that is missing."""
    with answering():
        return storage().open(stored.path, "rb")


def read_file(stored: StoredFile) -> bytes:
    """Raises Unavailable, also for a file that is missing."""
    return _read(stored.path)


def _read(path: str) -> bytes:
    with answering(), storage().open(path, "rb") as handle:
        return bytes(handle.read())


def read_shared(stored: StoredFile) -> bytes:
    """``read_file`` for a small file that stands in many documents, such as the picture of a signature: read once and
    kept in this process, since its path and hash name its content. Raises Unavailable, also for other content."""
    return shared_bytes(stored.path, stored.sha256)


@lru_cache(maxsize=128)
def shared_bytes(path: str, sha256: str) -> bytes:
    data = _read(path)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Unavailable(_("A file is not what was kept. Run the check of all files."))
    return data
