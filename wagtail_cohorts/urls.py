"""Public URLs: wiring only."""

from django.urls import URLPattern, URLResolver

app_name = "wagtail_cohorts"
urlpatterns: list[URLPattern | URLResolver] = []
