"""ZIP files of private files: written to disk as they go, so that a big one never lies in memory."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.core.files import File

from wagtail_cohorts import clock
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.files.serving import safe_name
from wagtail_cohorts.files.storage import CHUNK, path_for, write_file

IN_MEMORY = 8 << 20
ZIP_TYPE = "application/zip"


@dataclass(frozen=True)
class Entry:
    """One file of a ZIP: its path with slashes, and a stored file or bytes."""

    path: str
    content: StoredFile | bytes


class Names:
    """Gives each thing of a folder a name of its own; Windows and macOS do not tell upper from lower case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str) -> str:
        stem, dot, ending = name.rpartition(".") if name[-5:].count(".") else (name, "", "")
        number, found = 1, name
        while found.casefold() in self._taken:
            number += 1
            found = f"{stem} ({number}){dot}{ending}"
        self._taken.add(found.casefold())
        return found


def folder_name(name: str) -> str:
    """A harmless name for a folder: a dot in it would be taken for a file's ending."""
    return safe_name(" ".join(name.replace(".", " ").split()), fallback="folder")


def file_name(title: str, ending: str = "pdf") -> str:
    return safe_name(f"{' '.join(title.split())[:90].strip(' .')}.{ending}", fallback=f"file.{ending}")


def store_zip(entries: Iterable[Entry], *, institution_id: int, moment: datetime) -> StoredFile:
    """Write and keep a ZIP with the entries. PDFs are stored as they are, since they hardly shrink."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as handle:
        write_zip(handle, entries, moment=moment)
        return store_handle(handle, institution_id=institution_id, content_type=ZIP_TYPE)


def write_zip(target: IO[bytes], entries: Iterable[Entry], *, moment: datetime) -> None:
    stamp = clock.local(moment).timetuple()[:6]
    with zipfile.ZipFile(target, "w", allowZip64=True) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry.path, date_time=stamp)
            info.external_attr = 0o644 << 16
            is_text = entry.path.endswith((".json", ".txt", ".csv"))
            info.compress_type = zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED
            if isinstance(entry.content, bytes):
                archive.writestr(info, entry.content)
                continue
            info.file_size = entry.content.size
            with entry.content.open() as source, archive.open(info, "w") as place:
                shutil.copyfileobj(source, place, CHUNK)


def store_handle(handle: IO[Any], *, institution_id: int, content_type: str) -> StoredFile:
    """``store`` for what is too large to hold in memory: hashed and written in pieces."""
    sha256, size = _measure(handle)
    found = StoredFile.objects.filter(institution_id=institution_id, sha256=sha256, erased_at=None).first()
    if found is not None:
        return found
    path = path_for(institution_id, sha256)
    write_file(path, File(handle, name=sha256), sha256=sha256)
    stored, _created = StoredFile.objects.update_or_create(
        institution_id=institution_id,
        sha256=sha256,
        defaults={"size": size, "content_type": content_type, "path": path, "erased_at": None},
    )
    return stored


def _measure(handle: IO[Any]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    handle.seek(0)
    while piece := handle.read(CHUNK):
        digest.update(piece)
        size += len(piece)
    handle.seek(0)
    return digest.hexdigest(), size
