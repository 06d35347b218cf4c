"""What waits, is late or is stuck, in a fixed number of queries whatever the size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_cohorts.admin.activity import Line, lines_of
from wagtail_cohorts.admin.addresses import address, cohort_url, student_url
from wagtail_cohorts.admin.bars import Bar, bar_of
from wagtail_cohorts.admin.cohorts.listing import SOON, days_left
from wagtail_cohorts.admin.cohorts.track import short
from wagtail_cohorts.admin.verification.queue import waiting
from wagtail_cohorts.batches.models import Batch
from wagtail_cohorts.cohorts.models import Cohort, SponsorInvitation
from wagtail_cohorts.cohorts.states import OPEN_STATES, WITH_SPONSOR, CohortState
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.notifications.models import EmailMessageRecord

S = CohortState
SHOWN = 12
FEED = 40
LINES = 6
UNOPENED_DAYS = 3
RECENT = timedelta(days=14)


@dataclass(frozen=True)
class Matter:
    """One line: a number, what it is, why, and where to put it right."""

    count: int
    what: str
    why: str
    button: str
    url: str
    is_late: bool = False


@dataclass(frozen=True)
class OpenCohort:
    name: str
    url: str
    bar: Bar
    note: str
    is_late: bool


@dataclass(frozen=True)
class Dashboard:
    waiting: list[Matter]
    late: list[Matter]
    stuck: list[Matter]
    cohorts: list[OpenCohort]
    more: int
    totals: dict[str, int]
    feed: list[Line]


def dashboard_of(user: Any) -> Dashboard:
    cohorts = list(
        Cohort.objects.visible_to(user)
        .filter(state__in=OPEN_STATES)
        .with_progress()
        .order_by(F("deadline").asc(nulls_last=True), "pk")
    )
    return Dashboard(
        waiting=_waiting(user, cohorts),
        late=_late(user, cohorts),
        stuck=_stuck(user),
        cohorts=[_open(one) for one in cohorts[:SHOWN]],
        more=max(0, len(cohorts) - SHOWN),
        totals=_totals(user, cohorts),
        feed=_feed(user),
    )


def _waiting(user: Any, cohorts: list[Any]) -> list[Matter]:
    found = []
    documents = waiting(user).order_by().aggregate(count=Count("pk"), oldest=Min("created_at"))
    if documents["count"]:
        count = documents["count"]
        found.append(
            Matter(
                count,
                ngettext("document to verify", "documents to verify", count),
                _("Oldest since %s") % short(documents["oldest"]),
                _("Verify"),
                address("verification"),
            )
        )
    for one in [one for one in cohorts if one.state == S.INSTITUTION_SIGNING][:SHOWN]:
        why = ngettext("%(name)s, %(count)d student waits", "%(name)s, %(count)d students wait", one.active)
        why = why if one.active else _("%(name)s, no students yet")
        found.append(
            Matter(
                1,
                _("cohort to sign for the institution"),
                why % {"name": one.name, "count": one.active},
                _("Sign"),
                address("sign", pk=one.pk),
            )
        )
    for one in [one for one in cohorts if one.state == S.INSTITUTION_REVIEW][:SHOWN]:
        why = ngettext("%(name)s, %(count)d student", "%(name)s, %(count)d students", one.active)
        found.append(
            Matter(
                1,
                _("cohort to check and finalize"),
                why % {"name": one.name, "count": one.active},
                _("Check"),
                cohort_url(one.pk),
            )
        )
    return found


def _late(user: Any, cohorts: list[Any]) -> list[Matter]:
    today, found = date.today(), []
    for one in cohorts:
        left = one.active - one.done
        if one.state == S.ENROLLING and left and one.deadline and (one.deadline - today).days <= SOON:
            why = f"{one.name}, {days_left((one.deadline - today).days)}"
            what = ngettext("student not finished", "students not finished", left)
            found.append(Matter(left, what, why, _("Look"), cohort_url(one.pk), is_late=True))
    since = timezone.now() - timedelta(days=UNOPENED_DAYS)
    unopened = SponsorInvitation.objects.filter(
        cohort__in=[one.pk for one in cohorts if one.state in WITH_SPONSOR],
        opened_at=None,
        invited_at__lt=since,
    )
    for invitation in unopened.select_related("cohort__sponsor", "contact")[:SHOWN]:
        why = _("%(sponsor)s, invited %(day)s") % {
            "sponsor": invitation.cohort.sponsor,
            "day": short(invitation.invited_at),
        }
        url = address("resend_sponsor", pk=invitation.cohort_id)
        found.append(Matter(1, _("sponsor has not opened the link"), why, _("Send again"), url, is_late=True))
    return found[:SHOWN]


def _stuck(user: Any) -> list[Matter]:
    mine = Institution.objects.visible_to(user).values("pk")
    since, found = timezone.now() - RECENT, []
    broken = Batch.objects.filter(institution__in=mine, state=Batch.FAILED, created_at__gt=since)
    for batch in broken[:SHOWN]:
        found.append(
            Matter(
                1,
                _("piece of work did not finish"),
                batch.error or _("Look what went wrong."),
                _("Look"),
                address("batch", uuid=batch.uuid),
            )
        )
    return found + _unsent(user, since=since)


def _unsent(user: Any, *, since: Any) -> list[Matter]:
    """Mails that could not be handed over, with the student's page to correct the address."""
    rows = EmailMessageRecord.objects.visible_to(user).filter(
        state=EmailMessageRecord.FAILED, created_at__gt=since
    )
    mails = list(rows[:SHOWN])
    uuids = [
        mail.subject_key.partition(":")[2] for mail in mails if mail.subject_key.startswith("enrollment:")
    ]
    students = {one.stream_key: one for one in Enrollment.objects.visible_to(user).filter(uuid__in=uuids)}
    found = []
    for mail in mails:
        student = students.get(mail.subject_key)
        if student is not None:
            what = _("mail to %s did not go out") % mail.to
            found.append(Matter(1, what, student.full_name, _("Correct"), student_url(student.pk)))
    return found


def _totals(user: Any, cohorts: list[Any]) -> dict[str, int]:
    completed = Cohort.objects.visible_to(user).filter(state=S.COMPLETED).count()
    return {
        "open": len(cohorts),
        "students": sum(one.active for one in cohorts),
        "done": sum(one.done for one in cohorts),
        "completed": completed,
    }


NOTES = {
    S.DRAFT: gettext_lazy("Draft"),
    S.INSTITUTION_SIGNING: gettext_lazy("You sign first"),
    S.ENROLLING: gettext_lazy("Enrolling"),
    S.READY_FOR_SPONSOR: gettext_lazy("Ready for the sponsor"),
    S.SPONSOR_REVIEW: gettext_lazy("With the sponsor"),
    S.INSTITUTION_REVIEW: gettext_lazy("With you"),
}


def _open(cohort: Any) -> OpenCohort:
    left = (cohort.deadline - date.today()).days if cohort.deadline else None
    note = ", ".join(part for part in (str(NOTES[CohortState(cohort.state)]), days_left(left)) if part)
    return OpenCohort(
        cohort.name, cohort_url(cohort.pk), bar_of(cohort), note, left is not None and left <= SOON
    )


def _feed(user: Any) -> list[Line]:
    events = Event.objects.all()
    if not user.is_superuser:
        events = events.filter(stream__institution__in=Institution.objects.visible_to(user).values("pk"))
    told = events.filter(
        Q(name__startswith="cohort.")
        | Q(name__startswith="enrollment.")
        | Q(name__startswith="upload.")
        | Q(name__startswith="sponsor.")
        | Q(name="agreement.signed")
    )
    return lines_of(told[:FEED], with_cohort=True)[:LINES]
