"""Addresses for machines; probes and scrapers write them without a slash at the end."""

from __future__ import annotations

from django.urls import path

from wagtail_cohorts.probes import views

urlpatterns = [
    path("health", views.health, name="health"),
    path("health/live", views.live, name="health_live"),
    path("health/ready", views.ready, name="health_ready"),
    path("metrics", views.prometheus, name="metrics"),
]
