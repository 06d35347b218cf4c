"""URLs of the test site: as the install page says, with the package under papers/."""

from __future__ import annotations

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("papers/", include("wagtail_cohorts.urls")),
    path("", include(wagtail_urls)),
]
