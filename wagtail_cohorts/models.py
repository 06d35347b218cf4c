"""Index only: Django looks for models here, each lives in its room."""

from wagtail_cohorts.agreements.models import AgreementTemplate, TemplateVersion
from wagtail_cohorts.batches.models import Batch, BatchItem
from wagtail_cohorts.cohorts.models import (
    Cohort,
    CohortParty,
    CohortTemplate,
    Programme,
    RequiredDocument,
    SponsorInvitation,
)
from wagtail_cohorts.completion.models import CompletionRecord
from wagtail_cohorts.enrollments.models import Agreement, Enrollment, Guardian
from wagtail_cohorts.evidence.models import Delivery, Event, EventDetail, Stream
from wagtail_cohorts.exports.models import ExportFile
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.institutions.models import CohortLogEntry, Institution, Membership, SigningCertificate
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.notifications.models import EmailMessageRecord, SponsorReminder
from wagtail_cohorts.signing.models import Act, ConsentText, Look, Mark
from wagtail_cohorts.sponsors.models import Sponsor, SponsorContact
from wagtail_cohorts.uploads.models import Upload

__all__ = [
    "Act",
    "Agreement",
    "AgreementTemplate",
    "Batch",
    "BatchItem",
    "Cohort",
    "CohortLogEntry",
    "CohortParty",
    "CohortTemplate",
    "CompletionRecord",
    "ConsentText",
    "Delivery",
    "EmailMessageRecord",
    "Enrollment",
    "Event",
    "EventDetail",
    "ExportFile",
    "Guardian",
    "Institution",
    "Look",
    "Mark",
    "Membership",
    "PersonalLink",
    "Programme",
    "RequiredDocument",
    "SigningCertificate",
    "Sponsor",
    "SponsorInvitation",
    "SponsorContact",
    "SponsorReminder",
    "StoredFile",
    "Stream",
    "TemplateVersion",
    "Upload",
]
