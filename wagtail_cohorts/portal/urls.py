"""Public URLs: a table of contents. Each kind of page keeps its own list."""

from __future__ import annotations

from django.urls import include, path

from wagtail_cohorts.portal.colours import institution_style
from wagtail_cohorts.portal.entry import AskForLink, LeaveView, OpenLink

urlpatterns = [
    path("o/<str:token>/", OpenLink.as_view(), name="open_link"),
    path("new-link/", AskForLink.as_view(), name="ask_for_link"),
    path("leave/<uuid:link>/", LeaveView.as_view(), name="leave"),
    path("style/<uuid:institution>-<slug:digest>.css", institution_style, name="institution_style"),
    path("s/<uuid:link>/", include("wagtail_cohorts.portal.student.urls")),
    path("g/<uuid:link>/", include("wagtail_cohorts.portal.guardian.urls")),
    path("p/<uuid:link>/", include("wagtail_cohorts.portal.sponsor.urls")),
    path("verify/", include("wagtail_cohorts.portal.verify.urls")),
]
