"""What each e-mail says to whom: read from the rows at the moment of sending, so that it is never out of date."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.utils import quote
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from wagtail_cohorts import flags
from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.cohorts.models import Cohort, SponsorInvitation
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.conf import settings
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import link_of
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import is_alive, make_link, rotate_link, token_of
from wagtail_cohorts.notifications.models import EmailMessageRecord
from wagtail_cohorts.sponsors.models import SponsorContact
from wagtail_cohorts.texts import in_language
from wagtail_cohorts.uploads.models import Upload, UploadState

STUDENT_INVITED, SENT_BACK, RECEIVED, STUDENT_COMPLETED = (
    "student_invited", "sent_back", "received", "student_completed",
)  # fmt: skip
SPONSOR_INVITED, SPONSOR_SIGNED, COHORT_COMPLETED = "sponsor_invited", "sponsor_signed", "cohort_completed"


@dataclass(frozen=True)
class Letter:
    """One e-mail before it is written: ``context`` may hold a personal link, so it is never kept."""

    kind: str
    institution: Institution
    to: str
    subject_key: str
    context: dict[str, Any] = field(default_factory=dict)


def absolute(path: str) -> str:
    return settings.BASE_URL + path


@sensitive_variables()
def personal_address(link: PersonalLink) -> str:
    """The address that opens a personal link's pages. A link that ran out is renewed; a revoked one stays dead."""
    if not is_alive(link) and link.revoked_at is None:
        link = rotate_link(link)
    return absolute(reverse("wagtail_cohorts:open_link", kwargs={"token": token_of(link)}))


def enrollment_of(event: Event) -> Enrollment | None:
    rows = Enrollment.objects.select_related("cohort__institution", "cohort__programme", "cohort__sponsor")
    return rows.filter(uuid=event.data["data"]["enrollment"]).first()


@sensitive_variables()
def to_student(kind: str, enrollment: Enrollment, **more: Any) -> Letter | None:
    """None for people who left, who have no address, or whose pages are closed or revoked."""
    institution = enrollment.cohort.institution
    if not enrollment.is_active or not enrollment.email:
        return None
    if not flags.is_open(flags.STUDENTS, institution=institution):
        return None
    link = link_of(enrollment)
    if link.revoked_at is not None:
        return None
    context = {"enrollment": enrollment, "cohort": enrollment.cohort, "link": personal_address(link), **more}
    return Letter(kind, institution, enrollment.email, enrollment.stream_key, context)


def student_invited(event: Event, recipient: str) -> Letter | None:
    enrollment = enrollment_of(event)
    if enrollment is None or enrollment.cohort.state == CohortState.CANCELLED:
        return None
    if enrollment.cohort.state == CohortState.COMPLETED:
        return student_completed(event, recipient)
    language = enrollment.cohort.institution.language
    documents = [
        in_language(row.name, language=language)
        for row in enrollment.cohort.required_documents.all() if row.is_required
    ]  # fmt: skip
    return to_student(STUDENT_INVITED, enrollment, documents=documents)


def sent_back(event: Event, recipient: str) -> Letter | None:
    """All that is sent back now, in one letter; none if a letter since the event has told it already."""
    enrollment = enrollment_of(event)
    if enrollment is None or not enrollment.cohort.is_open or _was_told(SENT_BACK, enrollment, event):
        return None
    rejected = Upload.objects.filter(enrollment=enrollment, state=UploadState.REJECTED)
    language = enrollment.cohort.institution.language
    items = [
        {"name": in_language(row.required_document.name, language=language), "reason": row.reason}
        for row in rejected.select_related("required_document").order_by("required_document__position", "pk")
    ]
    return to_student(SENT_BACK, enrollment, items=items) if items else None


def _was_told(kind: str, enrollment: Enrollment, event: Event) -> bool:
    sent = EmailMessageRecord.objects.filter(
        kind=kind, subject_key=enrollment.stream_key, state=EmailMessageRecord.SENT
    )
    return sent.filter(sent_at__gte=event.recorded_at).exclude(delivery__event=event).exists()


def received(event: Event, recipient: str) -> Letter | None:
    enrollment = enrollment_of(event)
    return to_student(RECEIVED, enrollment) if enrollment is not None else None


def student_completed(event: Event, recipient: str) -> Letter | None:
    enrollment = enrollment_of(event)
    if enrollment is None:
        return None
    return to_student(STUDENT_COMPLETED, enrollment, count=enrollment.agreements.exclude(sealed=None).count())


def cohort_of(event: Event) -> Cohort | None:
    rows = Cohort.objects.select_related("institution", "programme", "sponsor")
    return rows.filter(uuid=event.data["data"]["cohort"]).first()


@sensitive_variables()
def sponsor_invited(event: Event, recipient: str) -> Letter | None:
    cohort = cohort_of(event)
    contact = (
        SponsorContact.objects.filter(uuid=event.data["data"]["contact"]).select_related("sponsor").first()
    )
    if cohort is None or contact is None or cohort.state == CohortState.CANCELLED:
        return None
    if not flags.is_open(flags.SPONSORS, institution=cohort.institution):
        return None
    if not SponsorInvitation.objects.filter(cohort=cohort, contact=contact).exists():
        return None
    if not cohort.parties.filter(contact=contact).exists():  # somebody else was named meanwhile
        return None
    key = f"contact:{contact.uuid}"
    link = make_link(kind="sponsor", subject_key=key, institution_id=cohort.institution_id)
    if link.revoked_at is not None:
        return None
    students = cohort.enrollments.active()
    context = {
        "contact": contact, "cohort": cohort, "link": personal_address(link), "students": students.count(),
        "documents": _documents_of(cohort, contact),
    }  # fmt: skip
    return Letter(SPONSOR_INVITED, cohort.institution, contact.email, key, context)


def _documents_of(cohort: Cohort, contact: SponsorContact) -> int:
    """Agreements of active students in which the contact has a part."""
    own = set(cohort.parties.filter(contact=contact).values_list("role_key", flat=True))
    rows = cohort.cohort_templates.exclude(version=None).select_related("version")
    versions = [
        row.version for row in rows
        if row.version and own & {role.key for role in definition_of(row.version).acting_roles()}
    ]  # fmt: skip
    return cohort.agreements.filter(enrollment__in=cohort.enrollments.active(), version__in=versions).count()


def sponsor_signed(event: Event, recipient: str) -> Letter | None:
    return _to_staff(SPONSOR_SIGNED, event, recipient)


def cohort_completed(event: Event, recipient: str) -> Letter | None:
    return _to_staff(COHORT_COMPLETED, event, recipient)


def staff_recipients(event: Event) -> list[str]:
    """The institution's own address if it has one, else each administrator."""
    cohort = cohort_of(event)
    if cohort is None:
        return []
    if cohort.institution.contact_email:
        return ["institution"]
    administrators = cohort.institution.memberships.filter(role="administrator", user__is_active=True)
    return [f"user:{key}" for key in administrators.order_by("pk").values_list("user_id", flat=True)]


def _to_staff(kind: str, event: Event, recipient: str) -> Letter | None:
    cohort = cohort_of(event)
    if cohort is None or not flags.is_open(flags.FEATURE, institution=cohort.institution):
        return None
    address, name = _staff_address(cohort.institution, recipient)
    if not address:
        return None
    context = {
        "cohort": cohort, "name": name, "link": cohort_address(cohort), "students": cohort.enrollments.active().count(),
        "documents": cohort.agreements.filter(enrollment__in=cohort.enrollments.active()).count(),
    }  # fmt: skip
    return Letter(kind, cohort.institution, address, cohort.stream_key, context)


def _staff_address(institution: Institution, recipient: str) -> tuple[str, str]:
    """Address and name; nobody for a person who has left the staff since."""
    if recipient == "institution":
        return institution.contact_email, institution.contact_name
    memberships = institution.memberships.filter(user_id=recipient.partition(":")[2], user__is_active=True)
    membership = memberships.select_related("user").first()
    if membership is None:
        return "", ""
    user = membership.user
    return getattr(user, user.get_email_field_name(), "") or "", user.get_full_name()


def cohort_address(cohort: Cohort) -> str:
    """The cohort's page in the admin."""
    viewset = getattr(Cohort, "snippet_viewset", None)
    if viewset is None or not getattr(viewset, "inspect_view_enabled", False):
        return absolute(reverse("wagtailadmin_home"))
    return absolute(reverse(viewset.get_url_name("inspect"), args=[quote(cohort.pk)]))
