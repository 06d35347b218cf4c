"""One line and one count for each no: which reason, by ids, and never what was sent."""

from __future__ import annotations

import logging
from typing import Any

from wagtail_cohorts.watching import metrics
from wagtail_cohorts.watching.lines import tell

logger = logging.getLogger(__name__)

# Why nobody gets in. Limits add "limit_" and their kind, operations their error's code.
DEAD_TOKEN = "dead_token"  # noqa: S105  a link that opens nothing: unknown, replaced, run out, revoked
NO_COOKIE = "no_cookie"  # a clean address without the cookie of its link, or with one that has died
CLOSED = "closed"  # the cookie is good, and what it opened is closed now
NOT_THEIRS = "not_theirs"  # a sponsor's contact asked for a cohort that is not theirs or not open to them
NOT_VISIBLE = "not_visible"  # staff asked for something that is not there, or is another institution's
NOT_PERMITTED = "not_permitted"  # staff may see it and may not do this
METRICS_TOKEN = "metrics_token"  # noqa: S105  somebody asked for the metrics without the right token


def tell_refusal(reason: str, **ids: Any) -> None:
    """A page refused whoever asked."""
    tell(logger, "access.refused", reason=reason, **ids)
    metrics.count(metrics.REFUSALS, reason)


def tell_refused_operation(code: str) -> None:
    """An operation said no to somebody who may ask: a state, a gap, a conflict."""
    tell(logger, "operation.refused", reason=code)
    metrics.count(metrics.REFUSALS, code)
