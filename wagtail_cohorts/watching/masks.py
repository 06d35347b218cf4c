"""No line holds a personal link's token: it is masked in texts, in log records, and in a request once it is read."""

from __future__ import annotations

import logging
import re
from typing import Any

from django.http import HttpRequest

MASK = "***"
# A token is 43 letters after "o/". One that lost its end on the way is masked as long as half of it is there; the words
# that a host may have after an "o/" of its own are shorter.
_TOKEN = re.compile(r"(?<=/o/)[\w%-]{22,}")

# Loggers of Django and of web servers whose lines name the address that was asked for.
LOGGERS = (
    "django.request",
    "django.server",
    "django.security.csrf",
    "django.security.DisallowedHost",
    "gunicorn.access",
    "uvicorn.access",
    "hypercorn.access",
)


def mask(text: str) -> str:
    """The text without tokens."""
    return _TOKEN.sub(MASK, text) if "/o/" in text else text


def forget_token(request: HttpRequest) -> None:
    """Mask the request's own address. Whoever logs, mails or reports the request later sees no token.

    A WSGI server's access log reads the same environment when the answer is sent, so it is masked, too.
    """
    request.path, request.path_info = mask(request.path), mask(request.path_info)
    for name, value in request.META.items():
        if isinstance(value, str) and "/o/" in value:
            request.META[name] = mask(value)
    match = getattr(request, "resolver_match", None)
    if match is not None and "token" in match.kwargs:
        match.kwargs["token"] = MASK


class MaskTokens(logging.Filter):
    """For any logger or handler. Keeps the shape of a record's arguments: access logs format them in their own way."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _masked(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(_masked(one) for one in record.args)
        elif isinstance(record.args, dict):
            for name in list(record.args):  # gunicorn's own kind of dict: it stays what it is
                record.args[name] = _masked(record.args[name])
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            forget_token(request)
        return True


def _masked(value: Any) -> Any:
    return mask(value) if isinstance(value, str) else value


def connect() -> None:
    """Put the mask before the loggers above, whatever the host's LOGGING says. Calling it again changes nothing."""
    for name in LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(one, MaskTokens) for one in logger.filters):
            logger.addFilter(MaskTokens())
