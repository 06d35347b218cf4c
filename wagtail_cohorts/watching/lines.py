"""Writing one line: its message is the name of what happened, its ids are fields, and it holds no value of anybody."""

from __future__ import annotations

import logging
import traceback
from functools import partial
from typing import Any

from django.db import transaction


def tell(logger: logging.Logger, what: str, *, level: int = logging.INFO, **fields: Any) -> None:
    """One line about one thing. Fields are ids, states, counts and codes; those that are None are left out."""
    if logger.isEnabledFor(level):
        logger.log(level, what, extra={name: value for name, value in fields.items() if value is not None})


def tell_when_committed(logger: logging.Logger, what: str, **fields: Any) -> None:
    """The same once the transaction stands: a line about what was rolled back would be a lie."""
    transaction.on_commit(partial(tell, logger, what, **fields), robust=True)


def tell_fault(logger: logging.Logger, what: str, error: BaseException, **fields: Any) -> None:
    """One line about something that broke: the kinds of the exceptions and where, never their messages.

    A database's or mail server's message quotes the row or the address; ``exc_info`` would carry local variables.
    """
    tell(logger, what, level=logging.ERROR, error=name_of(error), trace=trace_of(error), **fields)


def name_of(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def trace_of(error: BaseException) -> str:
    """A traceback with its causes, oldest first, without what the exceptions say."""
    parts: list[str] = []
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        parts.append("".join(traceback.format_tb(found.__traceback__)) + name_of(found))
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return "\n".join(reversed(parts))
