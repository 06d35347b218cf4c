"""The package's public URLs; include them under any prefix."""

from __future__ import annotations

from django.urls import include, path

app_name = "wagtail_cohorts"

urlpatterns = [
    path("", include("wagtail_cohorts.portal.urls")),
    path("", include("wagtail_cohorts.probes.urls")),
]
