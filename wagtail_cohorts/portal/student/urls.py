"""URLs of one student's pages, below s/<link>/."""

from __future__ import annotations

from django.urls import path

from wagtail_cohorts.portal.student import views

urlpatterns = [
    path("", views.Welcome.as_view(), name="student_welcome"),
]
