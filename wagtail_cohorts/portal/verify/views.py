"""Checking a document by its code or by the file itself, without an account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wagtail_cohorts.completion.verification import Verdict, verify_code, verify_upload
from wagtail_cohorts.conf import settings
from wagtail_cohorts.portal import limits
from wagtail_cohorts.portal.base import PublicView

LONGEST_CODE = 80


class Verify(PublicView):
    """The answer is a sentence first; nothing that is sent is kept."""

    def get(self, request: HttpRequest) -> HttpResponse:
        code = request.GET.get("code", "")[:LONGEST_CODE]
        return self._check_code(code) if code.strip() else self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        file = request.FILES.get("file")
        code = request.POST.get("code", "")[:LONGEST_CODE]
        if file is None and not code.strip():
            return self._page(error=_("Choose a PDF or type a code."))
        if file is None:
            return self._check_code(code)
        if not limits.take_from(request, "verify"):
            return self.too_many()
        if (file.size or 0) > settings.MAX_UPLOAD_BYTES:
            megabytes = settings.MAX_UPLOAD_BYTES // 1_000_000
            return self._page(error=_("This file is larger than %d MB.") % megabytes)
        return self._page(verdict=verify_upload(file.read()))

    def _check_code(self, code: str) -> HttpResponse:
        if not limits.take_from(self.request, "verify"):
            return self.too_many()
        return self._page(verdict=verify_code(code), code=code)

    def _page(
        self, *, verdict: Verdict | None = None, code: str = "", error: str = "", status: int = 200
    ) -> HttpResponse:
        context: dict[str, Any] = {"verdict": verdict, "code": code, "error": error}
        if verdict is not None:
            context["looks"] = LOOKS.get(verdict.status, "unknown")
            context["student"] = short_name(verdict.student)
            context["documents"] = [
                (one, [(sig, short_name(sig.name)) for sig in one.signatures]) for one in verdict.documents
            ]
        return self.render("verify/verify.html", context, status=status)


LOOKS = {"sealed": "ok", "signed": "wait", "changed": "bad"}


def short_name(name: str) -> str:
    """Initials and the last word: enough to compare with the paper, not enough to collect people."""
    words = name.split()
    if len(words) < 2:
        return name
    return " ".join([*(f"{word[0]}." for word in words[:-1]), words[-1]])
