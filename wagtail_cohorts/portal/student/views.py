"""The first page."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse

from wagtail_cohorts.portal.base import StudentBase


class Welcome(StudentBase):
    def get(self, request: HttpRequest, link: uuid.UUID) -> HttpResponse:
        return self.render("student/welcome.html")
