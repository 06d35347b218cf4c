"""The students of one cohort as staff see them: one mark an item, sorted by who needs somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils.translation import gettext as _

from wagtail_cohorts.agreements.definitions import definition_of
from wagtail_cohorts.agreements.models import GUARDIAN, STUDENT
from wagtail_cohorts.cohorts.models import Cohort, CohortTemplate, RequiredDocument
from wagtail_cohorts.cohorts.queries import SEGMENTS, segment_conditions
from wagtail_cohorts.enrollments.models import Agreement, Enrollment
from wagtail_cohorts.enrollments.states import AgreementState, EnrollmentState, Verification
from wagtail_cohorts.enrollments.turns import roles_left
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.uploads.models import Upload, UploadState

CLOSED = Q(state__in=(EnrollmentState.WITHDRAWN, EnrollmentState.DECLINED))
URGENCY = ("to_verify", "sent_back", "guardian", "in_progress", "not_started", "done")


@dataclass(frozen=True)
class Mark:
    """``tone`` is ok, wait, bad or none; ``words`` say the same to everyone."""

    tone: str
    icon: str
    words: str


@dataclass(frozen=True)
class Row:
    enrollment: Enrollment
    segment: str
    marks: list[Mark]
    last_seen: datetime | None

    @property
    def label(self) -> str:
        return segment_label(self.segment, self.enrollment)


def counts_of(cohort: Cohort) -> dict[str, int]:
    """Active, the six segments and closed, in one query."""
    counted = {name: Count("pk", filter=condition) for name, condition in segment_conditions().items()}
    found: dict[str, int] = cohort.enrollments.order_by().aggregate(
        closed=Count("pk", filter=CLOSED),
        uninvited=Count("pk", filter=Q(state="waiting", invited_at=None) & ~Q(email="")),
        **counted,
    )
    found["active"] = sum(found[name] for name in SEGMENTS)
    return found


def segment_of(enrollment: Enrollment) -> str:
    """Which part of the progress bar the student is in; "closed" for those who left."""
    if not enrollment.is_active:
        return "closed"
    if enrollment.state == EnrollmentState.WAITING:
        return "not_started"
    if enrollment.verification == Verification.REJECTED:
        return "sent_back"
    if enrollment.state == EnrollmentState.IN_PROGRESS:
        return "in_progress"
    if enrollment.verification != Verification.VERIFIED:
        return "to_verify"
    return "guardian" if enrollment.waits_for_guardian else "done"


def segment_label(segment: str, enrollment: Enrollment) -> str:
    waits = enrollment.waits_for_guardian
    labels = {
        "done": _("Complete"),
        "guardian": _("Waits for the guardian"),
        "to_verify": _("To verify, waits for the guardian") if waits else _("To verify"),
        "sent_back": _("Sent back"),
        "in_progress": _("In progress"),
        "not_started": _("Not started"),
    }
    return labels.get(segment) or enrollment.get_state_display()


def students_of(cohort: Cohort, *, show: str = "", search: str = "") -> Any:
    """Enrollments, filtered by a part of the bar and by words, those first who need somebody."""
    rows = cohort.enrollments.all()
    if show == "closed":
        rows = rows.filter(CLOSED)
    elif show in SEGMENTS:
        rows = rows.filter(segment_conditions()[show])
    elif show == "active":
        rows = rows.active()
    for word in search.split()[:5]:
        rows = rows.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
        )
    conditions = segment_conditions()
    whens = [When(conditions[name], then=Value(place)) for place, name in enumerate(URGENCY)]
    urgency = Case(*whens, default=Value(len(URGENCY)), output_field=IntegerField())
    return rows.order_by(urgency, "last_name", "first_name", "pk")


class Items:
    """What each student of a cohort has to bring, and the marks for a page of them. Five queries, whatever the size."""

    def __init__(self, cohort: Cohort) -> None:
        self.documents: list[RequiredDocument] = list(cohort.required_documents.all())
        templates = cohort.cohort_templates.select_related("version", "template").order_by("position", "pk")
        self.templates: list[CohortTemplate] = list(templates)

    @property
    def headings(self) -> list[str]:
        return [
            _("Details"),
            *(row.label for row in self.documents),
            *(row.template.title for row in self.templates),
        ]

    def rows(self, enrollments: Sequence[Enrollment]) -> list[Row]:
        keys = [one.pk for one in enrollments]
        uploads, agreements = _uploads(keys), _agreements(keys)
        seen = dict(
            PersonalLink.objects.filter(subject_key__in=[one.stream_key for one in enrollments]).values_list(
                "subject_key", "last_seen_at"
            )
        )
        return [
            Row(
                one,
                segment_of(one),
                self._marks(one, uploads[one.pk], agreements[one.pk]),
                seen.get(one.stream_key),
            )
            for one in enrollments
        ]

    def _marks(
        self, enrollment: Enrollment, uploads: dict[int, set[str]], agreements: dict[int, str]
    ) -> list[Mark]:
        marks = [_details_mark(enrollment)]
        marks += [_document_mark(row.label, uploads.get(row.pk, set())) for row in self.documents]
        for row in self.templates:
            marks.append(_agreement_mark(row.template.title, agreements.get(row.version_id or 0, "")))
        return marks


def _uploads(keys: Sequence[int]) -> dict[int, dict[int, set[str]]]:
    found: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    rows = Upload.objects.current().filter(enrollment_id__in=keys)
    for enrollment_id, document_id, state in rows.values_list(
        "enrollment_id", "required_document_id", "state"
    ):
        found[enrollment_id][document_id].add(state)
    return found


def _agreements(keys: Sequence[int]) -> dict[int, dict[int, str]]:
    """Enrollment to version to "signed", "sealed", "open" or "guardian"; signed by the student is signed here, unless
    the guardian still signs."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    rows = Agreement.objects.filter(enrollment_id__in=keys).select_related("version", "enrollment").order_by()
    acted: dict[tuple[int, int], set[str]] = defaultdict(set)
    acts = Act.objects.filter(agreement__enrollment_id__in=keys)
    for agreement_id, revision, role_key in acts.values_list("agreement_id", "revision", "role_key"):
        acted[agreement_id, revision].add(role_key)
    for row in rows:
        found[row.enrollment_id or 0][row.version_id] = _state_of(row, acted[row.pk, row.revision])
    return found


def _state_of(row: Agreement, acted: set[str]) -> str:
    own = {role.key for role in definition_of(row.version).of_kind(STUDENT)}
    if row.state != AgreementState.OPEN or not own or not own <= acted:
        return row.state
    left = roles_left(row, acted)
    return GUARDIAN if left and left[0].kind == GUARDIAN else AgreementState.SIGNED


def _details_mark(enrollment: Enrollment) -> Mark:
    if enrollment.details_confirmed_at:
        return Mark("ok", "check", _("Details: confirmed"))
    return Mark("none", "minus", _("Details: not confirmed"))


def _document_mark(label: str, states: set[str]) -> Mark:
    if UploadState.REJECTED in states:
        return Mark("bad", "rotate", _("%s: sent back") % label)
    if UploadState.PENDING in states:
        return Mark("wait", "time", _("%s: waits for you") % label)
    if UploadState.APPROVED in states:
        return Mark("ok", "check", _("%s: accepted") % label)
    return Mark("none", "minus", _("%s: missing") % label)


def _agreement_mark(label: str, state: str) -> Mark:
    if state == AgreementState.SEALED:
        return Mark("ok", "lock", _("%s: sealed") % label)
    if state == GUARDIAN:
        return Mark("wait", "time", _("%s: waits for the guardian") % label)
    if state == AgreementState.SIGNED:
        return Mark("ok", "edit", _("%s: signed") % label)
    return Mark("none", "minus", _("%s: not signed") % label)
