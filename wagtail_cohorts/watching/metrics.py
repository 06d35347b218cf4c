"""Counters and histograms for Prometheus, with the extra ``[metrics]``; without it nothing is counted.

Labels are bounded: names of views, events, kinds and codes from the code, never anything that a person sends.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.http import HttpRequest, HttpResponseBase

prometheus_client: Any = import_module("prometheus_client") if find_spec("prometheus_client") else None
PREFIX = "wagtail_cohorts_"
QUICK = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
LONG = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


@dataclass(frozen=True)
class Metric:
    """``buckets`` make it a histogram; without them it is a counter."""

    name: str
    labels: tuple[str, ...]
    text: str
    buckets: tuple[float, ...] = ()


REQUESTS = Metric("requests_total", ("view", "method", "status"), "Answers of our pages, with the middleware")
REQUEST_SECONDS = Metric("request_seconds", ("view",), "How long our pages take, with the middleware", QUICK)
EVENTS = Metric("events_total", ("name",), "Operations that were committed, by their event")
ITEMS = Metric(
    "batch_items_total",
    ("kind", "outcome"),
    "Items of batches: prepared, refused, broke (at a try), given_up",
)
ITEM_SECONDS = Metric("batch_item_seconds", ("kind",), "How long one item takes", LONG)
BATCHES = Metric(
    "batches_total", ("kind", "outcome"), "Last steps of batches: done, refused, broke (at a try)"
)
BATCH_SECONDS = Metric("batch_seconds", ("kind",), "From a batch's first item to its last step", LONG)
DELIVERIES = Metric(
    "deliveries_total", ("consumer", "outcome"), "What follows events: done, or failed at a try"
)
MAILS = Metric("mails_total", ("kind", "outcome"), "E-mails: sent, or failed at a try")
REFUSALS = Metric("refusals_total", ("reason",), "Requests that were refused, by reason")

METRICS = (
    REQUESTS, REQUEST_SECONDS, EVENTS, ITEMS, ITEM_SECONDS, BATCHES, BATCH_SECONDS, DELIVERIES, MAILS, REFUSALS,
)  # fmt: skip


def is_available() -> bool:
    return prometheus_client is not None


def _made(metric: Metric) -> Any:
    if metric.buckets:
        return prometheus_client.Histogram(
            PREFIX + metric.name, metric.text, metric.labels, buckets=metric.buckets
        )
    return prometheus_client.Counter(PREFIX + metric.name, metric.text, metric.labels)


_instruments: dict[Metric, Any] = {one: _made(one) for one in METRICS} if is_available() else {}


def count(metric: Metric, *labels: Any) -> None:
    if metric in _instruments:
        _instruments[metric].labels(*labels).inc()


def measure(metric: Metric, *labels: Any, seconds: float) -> None:
    if metric in _instruments:
        _instruments[metric].labels(*labels).observe(seconds)


def count_event(name: str) -> None:
    count(EVENTS, name)


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def count_request(request: HttpRequest, response: HttpResponseBase, *, seconds: float) -> None:
    """Our pages only: the rest of the site is its owner's to measure."""
    match = request.resolver_match
    if match is None or not is_ours(match.view_name or ""):
        return
    method = request.method if request.method in METHODS else "other"
    count(REQUESTS, match.view_name, method, response.status_code)
    measure(REQUEST_SECONDS, match.view_name, seconds=seconds)


def is_ours(view_name: str) -> bool:
    """Public pages, staff pages, and Wagtail's pages of our models, which have a namespace for each of them."""
    namespace = view_name.partition(":")[0]
    return "wagtail_cohorts" in namespace or namespace.startswith("cohorts_")
