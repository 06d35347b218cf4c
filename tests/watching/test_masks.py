"""A token is in no line: not in Django's, not in a web server's, not in an error mail, not in the record."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core import mail
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import ProgrammingError, close_old_connections, connection
from django.test import Client
from django.utils.log import AdminEmailHandler

from tests import factories as make
from tests.portal.journey import Visitor
from tests.reliability.scan import found_in
from wagtail_cohorts.enrollments.operations import link_of
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import token_of
from wagtail_cohorts.models import CohortLogEntry
from wagtail_cohorts.portal.access import cookie_name
from wagtail_cohorts.watching.masks import LOGGERS, MASK, MaskTokens, mask

DETAILS = {
    "first_name": "Nalediwe", "last_name": "Mokoenana", "phone": "060 555 0117", "birth_date": "2004-02-29",
    "city": "Midrand", "gender": "female", "race": "african", "disability": "no",
}  # fmt: skip
TOKEN = "aB3" + "x-_9" * 10


@pytest.fixture
def visitor(db: None) -> Visitor:
    return Visitor(make.invited(make.enrolling()))


@contextmanager
def broken_database() -> Iterator[None]:
    """Each question fails for a reason that no page knows of; the message quotes a row, as PostgreSQL's do."""

    def refuse(*args: Any) -> None:
        raise ProgrammingError("Key (email) is in the way")

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def error_mails(settings: Any) -> Iterator[list[Any]]:
    """What AdminEmailHandler sends, in the form that shows most: with local variables."""
    settings.ADMINS = [("Operator", "operator@example.com")]
    handler = AdminEmailHandler(include_html=True)
    handler.setLevel(logging.ERROR)
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield mail.outbox
    logger.removeHandler(handler)


def all_tokens() -> list[str]:
    """A student's and a sponsor's at least."""
    links = PersonalLink.objects.all()
    assert {link.kind for link in links} == {"student", "sponsor"}
    return [token_of(link) for link in links]


def whole(messages: list[Any]) -> str:
    """Django's own handler sends one in text, ours above one in HTML."""
    assert len(messages) == 2
    parts = [
        part for one in messages for part in (one.subject, one.body, *(each[0] for each in one.alternatives))
    ]
    return "\n".join(map(str, parts))


def test_every_token_of_a_link_is_masked_and_known_to_the_scan(db: None) -> None:
    cohort = make.enrolling()
    for _each in range(20):
        token = token_of(link_of(make.enrollment(cohort)))
        assert mask(f"GET /papers/o/{token}/ HTTP/1.1") == f"GET /papers/o/{MASK}/ HTTP/1.1"
        assert mask(f"/papers/o/{token[:30]}") == f"/papers/o/{MASK}"
        assert found_in(f"token={token}") and found_in(f"/papers/o/{token[:30]}")


@pytest.mark.parametrize(
    "text", ["/o/authorized_tokens/", "/o/applications/1/", "/papers/verify/?code=AB-CD"]
)
def test_addresses_that_hold_no_token_are_left_alone(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("name", LOGGERS)
def test_the_loggers_that_name_addresses_are_masked_without_configuration(name: str) -> None:
    assert any(isinstance(one, MaskTokens) for one in logging.getLogger(name).filters)


def record_of(message: Any, args: Any) -> logging.LogRecord:
    record = logging.LogRecord("any", logging.INFO, __file__, 1, message, args, None)
    assert MaskTokens().filter(record)
    return record


def test_the_line_of_the_development_server_is_masked() -> None:
    record = record_of('"%s" %s %s', (f"GET /papers/o/{TOKEN}/ HTTP/1.1", "303", "0"))
    assert record.getMessage() == f'"GET /papers/o/{MASK}/ HTTP/1.1" 303 0'


def test_a_line_of_uvicorn_keeps_its_five_arguments() -> None:
    args = ("127.0.0.1:5000", "GET", f"/papers/o/{TOKEN}/?language=af", "1.1", 303)
    record = record_of('%s - "%s %s HTTP/%s" %d', args)
    assert record.args == ("127.0.0.1:5000", "GET", f"/papers/o/{MASK}/?language=af", "1.1", 303)


def test_a_line_of_gunicorn_keeps_its_kind_of_arguments() -> None:
    class Atoms(dict[str, Any]):
        """gunicorn's answers a dash for what it does not know."""

        def __getitem__(self, name: str) -> Any:
            return super().__getitem__(name) if name in self else "-"

    record = record_of("%(r)s %(s)s %(u)s", (Atoms(r=f"GET /papers/o/{TOKEN}/ HTTP/1.1", s="303"),))
    assert record.getMessage() == f"GET /papers/o/{MASK}/ HTTP/1.1 303 -"


@contextmanager
def the_tests_connection() -> Iterator[None]:
    """A request does not begin by closing the connection, in whose transaction the test's rows are."""
    request_started.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_started.connect(close_old_connections)


def test_a_web_server_finds_no_token_in_its_environment_when_it_logs(visitor: Visitor) -> None:
    """gunicorn's access log is written from the same dictionary, after the answer."""
    path = visitor.entry
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "RAW_URI": path, "REQUEST_URI": path, "QUERY_STRING": "",
        "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
        "wsgi.input": open(os.devnull, "rb"), "wsgi.errors": None, "HTTP_REFERER": f"http://testserver{path}",
    }  # fmt: skip
    started: list[str] = []
    with the_tests_connection():
        response = WSGIHandler()(environ, lambda status, headers: started.append(status))
    token = token_of(visitor.link)
    assert started == ["303 See Other"] and response["Location"] == visitor.url("welcome")
    assert token not in repr(environ) and environ["RAW_URI"] == path.replace(token, MASK)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda path: Client(enforce_csrf_checks=True).post(path), id="a form without its token"),
        pytest.param(lambda path: Client().put(path), id="a method that is not there"),
        pytest.param(lambda path: Client().get(path, headers={"host": "evil.example"}), id="a foreign host"),
        pytest.param(lambda path: Client().get(path.rstrip("/")), id="no slash at the end"),
        pytest.param(lambda path: Client().get(f"{path}more/"), id="more than the address"),
        pytest.param(lambda path: Client().get(f"{path}?language=en"), id="a language"),
        pytest.param(lambda path: Client().get("/nothing/", headers={"referer": path}), id="as referrer"),
    ],
)
def test_whatever_is_asked_of_an_entry_address_no_line_names_its_token(
    visitor: Visitor, caplog: pytest.LogCaptureFixture, ask: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    ask(visitor.entry)
    token = token_of(visitor.link)
    assert token not in caplog.text
    requests = [getattr(record, "request", None) for record in caplog.records]
    assert all(token not in repr(one.META) + one.path for one in requests if hasattr(one, "META"))


def test_the_language_may_be_chosen_on_the_way_in(visitor: Visitor) -> None:
    answer = Client().get(f"{visitor.entry}?language=en")
    assert (answer.status_code, answer.url) == (303, visitor.entry)


def test_an_error_mail_about_an_entry_holds_no_token(visitor: Visitor, error_mails: list[Any]) -> None:
    with broken_database():
        assert Client(raise_request_exception=False).get(visitor.entry).status_code == 500
    text = whole(error_mails)
    assert "ProgrammingError" in text and token_of(visitor.link) not in text
    assert all(MASK in message.subject for message in error_mails)


def test_an_error_mail_about_a_persons_page_shows_nothing_of_the_person(
    visitor: Visitor, error_mails: list[Any]
) -> None:
    cookie = visitor.client.cookies[cookie_name(visitor.link.uuid)].value
    visitor.client.raise_request_exception = False
    # The page has read the person and the form when it breaks: the first write fails.
    broken = make_writes_fail()
    with connection.execute_wrapper(broken):
        answer = visitor.post("details", DETAILS)
    assert answer.status_code == 500
    text = whole(error_mails)
    assert "the column is missing" in text and "local vars" in text.lower()
    assert cookie not in text and visitor.enrollment.email not in text
    assert "Nalediwe" not in text and visitor.enrollment.first_name not in text


def make_writes_fail() -> Any:
    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("UPDATE", "INSERT")) and "enrollment" in sql:
            raise ProgrammingError("the column is missing")
        return execute(sql, params, many, context)

    return refuse


def test_an_error_mail_about_a_staff_page_shows_no_form(db: None, error_mails: list[Any]) -> None:
    from tests.admin.staff_client import client_of, page

    cohort = make.enrolling()
    client = client_of(cohort.institution)
    client.raise_request_exception = False
    with connection.execute_wrapper(make_writes_fail()):
        answer = client.post(
            page("add_students", pk=cohort.pk),
            {"way": "one", "first_name": "Nalediwe", "last_name": "Mokoenana", "email": "n.m@example.com"},
        )
    assert answer.status_code == 500
    text = whole(error_mails)
    assert "the column is missing" in text and "Nalediwe" not in text and "n.m@example.com" not in text


def test_with_debug_on_a_developer_sees_everything(visitor: Visitor, settings: Any) -> None:
    settings.DEBUG = True
    visitor.client.raise_request_exception = False
    with connection.execute_wrapper(make_writes_fail()):
        answer = visitor.post("details", DETAILS)
    assert "Nalediwe" in answer.content.decode()


def test_no_audit_text_names_a_token(db: None) -> None:
    """Events, their details, Wagtail's log, the rows of mails and deliveries: after a whole life."""
    from django.apps import apps

    make.completed(students=1)
    tokens, rows = all_tokens(), 0
    for model in apps.get_app_config("wagtail_cohorts").get_models():
        for row in model._default_manager.all():
            rows += 1
            text = " ".join(str(getattr(row, field.attname)) for field in model._meta.concrete_fields)
            assert not any(token in text for token in tokens), row
    assert rows > 50 and CohortLogEntry.objects.exists()


def test_no_export_names_a_token_or_an_address_that_opens_pages(db: None) -> None:
    """The spreadsheet, the ZIP with each PDF in it, the certificates: as bytes and as text."""
    import io
    import zipfile

    import pypdf

    from wagtail_cohorts.batches.operations import run_due_items
    from wagtail_cohorts.exports.models import ExportFile
    from wagtail_cohorts.exports.packing import start_cohort_zip, start_export
    from wagtail_cohorts.files.storage import read_file

    cohort = make.completed(students=1)
    actor = make.actor_of(cohort.institution)
    for format in ("xlsx", "csv"):
        start_export(cohort, format=format, columns=[], actor=actor)
    start_cohort_zip(cohort, actor=actor)
    run_due_items(limit=100)
    tokens, texts = all_tokens(), 0
    for export in ExportFile.objects.all():
        data = read_file(export.file)
        parts = [data]
        if data[:2] == b"PK":
            archive = zipfile.ZipFile(io.BytesIO(data))
            parts += [archive.read(name) for name in archive.namelist()]
        for part in parts:
            found = part.decode("latin-1")
            if part[:5] == b"%PDF-":
                found += "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(part)).pages)
            texts += 1
            assert not any(token in found for token in tokens)
            assert not re.search(r"/o/[\w-]{20,}", found)
    assert texts > 5


def test_no_referrer_leaves_the_host_nor_names_the_token(visitor: Visitor) -> None:
    """Pages that people look at send at most our own address to us; the entry address not even that."""
    assert Client().get(visitor.entry)["Referrer-Policy"] == "strict-origin"
    assert Client().get("/papers/o/nothing/")["Referrer-Policy"] == "strict-origin"
    for name in ("welcome", "details", "documents", "review", "status"):
        assert visitor.get(name)["Referrer-Policy"] in ("same-origin", "no-referrer"), name
