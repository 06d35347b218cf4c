from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from tests.private_files import overwrite
from wagtail_cohorts.checks import check_files, check_keys
from wagtail_cohorts.exceptions import Unavailable
from wagtail_cohorts.files.serving import safe_name, serve
from wagtail_cohorts.files.storage import ALIAS, PrivateFolder, path_for, read_shared, storage, store


@pytest.mark.django_db
def test_the_same_content_is_stored_once_and_read_back() -> None:
    institution = make.institution()
    first = store(b"abc", institution_id=institution.pk, content_type="text/plain")
    again = store(b"abc", institution_id=institution.pk, content_type="text/plain")
    assert first.pk == again.pk and first.read() == b"abc"


@pytest.mark.django_db
def test_two_institutions_never_share_a_row_or_a_path() -> None:
    one, two = make.institution(), make.institution()
    a = store(b"abc", institution_id=one.pk, content_type="text/plain")
    b = store(b"abc", institution_id=two.pk, content_type="text/plain")
    assert a.pk != b.pk and a.path != b.path


@pytest.mark.django_db
def test_a_half_written_file_is_written_again() -> None:
    institution = make.institution()
    stored = store(b"abcdef", institution_id=institution.pk, content_type="text/plain")
    overwrite(stored.path, b"abc")
    stored.delete()
    assert store(b"abcdef", institution_id=institution.pk, content_type="text/plain").read() == b"abcdef"


@pytest.mark.django_db
def test_the_storage_has_no_public_url() -> None:
    with pytest.raises(ValueError, match="not accessible"):
        PrivateFolder().url("x")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content_type", "inline", "shown"),
    [
        ("application/pdf", True, "inline"),
        ("text/html", True, "attachment"),
        ("application/pdf", False, "attachment"),
    ],
)
def test_only_harmless_types_are_shown_in_the_browser(content_type: str, inline: bool, shown: str) -> None:
    stored = store(b"x", institution_id=make.institution().pk, content_type=content_type)
    response = serve(stored, name="x.pdf", inline=inline)
    assert response["Content-Disposition"].startswith(shown)
    assert (
        response["X-Content-Type-Options"] == "nosniff" and "sandbox" in response["Content-Security-Policy"]
    )
    assert "no-store" in response["Cache-Control"] and "html" not in response["Content-Type"]


@given(st.text(max_size=300))
def test_a_safe_name_is_harmless_everywhere(name: str) -> None:
    safe = safe_name(name)
    assert safe and safe == safe.strip() and len(safe) <= 111
    assert not set(safe) & set('<>:"/\\|?*\r\n\0') and safe not in (".", "..")


def test_files_under_media_are_an_error(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {name: one for name, one in settings.STORAGES.items() if name != ALIAS}
    settings.MEDIA_ROOT = str(tmp_path)
    settings.WAGTAIL_COHORTS_FILES_ROOT = tmp_path / "private"
    assert [message.id for message in check_files(None)] == ["wagtail_cohorts.E001"]
    settings.WAGTAIL_COHORTS_FILES_ROOT = tmp_path.parent / "elsewhere"
    assert check_files(None) == []


def test_missing_and_short_keys_are_told_at_deployment(settings: Any) -> None:
    settings.WAGTAIL_COHORTS_KEYS = None
    assert [message.id for message in check_keys(None)] == ["wagtail_cohorts.W001"]
    settings.WAGTAIL_COHORTS_KEYS = ["short"]
    assert [message.id for message in check_keys(None)] == ["wagtail_cohorts.E002"]
    settings.WAGTAIL_COHORTS_KEYS = ["k" * 40]
    assert check_keys(None) == []


class Breaks(ContentFile):
    """The disk is full after some bytes."""

    def __init__(self, data: bytes, *, after: int) -> None:
        super().__init__(data)
        self.after = after

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield self.read(self.after)
        raise OSError(errno.ENOSPC, "No space left on device")


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("after", [0, 1, 5, 6])
def test_a_write_that_breaks_leaves_nothing_in_the_place(after: int, tmp_path: Path) -> None:
    folder = PrivateFolder(location=tmp_path)
    with pytest.raises(OSError, match="No space"):
        folder.save("1/ab/abc", Breaks(b"abcdef", after=after))
    assert names_in(tmp_path) == []
    folder.save("1/ab/abc", ContentFile(b"abcdef"))
    assert names_in(tmp_path) == ["abc"] and folder.open("1/ab/abc").read() == b"abcdef"


def test_writing_again_replaces_and_makes_no_second_name(tmp_path: Path) -> None:
    folder = PrivateFolder(location=tmp_path, file_permissions_mode=0o600)
    assert folder.save("1/ab/abc", ContentFile(b"abc")) == "1/ab/abc"
    assert folder.save("1/ab/abc", ContentFile(b"abcdef")) == "1/ab/abc"
    assert folder.open("1/ab/abc").read() == b"abcdef"
    assert folder.path("1/ab/abc") and Path(folder.path("1/ab/abc")).stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db
def test_a_storage_without_renaming_gets_a_broken_file_anew(settings: Any, tmp_path: Path) -> None:
    plain = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "wagtail_cohorts": plain}
    institution = make.institution()
    path = tmp_path / path_for(institution.pk, hashlib.sha256(b"abcdef").hexdigest())
    path.parent.mkdir(parents=True)
    path.write_bytes(b"abcxxx")  # as long as it should be, and wrong
    assert store(b"abcdef", institution_id=institution.pk, content_type="text/plain").read() == b"abcdef"
    assert names_in(tmp_path) == [path.name]


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_a_sentence() -> None:
    stored = store(b"abc", institution_id=make.institution().pk, content_type="text/plain")
    storage().delete(stored.path)
    with pytest.raises(Unavailable, match="does not answer"):
        stored.read()
    with pytest.raises(Unavailable, match="does not answer"):
        stored.open()


@pytest.mark.django_db
def test_a_shared_picture_is_read_once_and_never_kept_when_it_is_not_what_its_row_says() -> None:
    content = os.urandom(64)
    stored = store(content, institution_id=make.institution().pk, content_type="image/png")
    overwrite(stored.path, b"another")
    with pytest.raises(Unavailable, match="not what was kept"):
        read_shared(stored)
    overwrite(stored.path, content)
    assert read_shared(stored) == content
    storage().delete(stored.path)
    assert read_shared(stored) == content
