"""A file that is far too large goes to disk, not into memory, and is refused with the limit."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests import factories as make
from tests.portal.journey import Visitor
from tests.reliability.hostile.bodies import BOUNDARY, MULTIPART
from tests.reliability.hostile.tally import resident
from wagtail_cohorts.flags import create_flags

SIZE = 1_000_000_000
MOST_MEMORY = 50.0  # MB
HEAD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n'.encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()


class Body:
    """A body that is made while it is read."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.parts = [HEAD, TAIL]

    def read(self, size: int = -1) -> bytes:
        if len(self.parts) == 2:
            return self.parts.pop(0)
        if not self.left:
            return self.parts.pop() if self.parts else b""
        piece = bytes(min(size, self.left) if size > 0 else min(65_536, self.left))
        self.left -= len(piece)
        return piece

    def readline(self, size: int = -1) -> bytes:
        raise NotImplementedError("a form is read in pieces")

    def close(self) -> None:
        pass


@pytest.mark.slow
@pytest.mark.django_db
def test_a_huge_file_costs_no_memory_and_is_refused() -> None:
    create_flags()
    visitor = Visitor(make.invited(make.enrolling()), client=Client(raise_request_exception=False))
    document = visitor.enrollment.cohort.required_documents.get()
    url = visitor.url("add_files", document=document.uuid)
    visitor.get("documents")
    length: dict[str, Any] = {"CONTENT_LENGTH": str(len(HEAD) + SIZE + len(TAIL)), "wsgi.input": Body(SIZE)}
    before = resident()
    answer = visitor.client.generic("POST", url, b"x", content_type=MULTIPART, **length)
    assert "larger than 15 MB" in answer.content.decode()
    assert resident() - before < MOST_MEMORY
