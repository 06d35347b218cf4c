"""A logged-in member of staff, and what their pages answer."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from wagtail_cohorts.institutions.models import Institution


def client_of(institution: Institution, **more: Any) -> Client:
    """A browser in which a coordinator of the institution is logged in."""
    client = Client()
    client.force_login(factories.staff(institution, **more))
    return client


def page(name: str, **kwargs: Any) -> str:
    return reverse(f"wagtail_cohorts_admin:{name}", kwargs=kwargs)


def cohort_page(cohort: Any) -> str:
    return reverse("wagtailsnippets_wagtail_cohorts_cohort:inspect", args=[cohort.pk])


def student_page(enrollment: Any) -> str:
    return reverse("cohorts_enrollments:inspect", args=[enrollment.pk])


def words(response: Any) -> str:
    """The messages that the answer carries to the next page."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def queries_of(client: Client, url: str) -> int:
    """How many queries the page takes once content types and the like are known."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url)
    assert response.status_code == 200
    return len(captured)
