"""Optional, before CsrfViewMiddleware: a form in an encoding that Django refuses is answered with 400."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase

FORM, UTF_8 = "application/x-www-form-urlencoded", "utf-8"


class RefuseUnreadable:
    """Django 5.2 raises at each look at such a form: for CSRF, then in its page for 400, then in that for 500, so that
    the server before it answers 500 to anybody who sends ``charset=utf-16``, at any address of the site."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        encoding = request.encoding
        if request.content_type == FORM and encoding and encoding.lower() != UTF_8:
            if codecs.lookup(encoding).name != UTF_8:
                return HttpResponseBadRequest("A form is sent in UTF-8.", content_type="text/plain")
            request.encoding = UTF_8  # “utf8” and its like
        return self.get_response(request)
