from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from wagtail_cohorts.checks import check_files, check_keys
from wagtail_cohorts.files.serving import safe_name, serve
from wagtail_cohorts.files.storage import storage, store


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
    Path(storage().path(stored.path)).chmod(0o600)
    Path(storage().path(stored.path)).write_bytes(b"abc")
    stored.delete()
    assert store(b"abcdef", institution_id=institution.pk, content_type="text/plain").read() == b"abcdef"


@pytest.mark.django_db
def test_the_storage_has_no_public_url() -> None:
    with pytest.raises(ValueError, match="not accessible"):
        storage().url("x")


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
