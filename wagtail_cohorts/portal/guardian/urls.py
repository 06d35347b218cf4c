"""URLs of one guardian's pages, below g/<link>/."""

from __future__ import annotations

from django.urls import path

from wagtail_cohorts.portal.guardian import agreements, views

urlpatterns = [
    path("", views.Welcome.as_view(), name="guardian_welcome"),
    path("decline/", views.Decline.as_view(), name="guardian_decline"),
    path("agreements/<uuid:agreement>/", agreements.FillAgreement.as_view(), name="guardian_agreement"),
    path("agreements/<uuid:agreement>/save/", agreements.SaveAnswers.as_view(), name="guardian_save"),
    path("agreements/<uuid:agreement>/read/", agreements.ReadAgreement.as_view(), name="guardian_read"),
    path("agreements/<uuid:agreement>/copy/", agreements.AgreementCopy.as_view(), name="guardian_copy"),
    path(
        "agreements/<uuid:agreement>/<int:page>-<int:width>.webp",
        agreements.AgreementImage.as_view(),
        name="guardian_page",
    ),
    path("signature/", agreements.Signature.as_view(), name="guardian_signature"),
    path("signature/<slug:part>.png", agreements.MarkImage.as_view(), name="guardian_mark"),
    path("review/", agreements.Review.as_view(), name="guardian_review"),
    path("status/", views.Status.as_view(), name="guardian_status"),
]
