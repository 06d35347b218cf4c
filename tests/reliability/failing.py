"""A private folder that fails as disks do: full after so many bytes, or deaf when a file is opened or read."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from typing import Any

from django.core.files.base import File

from wagtail_cohorts.files.storage import PrivateFolder


class Plan:
    """What fails next; one for the process. ``written`` counts the bytes that got through since ``begin``."""

    def __init__(self) -> None:
        self.begin()

    def begin(self, *, write: int | None = None, open_file: bool = False, read: bool = False) -> None:
        self.fails_after, self.fails_open, self.fails_read = write, open_file, read
        self.written = 0

    def room(self) -> int | None:
        return None if self.fails_after is None else self.fails_after - self.written


plan = Plan()


def full() -> OSError:
    return OSError(errno.ENOSPC, "No space left on device")


class Cut(File):
    """Gives only the bytes for which there is room."""

    def __init__(self, content: File) -> None:
        super().__init__(content.file, name=content.name)
        self.content = content

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for chunk in self.content.chunks(chunk_size):
            room = plan.room()
            if room is not None and room < len(chunk):
                plan.written += room
                yield chunk[:room]
                raise full()
            plan.written += len(chunk)
            yield chunk
        if plan.room() == 0:  # the last byte fitted; saying so did not
            raise full()


class Deaf(File):
    def read(self, *args: Any) -> bytes:
        raise OSError(errno.EIO, "Input/output error")

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        raise OSError(errno.EIO, "Input/output error")


class FailingFolder(PrivateFolder):
    def _save(self, name: str, content: File) -> str:
        return super()._save(name, Cut(content))

    def _open(self, name: str, mode: str = "rb") -> File:
        if plan.fails_open:
            raise PermissionError(errno.EACCES, "Permission denied")
        found = super()._open(name, mode)
        return Deaf(found) if plan.fails_read else found
