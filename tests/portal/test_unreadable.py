"""Bodies that Django's own checks stumble over, as a browser with a token sends them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from wagtail_cohorts.flags import create_flags

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def strict() -> Client:
    create_flags()
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    assert (
        client.get("/papers/verify/").status_code == 200
    )  # which sets the secret, in a cookie or the session
    return client


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7", "UTF-32", "rot13", "hex"])
@pytest.mark.parametrize("url", ["/papers/verify/", "/admin/login/", "/nowhere/"])
def test_a_form_in_another_encoding_is_refused(strict: Client, url: str, charset: str) -> None:
    assert strict.generic("POST", url, b"a=1", content_type=f"{FORM}; charset={charset}").status_code == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", "U8", "rubbish"])
def test_a_form_in_utf_8_by_any_name_gets_as_far_as_its_token(strict: Client, charset: str) -> None:
    answer = strict.generic("POST", "/papers/verify/", b"a=1", content_type=f"{FORM}; charset={charset}")
    assert answer.status_code == 403


BODIES: list[tuple[bytes, str]] = [
    (b"a=1&" * 12_000, FORM), (b"a" * 3_000_000, FORM), (b"\xff=%ff", FORM), (b"x", "multipart/form-data; boundary="),
    (b"x", "multipart/form-data"), (b"{", "application/json; charset=utf-16"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind"), BODIES)
def test_other_bodies_that_cannot_be_read_are_refused(strict: Client, body: bytes, kind: Any) -> None:
    assert strict.generic("POST", "/papers/verify/", body, content_type=kind).status_code in (400, 403, 413)
