"""What is written: the name of what happened, and the ids of what it happened to."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.admin.staff_client import client_of, page
from tests.portal.journey import Visitor
from wagtail_cohorts import tasks
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.batches import kinds
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.batches.operations import open_batch, run_due_items
from wagtail_cohorts.cohorts.operations import cancel_cohort
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.exceptions import WrongState
from wagtail_cohorts.notifications.models import EmailMessageRecord
from wagtail_cohorts.watching import context
from wagtail_cohorts.watching.formats import AddIds, JsonLines, PlainLines
from wagtail_cohorts.watching.lines import tell, tell_fault, trace_of

pytestmark = pytest.mark.django_db
WHO = "naledi@example.com 8001015009087"
MIDDLEWARE = "wagtail_cohorts.watching.middleware.WatchRequests"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Any:
    """Everything written so far, by its message, as a host with our filter and format would see it."""
    caplog.set_level(logging.DEBUG, logger="wagtail_cohorts")
    caplog.handler.addFilter(AddIds())

    def found(message: str) -> list[dict[str, Any]]:
        written = [record for record in caplog.records if record.getMessage() == message]
        return [json.loads(JsonLines().format(record)) for record in written]

    return found


@pytest.fixture
def watched(settings: Any) -> None:
    settings.MIDDLEWARE = [MIDDLEWARE, *settings.MIDDLEWARE]


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A kind of batch that does what its item's key says."""

    def prepare(item: BatchItem) -> dict[str, Any]:
        if item.key == "no":
            raise WrongState(WHO)
        if item.key == "broken":
            raise ValueError(WHO)
        return {}

    monkeypatch.setitem(kinds._kinds, "trial", kinds.Kind("trial", prepare))
    return "trial"


def batch_of(kind: str, *keys: str) -> Batch:
    owner = make.institution()
    return open_batch(
        kind, institution_id=owner.pk, subject_key=owner.stream_key, items=keys, actor=SYSTEM_ACTOR
    )


def test_an_operation_writes_one_line_with_its_ids_and_states(
    lines: Any, django_capture_on_commit_callbacks: Any
) -> None:
    cohort = make.enrolling()
    actor = make.actor_of(cohort.institution)
    with django_capture_on_commit_callbacks(execute=True):
        cancel_cohort(cohort, reason="No funds for Naledi", actor=actor)
    (line,) = lines("cohort.cancelled")
    assert (line["cohort"], line["institution"]) == (str(cohort.uuid), cohort.institution_id)
    assert (line["from"], line["to"], line["actor"]) == ("enrolling", "cancelled", "staff")
    assert line["actor_key"] == actor.key and line["level"] == "INFO"
    assert "No funds" not in json.dumps(line)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_told(lines: Any) -> None:
    cohort = make.cohort(make.institution())
    with pytest.raises(RuntimeError), transaction.atomic():
        make.enrollment(cohort)
        raise RuntimeError
    assert lines("enrollment.added") == []
    enrollment = make.enrollment(cohort)
    assert [line["enrollment"] for line in lines("enrollment.added")] == [str(enrollment.uuid)]


def test_each_item_of_a_batch_is_told_with_its_end_and_its_time(lines: Any, kind: str) -> None:
    batch = batch_of(kind, "fine", "no", "broken")
    run_due_items(batch_id=batch.pk, limit=3)
    (fine,), (no,), (broke,) = (lines(f"batch.item_{end}") for end in ("prepared", "refused", "broke"))
    assert {line["batch"] for line in (fine, no, broke)} == {str(batch.uuid)}
    assert (fine["item"], no["item"], no["code"], broke["item"]) == ("fine", "no", "wrong_state", "broken")
    assert fine["institution"] == batch.institution_id and fine["kind"] == kind and fine["seconds"] >= 0


def test_a_fault_is_told_without_what_the_exception_says(lines: Any, kind: str) -> None:
    run_due_items(batch_id=batch_of(kind, "broken").pk, limit=1)
    (fault,) = lines("batch.item_broke")
    assert fault["error"] == "ValueError" and "in prepare" in fault["trace"] and fault["level"] == "ERROR"
    assert WHO not in json.dumps(fault)


def test_a_trace_names_causes_and_says_nothing_of_them() -> None:
    try:
        try:
            raise KeyError(WHO)
        except KeyError as error:
            raise ValueError(WHO) from error
    except ValueError as error:
        trace = trace_of(error)
    assert trace.index("KeyError") < trace.index("ValueError")
    assert "raise KeyError(WHO)" in trace and WHO not in trace


def test_a_mail_is_told_by_its_row(lines: Any) -> None:
    make.invited(make.enrolling())
    run_due_deliveries()
    (line,) = lines("mail.sent")
    record = EmailMessageRecord.objects.get(pk=line["mail"])
    assert line["kind"] == "student_invited" and line["enrollment"] in record.subject_key
    assert line["delivery"] == record.delivery_id and line["event"] == record.delivery.event_id
    assert "@" not in json.dumps(line)


def test_a_mail_that_fails_names_no_address(
    lines: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.watching.refusing_mail.RefusingBackend"
    make.invited(make.enrolling())
    run_due_deliveries()
    assert lines("mail.failed")[0]["error"] == "smtplib.SMTPRecipientsRefused"
    (fault,) = lines("delivery.failed")
    assert fault["consumer"] == "mail.student_invited" and "@" not in json.dumps(fault)


def test_a_celery_task_gives_its_id_to_every_line(lines: Any, kind: str) -> None:
    batch = batch_of(kind, "fine")
    tasks.run_batches.apply(args=(batch.pk,), task_id="task-1")
    assert lines("batch.item_prepared")[0]["task"] == lines("batch.done")[0]["task"] == "task-1"
    assert context.current() == {}


def test_a_request_gives_its_id_to_lines_and_to_the_batch_that_it_starts(
    lines: Any, watched: None, django_capture_on_commit_callbacks: Any
) -> None:
    cohort = make.enrolling()
    enrollment = make.enrollment(cohort)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(cohort.institution).post(
            page("invite", pk=cohort.pk), {"who": "uninvited", "typed": "1"}
        )
    request_id = answer["X-Request-ID"]
    assert Batch.objects.get().params["request_id"] == request_id
    run_due_items()
    (line,) = lines("batch.item_prepared")
    assert (line["request_id"], line["cohort"]) == (request_id, str(cohort.uuid))
    assert line["item"] == str(enrollment.uuid)


@pytest.mark.parametrize("proxies, kept", [(0, False), (1, True)])
def test_a_request_id_is_taken_from_a_trusted_proxy_only(
    watched: None, settings: Any, proxies: int, kept: bool
) -> None:
    settings.WAGTAIL_COHORTS_TRUSTED_PROXIES = proxies
    answer = Client().get("/papers/verify/", headers={"x-request-id": "proxy-1234.abc"})
    assert (answer["X-Request-ID"] == "proxy-1234.abc") is kept


@pytest.mark.parametrize("bad", ["short", "x" * 65, "two words", 'a"b=12345678', "naledi@example.com", ""])
def test_a_request_id_that_is_none_is_made_anew(watched: None, settings: Any, bad: str) -> None:
    settings.WAGTAIL_COHORTS_TRUSTED_PROXIES = 1
    made = Client().get("/papers/verify/", headers={"x-request-id": bad})["X-Request-ID"]
    assert made != bad and len(made) == 32


def test_nothing_of_one_request_is_left_for_the_next(lines: Any, watched: None) -> None:
    visitor = Visitor(make.invited(make.enrolling()))
    visitor.get("welcome")
    assert context.current() == {}
    Client().get("/papers/o/nothing/")
    (line,) = lines("access.refused")
    assert "enrollment" not in line and "institution" not in line


def test_without_the_middleware_views_leave_nothing_behind() -> None:
    Visitor(make.invited(make.enrolling())).get("welcome")
    assert context.current() == {}


@pytest.mark.parametrize("kind", ["dead token", "no cookie", "limit"])
def test_a_refusal_is_told_with_its_reason(lines: Any, settings: Any, kind: str) -> None:
    visitor = Visitor(make.invited(make.enrolling()))
    if kind == "dead token":
        Client().get("/papers/o/nothing/")
        assert [line["reason"] for line in lines("access.refused")] == ["dead_token"]
    elif kind == "no cookie":
        Client().get(visitor.url("details"))
        (line,) = lines("access.refused")
        assert (line["reason"], line["link"]) == ("no_cookie", str(visitor.link.uuid))
    else:
        settings.WAGTAIL_COHORTS_RATE_LIMITS = {"write": (0, 60)}
        visitor.post("details")
        assert lines("access.refused")[0]["reason"] == "limit_write"


def test_foreign_access_of_staff_is_told_with_whose_it_was(lines: Any, watched: None) -> None:
    cohort, stranger = make.cohort(make.institution()), client_of(make.institution())
    assert stranger.get(page("add_students", pk=cohort.pk)).status_code == 404
    (line,) = lines("access.refused")
    user = stranger.session["_auth_user_id"]
    assert (line["reason"], line["model"], line["actor_key"]) == ("not_visible", "cohort", f"user:{user}")


def test_a_refused_operation_is_told_by_its_code(lines: Any) -> None:
    cohort = make.cohort(make.institution(), versions=[])
    client_of(cohort.institution).post(page("open", pk=cohort.pk))
    assert [line["reason"] for line in lines("operation.refused")] == ["incomplete"]


def test_a_plain_line_cannot_be_broken_by_what_it_holds() -> None:
    logger = logging.getLogger("wagtail_cohorts.test")
    record = logger.makeRecord(
        logger.name, logging.INFO, __file__, 1, "some.thing", (), None, extra={"code": 'a\nb "c"', "seconds": 1.5}
    )  # fmt: skip
    line = PlainLines().format(record)
    assert "\n" not in line and line.endswith(
        'wagtail_cohorts.test some.thing code="a\\nb \\"c\\"" seconds=1.5'
    )


def test_what_a_record_says_of_itself_stands(lines: Any) -> None:
    logger = logging.getLogger("wagtail_cohorts.test")
    with context.scope(cohort="outer", task="t1"):
        tell(logger, "some.thing", cohort="inner", nothing=None)
    (line,) = lines("some.thing")
    assert (line["cohort"], line["task"]) == ("inner", "t1") and "nothing" not in line


def test_a_fault_carries_no_local_variables(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ValueError(WHO)
    except ValueError as error:
        tell_fault(logging.getLogger("wagtail_cohorts.test"), "some.fault", error)
    (record,) = [one for one in caplog.records if one.getMessage() == "some.fault"]
    assert record.exc_info is None and WHO not in record.error  # type: ignore[attr-defined]


def test_the_mail_test_backend_refuses_as_a_server_does() -> None:
    """The address really is in the exception that the lines above are silent about."""
    from smtplib import SMTPRecipientsRefused

    from tests.watching.refusing_mail import RefusingBackend

    with pytest.raises(SMTPRecipientsRefused, match="someone@"):
        RefusingBackend().send_messages([EmailMessage("a", "b", to=["someone@example.com"])])


def test_reverse_of_an_entry_is_where_the_mask_looks() -> None:
    assert "/o/" in reverse("wagtail_cohorts:open_link", kwargs={"token": "x"})
