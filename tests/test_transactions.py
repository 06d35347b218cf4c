"""What the database gave up for another transaction's sake is done again, wholly; and the person never sees a fault."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import OperationalError, connection, transaction

from tests import factories as make
from wagtail_cohorts import transactions
from wagtail_cohorts.exceptions import Busy
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.transactions import again, operation

pytestmark = pytest.mark.django_db(transaction=True)


def given_up() -> OperationalError:
    """The error of a deadlock's victim, as each database's driver words it."""
    if connection.vendor == "mysql":
        return OperationalError(1213, "Deadlock found when trying to get lock; try restarting transaction")
    cause: Exception
    if connection.vendor == "postgresql":
        from psycopg.errors import DeadlockDetected

        cause = DeadlockDetected("deadlock detected")
    else:
        import sqlite3

        cause = sqlite3.OperationalError("database is locked")
        cause.sqlite_errorname = "SQLITE_BUSY"  # type: ignore[attr-defined]
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


class Failing:
    """An act that writes, and then fails so many times."""

    def __init__(self, times: int, error: Callable[[], Exception] = given_up) -> None:
        self.left, self.tries, self.error = times, 0, error

    def __call__(self) -> str:
        self.tries += 1
        Institution.objects.create(name=f"Try {self.tries}")
        if self.left:
            self.left -= 1
            raise self.error()
        return "done"


def names() -> list[str]:
    return list(Institution.objects.values_list("name", flat=True))


def test_what_was_given_up_twice_is_done_once() -> None:
    act = Failing(2)
    assert operation(act)() == "done"
    assert (act.tries, names()) == (3, ["Try 3"])


def test_who_is_given_up_every_time_is_told_to_try_again() -> None:
    act = Failing(100)
    with pytest.raises(Busy, match="try again"):
        operation(act)()
    assert (act.tries, names()) == (transactions.TRIES, [])


def test_another_failure_of_the_database_is_not_repeated() -> None:
    act = Failing(1, lambda: OperationalError("the server has gone away"))
    with pytest.raises(OperationalError, match="gone away"):
        operation(act)()
    assert (act.tries, names()) == (1, [])


def test_only_the_outermost_begins_anew() -> None:
    act = Failing(1)
    with pytest.raises(OperationalError), transaction.atomic():
        operation(act)()
    assert act.tries == 1
    assert again(transaction.atomic(operation(act)))() == "done"


def test_no_operation_is_a_plain_transaction() -> None:
    package = Path(transactions.__file__).parent
    plain = [path.name for path in package.rglob("*.py") if "\n@transaction.atomic" in path.read_text()]
    assert plain == []


@pytest.mark.services
def test_two_who_lock_crosswise_both_come_through() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("DATABASE names no server")
    pair, together = [make.institution().pk, make.institution().pk], Barrier(2)
    tries: list[int] = []

    @operation
    def lock(first: int, second: int) -> None:
        tries.append(first)
        Institution.objects.select_for_update().get(pk=first)
        if len(tries) <= 2:
            together.wait(timeout=10)
        Institution.objects.select_for_update().get(pk=second)
        Institution.objects.filter(pk=second).update(name=f"Locked after {first}")

    def one(order: list[int]) -> None:
        try:
            lock(*order)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, [pair, pair[::-1]]))
    assert len(tries) == 3
    assert set(names()) == {f"Locked after {key}" for key in pair}
