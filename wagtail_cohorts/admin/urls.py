"""Our own pages under ``/admin/cohorts/``; the viewsets bring theirs."""

from __future__ import annotations

from django.urls import path

from wagtail_cohorts.admin import downloads
from wagtail_cohorts.admin.batches import views as batches
from wagtail_cohorts.admin.cohorts import actions, sponsor_page
from wagtail_cohorts.admin.cohorts.add_students import AddStudentsPage
from wagtail_cohorts.admin.cohorts.columns_page import MoreColumnsPage
from wagtail_cohorts.admin.dashboard.views import DashboardPage
from wagtail_cohorts.admin.enrollments import actions as students
from wagtail_cohorts.admin.enrollments import guardians
from wagtail_cohorts.admin.enrollments.reminding import RemindStudentPage
from wagtail_cohorts.admin.enrollments.resetting import ResetPage
from wagtail_cohorts.admin.history.views import AgreementHistoryPage
from wagtail_cohorts.admin.signing.views import SignPage, SpecimenPage
from wagtail_cohorts.admin.verification import views as verification

app_name = "wagtail_cohorts_admin"

urlpatterns = [
    path("today/", DashboardPage.as_view(), name="dashboard"),
    # one cohort
    path("<int:pk>/open/", actions.OpenPage.as_view(), name="open"),
    path("<int:pk>/go-on/", actions.GoOnPage.as_view(), name="go_on"),
    path("<int:pk>/cancel/", actions.CancelPage.as_view(), name="cancel"),
    path("<int:pk>/step-back/", actions.StepBackPage.as_view(), name="step_back"),
    path("<int:pk>/sign/", SignPage.as_view(), name="sign"),
    path("<int:pk>/sign/<uuid:uuid>/<int:page>.webp", SpecimenPage.as_view(), name="specimen_page"),
    path("<int:pk>/add-students/", AddStudentsPage.as_view(), name="add_students"),
    path("<int:pk>/invite/", actions.InvitePage.as_view(), name="invite"),
    path("<int:pk>/remind/", actions.RemindPage.as_view(), name="remind"),
    path("<int:pk>/sponsor/", sponsor_page.SponsorPage.as_view(), name="sponsor"),
    path("<int:pk>/sponsor/remind/", sponsor_page.RemindSponsorPage.as_view(), name="remind_sponsor"),
    path("<int:pk>/sponsor/change/", sponsor_page.ChangeContactPage.as_view(), name="change_contact"),
    path("<int:pk>/sponsor/again/", actions.ResendSponsorPage.as_view(), name="resend_sponsor"),
    path("<int:pk>/sponsor/links/", actions.SponsorLinksPage.as_view(), name="sponsor_links"),
    path("<int:pk>/finalize/", actions.FinalizePage.as_view(), name="finalize"),
    path("<int:pk>/zip/", actions.ZipPage.as_view(), name="zip"),
    path("<int:pk>/export/", downloads.CohortExport.as_view(), name="export"),
    path("<int:pk>/export/columns/", MoreColumnsPage.as_view(), name="export_columns"),
    # one student
    path("student/<int:pk>/invite/", students.InviteStudentPage.as_view(), name="invite_student"),
    path("student/<int:pk>/link/", students.LinkPage.as_view(), name="student_link"),
    path("student/<int:pk>/change/", students.ChangeStudentPage.as_view(), name="change_student"),
    path("student/<int:pk>/guardian/", guardians.ChangeGuardianPage.as_view(), name="guardian"),
    path("student/<int:pk>/guardian/link/", guardians.GuardianLinkPage.as_view(), name="guardian_link"),
    path("student/<int:pk>/guardian/ask/", guardians.AskGuardianPage.as_view(), name="ask_guardian"),
    path("student/<int:pk>/guardian/close/", guardians.RevokeGuardianPage.as_view(), name="revoke_guardian"),
    path("student/<int:pk>/withdraw/", students.WithdrawPage.as_view(), name="withdraw"),
    path("student/<int:pk>/readmit/", students.ReadmitPage.as_view(), name="readmit"),
    path("student/<int:pk>/reset/", ResetPage.as_view(), name="reset"),
    path("student/<int:pk>/remind/", RemindStudentPage.as_view(), name="remind_student"),
    # verification
    path("verification/", verification.QueuePage.as_view(), name="verification"),
    path("verification/<uuid:uuid>/", verification.QueuePage.as_view(), name="verify"),
    path("verification/<uuid:uuid>/approve/", verification.ApprovePage.as_view(), name="approve"),
    path("verification/<uuid:uuid>/send-back/", verification.RejectPage.as_view(), name="reject"),
    path("verification/<uuid:uuid>/undo/", verification.UndoPage.as_view(), name="undo"),
    # files
    path("document/<uuid:uuid>/", downloads.DocumentFile.as_view(), name="document_file"),
    path("document/<uuid:uuid>/original/", downloads.DocumentOriginal.as_view(), name="document_original"),
    path("document/<uuid:uuid>/<int:page>.webp", downloads.DocumentPage.as_view(), name="document_page"),
    path("agreement/<uuid:uuid>/", downloads.AgreementFile.as_view(), name="agreement_file"),
    path("agreement/<uuid:uuid>/<int:page>.webp", downloads.AgreementPage.as_view(), name="agreement_page"),
    path("agreement/<uuid:uuid>/history/", AgreementHistoryPage.as_view(), name="agreement_history"),
    path(
        "agreement/<uuid:uuid>/history/results/",
        AgreementHistoryPage.as_view(results_only=True),
        name="agreement_history_results",
    ),
    path("certificate/<int:pk>/", downloads.CertificateFile.as_view(), name="certificate"),
    path("package/<int:pk>/", downloads.PackageFile.as_view(), name="package"),
    path("export/<int:pk>/", downloads.ExportDownload.as_view(), name="export_file"),
    # work in the background
    path("work/<uuid:uuid>/", batches.BatchPage.as_view(), name="batch"),
    path("work/<uuid:uuid>/progress.json", batches.BatchProgress.as_view(), name="batch_progress"),
    path("work/<uuid:uuid>/retry/", batches.RetryPage.as_view(), name="batch_retry"),
    path("work/<uuid:uuid>/stop/", batches.StopPage.as_view(), name="batch_stop"),
]
