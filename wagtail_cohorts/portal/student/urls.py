"""URLs of one student's pages, below s/<link>/."""

from __future__ import annotations

from django.urls import path

from wagtail_cohorts.portal.student import agreements, details, documents, guardian, status

urlpatterns = [
    path("", details.Welcome.as_view(), name="student_welcome"),
    path("details/", details.Details.as_view(), name="student_details"),
    path("guardian/", guardian.NameGuardian.as_view(), name="student_guardian"),
    path("decline/", details.Decline.as_view(), name="student_decline"),
    path("documents/", documents.Documents.as_view(), name="student_documents"),
    path("documents/<uuid:document>/add/", documents.AddFiles.as_view(), name="student_add_files"),
    path("files/<uuid:upload>/", documents.LookAtFile.as_view(), name="student_file"),
    path("files/<uuid:upload>/remove/", documents.RemoveFile.as_view(), name="student_remove_file"),
    path(
        "files/<uuid:upload>/<int:page>-<int:width>.webp",
        documents.FileImage.as_view(),
        name="student_file_image",
    ),
    path("agreements/<uuid:agreement>/", agreements.FillAgreement.as_view(), name="student_agreement"),
    path("agreements/<uuid:agreement>/save/", agreements.SaveAnswers.as_view(), name="student_save"),
    path("agreements/<uuid:agreement>/read/", agreements.ReadAgreement.as_view(), name="student_read"),
    path("agreements/<uuid:agreement>/copy/", agreements.AgreementCopy.as_view(), name="student_copy"),
    path(
        "agreements/<uuid:agreement>/<int:page>-<int:width>.webp",
        agreements.AgreementImage.as_view(),
        name="student_page",
    ),
    path("signature/", agreements.Signature.as_view(), name="student_signature"),
    path("signature/<slug:part>.png", agreements.MarkImage.as_view(), name="student_mark"),
    path("review/", agreements.Review.as_view(), name="student_review"),
    path("status/", status.Status.as_view(), name="student_status"),
    path("final/<slug:part>/", status.FinalSet.as_view(), name="student_final"),
]
