"""Metrics: what is counted, under bounded labels; closed without a token; and nothing of it without the extra."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from tests import factories as make
from tests.portal.journey import Visitor
from tests.watching.programs import run_python
from wagtail_cohorts.batches.operations import run_due_items
from wagtail_cohorts.completion.finalizing import start_finalizing
from wagtail_cohorts.evidence.deliveries import run_due_deliveries
from wagtail_cohorts.evidence.models import Delivery
from wagtail_cohorts.watching import metrics

METRICS = "/papers/metrics"
TOKEN = "a-token-of-the-scraper-for-tests"


def value(metric: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(metrics.PREFIX + metric, labels) or 0.0


@pytest.fixture
def scrape(settings: Any) -> Any:
    settings.WAGTAIL_COHORTS_METRICS_TOKEN = TOKEN

    def found() -> dict[tuple[str, str], float]:
        """Name and first label's value to the number."""
        answer = Client().get(METRICS, headers={"authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
        families = text_string_to_metric_families(answer.content.decode())
        samples = [sample for family in families for sample in family.samples]
        return {(one.name, next(iter(one.labels.values()), "")): one.value for one in samples}

    return found


@pytest.mark.django_db
def test_operations_mails_items_and_last_steps_are_counted() -> None:
    before = {
        name: value(f"{name}_total", **labels)
        for name, labels in (
            ("mails", {"kind": "student_invited", "outcome": "sent"}),
            ("deliveries", {"consumer": "mail.student_invited", "outcome": "done"}),
            ("batch_items", {"kind": "seal", "outcome": "prepared"}),
        )
    }
    cohort = make.sponsor_signed(students=2)
    run_due_deliveries()
    batch = start_finalizing(cohort, actor=make.actor_of(cohort.institution))
    times = value("batch_item_seconds_count", kind=batch.kind)
    items = value("batch_items_total", kind=batch.kind, outcome="prepared")
    done = value("batches_total", kind=batch.kind, outcome="done")
    run_due_items(batch_id=batch.pk, limit=100)
    assert value("mails_total", kind="student_invited", outcome="sent") == before["mails"] + 2
    assert (
        value("deliveries_total", consumer="mail.student_invited", outcome="done") == before["deliveries"] + 2
    )
    assert value("batch_items_total", kind=batch.kind, outcome="prepared") == items + 2
    assert value("batch_item_seconds_count", kind=batch.kind) == times + 2
    assert value("batches_total", kind=batch.kind, outcome="done") == done + 1


@pytest.mark.django_db
def test_events_are_counted_when_they_are_committed(django_capture_on_commit_callbacks: Any) -> None:
    before = value("events_total", name="enrollment.added")
    with django_capture_on_commit_callbacks(execute=True):
        cohort = make.enrolling()
        make.enrollment(cohort)
    assert value("events_total", name="enrollment.added") == before + 1


@pytest.mark.django_db
def test_requests_are_counted_by_the_names_of_our_views_alone(settings: Any) -> None:
    settings.MIDDLEWARE = ["wagtail_cohorts.watching.middleware.WatchRequests", *settings.MIDDLEWARE]
    labels = {"view": "wagtail_cohorts:student_welcome", "method": "GET", "status": "200"}
    before, times = (
        value("requests_total", **labels),
        value("request_seconds_count", view="wagtail_cohorts:student_welcome"),
    )
    visitor = Visitor(make.invited(make.enrolling()))
    visitor.get("welcome")
    Client().get("/no-such-page/")
    Client().generic("NALEDI", "/papers/verify/")
    assert value("requests_total", **labels) == before + 1
    assert value("request_seconds_count", view="wagtail_cohorts:student_welcome") == times + 1
    views = [
        sample.labels["view"] for family in REGISTRY.collect() for sample in family.samples if "view" in sample.labels
    ]  # fmt: skip
    assert views and all(metrics.is_ours(view) for view in views)
    assert value("requests_total", view="wagtail_cohorts:verify", method="other", status="405") >= 1


@pytest.mark.django_db
def test_refusals_are_counted_by_reason() -> None:
    before = value("refusals_total", reason="dead_token")
    Client().get("/papers/o/nothing/")
    assert value("refusals_total", reason="dead_token") == before + 1


@pytest.mark.django_db
def test_without_a_token_in_the_settings_there_is_no_page(client: Client) -> None:
    assert client.get(METRICS, headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"])
def test_another_token_opens_nothing(settings: Any, sent: str) -> None:
    settings.WAGTAIL_COHORTS_METRICS_TOKEN = TOKEN
    answer = Client().get(METRICS, headers={"authorization": sent})
    assert answer.status_code == 401 and answer.content == b""


@pytest.mark.django_db
def test_what_waits_is_read_from_the_rows_when_it_is_asked(scrape: Any) -> None:
    make.invited(make.enrolling())
    found = scrape()
    assert found["wagtail_cohorts_waiting", "delivery:mail.student_invited"] == 1
    assert found["wagtail_cohorts_waiting_seconds", "delivery:mail.student_invited"] < 60
    Delivery.objects.update(state=Delivery.FAILED)
    found = scrape()
    assert ("wagtail_cohorts_waiting", "delivery:mail.student_invited") not in found
    assert found["wagtail_cohorts_deliveries_given_up", "mail.student_invited"] == 1


@pytest.mark.django_db
def test_what_waits_costs_few_queries(scrape: Any, django_assert_max_num_queries: Any) -> None:
    make.ready(students=2)
    with django_assert_max_num_queries(6):
        scrape()


@pytest.mark.django_db
def test_openmetrics_is_spoken_too(settings: Any) -> None:
    settings.WAGTAIL_COHORTS_METRICS_TOKEN = TOKEN
    accept = "application/openmetrics-text; version=1.0.0"
    answer = Client().get(METRICS, headers={"authorization": f"Bearer {TOKEN}", "accept": accept})
    assert answer["Content-Type"].startswith("application/openmetrics-text")
    assert answer.content.endswith(b"# EOF\n")


WITHOUT = """
import sys
from importlib.abc import MetaPathFinder

class Missing(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "prometheus_client":
            raise ModuleNotFoundError(name)

import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name.startswith("prometheus_client") else found(name, *more)
sys.meta_path.insert(0, Missing())
import django
django.setup()
from django.conf import settings
from django.test import Client
from wagtail_cohorts.watching import metrics
settings.WAGTAIL_COHORTS_METRICS_TOKEN = "x" * 32
settings.MIDDLEWARE = ["wagtail_cohorts.watching.middleware.WatchRequests"]
assert not metrics.is_available()
metrics.count(metrics.EVENTS, "any")
metrics.measure(metrics.ITEM_SECONDS, "any", seconds=1)
print(Client().get("/papers/metrics", headers={"authorization": "Bearer " + "x" * 32}).status_code)
print(Client().get("/papers/health/live").status_code)
assert "prometheus_client" not in sys.modules
"""

SEVERAL = """
import os, sys
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from wagtail_cohorts.watching import metrics
settings.WAGTAIL_COHORTS_METRICS_TOKEN = "x" * 32
call_command("migrate", run_syncdb=True, verbosity=0)
child = os.fork()
metrics.count(metrics.EVENTS, "cohort.opened")
if child == 0:
    os._exit(0)
os.waitpid(child, 0)
answer = Client().get("/papers/metrics", headers={"authorization": "Bearer " + "x" * 32})
print([line for line in answer.content.decode().splitlines() if "cohort.opened" in line])
print("wagtail_cohorts_waiting" in answer.content.decode())
"""


def test_without_the_extra_everything_works_and_the_page_is_not_there() -> None:
    assert run_python(WITHOUT).stdout.split() == ["404", "200"]


def test_several_processes_are_added_up(tmp_path: Path) -> None:
    counted, waits = run_python(SEVERAL, PROMETHEUS_MULTIPROC_DIR=str(tmp_path)).stdout.splitlines()
    assert 'wagtail_cohorts_events_total{name="cohort.opened"} 2.0' in counted and waits == "True"
