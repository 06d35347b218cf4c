"""The answer of a staff page whose file cannot be read or kept just now."""

from __future__ import annotations

import logging

from django.http import HttpResponse

from wagtail_cohorts.exceptions import Unavailable
from wagtail_cohorts.watching.lines import tell_fault

logger = logging.getLogger(__name__)


def say_unavailable(error: Unavailable) -> HttpResponse:
    tell_fault(logger, "page.unavailable", error)
    response = HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    response["Retry-After"] = "60"
    return response
