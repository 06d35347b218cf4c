"""Pages of staff at the size of a busy institution, each timed as a request, beside a stock Wagtail listing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.machine import machine, peak_mb, versions
from benchmarks.stock.models import StockRow
from example_site.life import steps, world
from example_site.people import students
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import open_cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.evidence.operations import open_stream, open_streams

COHORTS, STUDENTS = 50, 100
STATES = [
    ("complete", "verified"), ("complete", "verified"), ("complete", "pending"), ("in_progress", "rejected"),
    ("in_progress", "pending"), ("waiting", "pending"),
]  # fmt: skip


def build() -> tuple[world.House, Cohort]:
    """50 cohorts of 100 students, and 50 rows of the stock snippet. One cohort has a student who filled in papers."""
    house = world.mopane_ridge()
    first = steps.new_cohort(house, "Cohort 000")
    open_cohort(first, actor=house.actor)
    steps.sign_as_the_institution(first, house)
    person = students(1)[0]
    student = steps.enroll(first, person, house)
    steps.do_everything(Enrollment.objects.select_related("cohort").get(pk=student.pk), person)
    for number in range(1, COHORTS):
        _cohort(house, number)
    for number, cohort in enumerate(Cohort.objects.order_by("pk")):
        _students(cohort, STUDENTS - cohort.enrollments.count(), number)
    StockRow.objects.bulk_create(
        StockRow(
            name=f"Row {number:03}", programme="Systems Support", sponsor="Karoo Signal Networks", state="enrolling",
            students=STUDENTS, deadline=date.today() + timedelta(days=number),
        )
        for number in range(COHORTS)
    )  # fmt: skip
    return house, Cohort.objects.get(pk=first.pk)


def _cohort(house: world.House, number: int) -> None:
    state = list(CohortState)[number % 7]
    cohort = Cohort.objects.create(
        institution=house.institution, name=f"Cohort {number:03}", programme=house.programme,
        sponsor=house.contacts[number % 2].sponsor, state=state, expected_students=STUDENTS, seta="MICT SETA",
        deadline=date.today() + timedelta(days=number),
    )  # fmt: skip
    open_stream(cohort.stream_key, institution_id=cohort.institution_id)


def _students(cohort: Cohort, count: int, seed: int) -> None:
    rows = []
    for number in range(count):
        state, verification = STATES[number % len(STATES)]
        rows.append(
            Enrollment(
                institution_id=cohort.institution_id, cohort=cohort, first_name=f"Student {number:03}",
                last_name=f"Of {seed:03}", email=f"s{seed}-{number}@example.com",
                email_key=f"s{seed}-{number}@example.com", state=state, verification=verification,
            )
        )  # fmt: skip
    Enrollment.objects.bulk_create(rows)
    open_streams([row.stream_key for row in rows], institution_id=cohort.institution_id)


def measure(*, repeat: int) -> dict[str, Any]:
    house, cohort = build()
    staff, root = Client(), Client()
    staff.force_login(house.coordinator)
    root.force_login(world.superuser())
    agreement = Agreement.objects.filter(
        cohort=cohort, enrollment__isnull=False, current__isnull=False
    ).earliest("pk")
    pages: dict[str, Callable[[], Any]] = {
        "dashboard": lambda: staff.get(reverse("wagtail_cohorts_admin:dashboard")),
        "cohort_list_50": lambda: staff.get(reverse("wagtailsnippets_wagtail_cohorts_cohort:list")),
        "student_list_100": lambda: staff.get(reverse("cohorts_enrollments:index"), {"cohort": cohort.pk}),
        "excel_100": lambda: staff.get(reverse("wagtail_cohorts_admin:export", args=[cohort.pk])),
        "preview": lambda: staff.get(
            reverse("wagtail_cohorts_admin:agreement_page", args=[agreement.uuid, 1])
        ),
        "wagtail_list_50": lambda: root.get(reverse("wagtailsnippets_stock_stockrow:list")),
    }
    result: dict[str, Any] = {name: _time(page, repeat) for name, page in pages.items()}
    return {**result, "peak_mb": peak_mb(), "versions": versions(), "machine": machine()}


def _time(page: Callable[[], HttpResponse], repeat: int) -> dict[str, Any]:
    """The median of ``repeat`` warm requests, and the queries of one more."""
    for _ in range(2):
        _body(page())
    taken = []
    for _ in range(repeat):
        started = time.perf_counter()
        _body(page())
        taken.append((time.perf_counter() - started) * 1000)
    with CaptureQueriesContext(connection) as queries:
        _body(page())
    return {"milliseconds": round(statistics.median(taken), 1), "queries": len(queries)}


def _body(response: Any) -> bytes:
    if response.status_code != 200:
        raise SystemExit(f"{response.request['PATH_INFO']} answered {response.status_code}")
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)
