"""Operations as transactions: all of it or nothing, and once more when the database gave one up for another's sake."""

from __future__ import annotations

import functools
import logging
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from wagtail_cohorts.exceptions import Busy
from wagtail_cohorts.watching.lines import tell

logger = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

BUSY = _("Others are working on this at the moment. Nothing was changed; try again.")
TRIES = 5
LONGEST = 20.0
"""Seconds after which a person is rather told to try again than kept waiting."""
MYSQL = {1020, 1205, 1213}
"""Changed since it was read (MariaDB 11.6), lock wait time-out, deadlock."""
POSTGRES = {"40001", "40P01", "55P03"}
"""Serialization failure, deadlock, lock not available."""
SQLITE = ("SQLITE_BUSY", "SQLITE_LOCKED")


def operation(act: Callable[P, R]) -> Callable[P, R]:
    """``transaction.atomic``, and ``again``."""
    return again(transaction.atomic(act))


def again(act: Callable[P, R]) -> Callable[P, R]:
    """Begin anew when the database undid the whole for another transaction's sake: a deadlock's victim, or a lock that
    did not come. Whoever calls it inside a transaction gets the error itself: only the outermost can begin anew, since
    what came before is undone too. Raises Busy in the end."""

    @functools.wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return act(*args, **kwargs)
        began = time.monotonic()
        for tried in range(1, TRIES + 1):
            try:
                return act(*args, **kwargs)
            except OperationalError as error:
                if not is_conflict(error):
                    raise
                if tried == TRIES or time.monotonic() - began > LONGEST:
                    raise Busy(
                        _("Others work on this at the moment. Nothing was changed; try again.")
                    ) from error
                tell(logger, "operation.begun_anew", operation=act.__qualname__)
                time.sleep(random.uniform(0, 0.02 * 2**tried))  # noqa: S311
        raise AssertionError("unreachable")

    return run


def is_conflict(error: OperationalError) -> bool:
    """Whether the database gave up this transaction because of another one."""
    cause = error.__cause__
    if connection.vendor == "mysql":
        return bool(error.args) and error.args[0] in MYSQL
    if connection.vendor == "sqlite":
        return str(getattr(cause, "sqlite_errorname", "")).startswith(SQLITE)
    return (getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)) in POSTGRES
