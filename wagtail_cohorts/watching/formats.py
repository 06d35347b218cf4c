"""For the host's LOGGING: a filter that adds the ids to any record, and two forms of a line.

All fields are plain ``extra`` attributes, so any other formatter (python-json-logger, structlog's) finds them too.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from wagtail_cohorts.watching.context import current
from wagtail_cohorts.watching.lines import trace_of
from wagtail_cohorts.watching.masks import mask

_STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class AddIds(logging.Filter):
    """Gives a record the ids of its request or job; what the record says of itself stands."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in current().items():
            if not hasattr(record, name):
                setattr(record, name, value)
        return True


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """What was given as ``extra``, if it is plain: a request object is not."""
    own = {name: value for name, value in vars(record).items() if name not in _STANDARD and name != "trace"}
    return {name: value for name, value in own.items() if isinstance(value, str | int | float)}


def trace_in(record: logging.LogRecord) -> str:
    """Where something broke, without what the exception says: that may quote a value."""
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    return trace_of(error) if error is not None else str(getattr(record, "trace", ""))


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": _moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **fields_of(record),
        }
        if trace := trace_in(record):
            line["trace"] = trace
        return mask(json.dumps(line, ensure_ascii=False, default=str))


class PlainLines(logging.Formatter):
    """For eyes: time, level, logger, message, then ``name=value``; a trace below."""

    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{name}={_plain(value)}" for name, value in fields_of(record).items())
        head = f"{_moment(record):%H:%M:%S} {record.levelname} {record.name} {record.getMessage()}"
        trace = trace_in(record)
        return mask(f"{head} {fields}".rstrip() + (f"\n{trace}" if trace else ""))


def _moment(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, tz=UTC)


def _plain(value: Any) -> str:
    text = str(value)
    return text if text.isprintable() and " " not in text else json.dumps(text, ensure_ascii=False)
