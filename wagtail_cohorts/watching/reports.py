"""What Django's error mails may show of a page about people: where it broke, and nothing that they sent."""

from __future__ import annotations

from collections.abc import ItemsView
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class HidePeople(SafeExceptionReporterFilter):
    """All cookies, all form fields and all local variables become stars. With DEBUG on, everything is shown."""

    def get_safe_cookies(self, request: Any) -> dict[str, Any]:
        if not self.is_active(request):
            return super().get_safe_cookies(request)
        return dict.fromkeys(getattr(request, "COOKIES", {}), self.cleansed_substitute)

    def get_post_parameters(self, request: Any) -> Any:
        if request is None or not self.is_active(request):
            return super().get_post_parameters(request)
        return dict.fromkeys(request.POST, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> ItemsView[str, Any]:
        if not self.is_active(request):
            return super().get_traceback_frame_variables(request, tb_frame)
        return dict.fromkeys(tb_frame.f_locals, self.cleansed_substitute).items()


def hide_people(request: HttpRequest) -> None:
    """Called by every page about people before anything else."""
    request.exception_reporter_filter = HidePeople()
