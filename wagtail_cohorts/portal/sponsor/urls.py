"""URLs of one sponsor contact's pages, below p/<link>/."""

from __future__ import annotations

from django.urls import include, path

from wagtail_cohorts.portal.sponsor.pages import Copies, MakeCopies, Progress, Receipt, Retry
from wagtail_cohorts.portal.sponsor.signing import Preview, Sign
from wagtail_cohorts.portal.sponsor.views import Document, Home, Overview, PageImage, Student

STUDENT = "student/<uuid:enrollment>/"
AGREEMENT = f"{STUDENT}<uuid:agreement>/"

of_cohort = [
    path("", Overview.as_view(), name="sponsor_cohort"),
    path(STUDENT, Student.as_view(), name="sponsor_student"),
    path(AGREEMENT, Student.as_view(), name="sponsor_agreement"),
    path(f"{AGREEMENT}page-<int:page>-<int:width>.webp", PageImage.as_view(), name="sponsor_page"),
    path(f"{AGREEMENT}document.pdf", Document.as_view(), name="sponsor_document"),
    path("sign/", Sign.as_view(), name="sponsor_sign"),
    path("sign/preview/", Preview.as_view(), name="sponsor_preview"),
    path("progress/", Progress.as_view(), name="sponsor_progress"),
    path("progress/retry/", Retry.as_view(), name="sponsor_retry"),
    path("receipt/<uuid:batch>/", Receipt.as_view(), name="sponsor_receipt"),
    path("copies/make/", MakeCopies.as_view(), name="sponsor_make_copies"),
    path("copies.zip", Copies.as_view(), name="sponsor_copies"),
]
urlpatterns = [
    path("", Home.as_view(), name="sponsor_home"),
    path("<uuid:cohort>/", include(of_cohort)),
]
