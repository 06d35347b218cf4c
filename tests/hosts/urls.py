"""URLs of the other host: the admin and the package's pages lie elsewhere than on the plain one."""

from __future__ import annotations

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("office/cms/", include(wagtailadmin_urls)),
    path("files/", include(wagtaildocs_urls)),
    path("college/agreements/", include("wagtail_cohorts.urls")),
    path("", include(wagtail_urls)),
]
