"""The address of the public check."""

from __future__ import annotations

from django.urls import path

from wagtail_cohorts.portal.verify.views import Verify

urlpatterns = [path("", Verify.as_view(), name="verify")]
