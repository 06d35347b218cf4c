"""Who may see which pages: a link's cookie, and its subject's state as it is at each request."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from wagtail_cohorts import flags
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.crypto import keyed_digests
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.enrollments.states import EnrollmentState
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import is_alive
from wagtail_cohorts.sponsors.models import SponsorContact

STUDENT, GUARDIAN, SPONSOR = "student", "guardian", "sponsor"
HOMES = {
    STUDENT: "wagtail_cohorts:student_welcome",
    GUARDIAN: "wagtail_cohorts:guardian_welcome",
    SPONSOR: "wagtail_cohorts:sponsor_home",
}
FLAG_OF = {STUDENT: flags.STUDENTS, GUARDIAN: flags.STUDENTS, SPONSOR: flags.SPONSORS}
COOKIE_SECONDS = 24 * 3600  # the link in the mail opens again; a shared computer forgets after a day
COOKIE_PURPOSE = "portal-cookie"


def home_of(link: PersonalLink) -> str:
    """The clean address of the link's pages; also the path of its cookie."""
    return reverse(HOMES[link.kind], kwargs={"link": link.uuid})


def cookie_name(link_uuid: uuid.UUID) -> str:
    return f"wc_{link_uuid.hex}"


def _cookie_values(link: PersonalLink) -> list[str]:
    """Bound to the generation: rotating or revoking kills it at once. Under every key, newest first."""
    return keyed_digests(f"{link.uuid}:{link.generation}:{link.digest}", purpose=COOKIE_PURPOSE)


def give_cookie(response: HttpResponse, link: PersonalLink, *, is_secure: bool) -> None:
    response.set_cookie(
        cookie_name(link.uuid),
        _cookie_values(link)[0],
        max_age=COOKIE_SECONDS,
        path=home_of(link),
        secure=is_secure,
        httponly=True,
        samesite="Lax",
    )


def take_cookie(response: HttpResponse, link_uuid: uuid.UUID) -> None:
    """Forget on this device. By the path of the link's own kind: an answer takes away one cookie of a name, and the
    browser only that of the same path."""
    link = PersonalLink.objects.filter(uuid=link_uuid).first()
    if link is not None:
        response.delete_cookie(cookie_name(link_uuid), path=home_of(link), samesite="Lax")


def link_from_cookie(request: HttpRequest, link_uuid: uuid.UUID, kind: str) -> PersonalLink | None:
    """The link whose pages this browser may see, if its cookie is still good."""
    given = request.COOKIES.get(cookie_name(link_uuid), "")
    if not given.isascii():
        return None
    link = PersonalLink.objects.filter(uuid=link_uuid, kind=kind).select_related("institution").first()
    if link is None or not any(hmac.compare_digest(given, value) for value in _cookie_values(link)):
        return None
    return link


def subject_of(link: PersonalLink, request: HttpRequest) -> Any:
    """The enrollment, guardian or contact that the link opens now; None when link, subject or feature is closed."""
    flag = FLAG_OF.get(link.kind)
    if flag is None or not is_alive(link):
        return None
    subject = _FINDERS[link.kind](link.subject_key.partition(":")[2])
    if subject is None or not flags.is_open(flag, request=request, institution=link.institution):
        return None
    return subject


def _enrollment(key: str) -> Enrollment | None:
    """A declined student may still read that; a withdrawn one and a cancelled cohort open nothing."""
    found = Enrollment.objects.filter(uuid=key).exclude(state=EnrollmentState.WITHDRAWN)
    found = found.exclude(cohort__state=CohortState.CANCELLED)
    return found.select_related("cohort__programme", "cohort__sponsor", "cohort__institution").first()


def _guardian(key: str) -> Guardian | None:
    """As long as the student's pages are there: a withdrawn student's guardian sees nothing either."""
    found = Guardian.objects.filter(uuid=key).exclude(enrollment__state=EnrollmentState.WITHDRAWN)
    found = found.exclude(enrollment__cohort__state=CohortState.CANCELLED)
    cohort = "enrollment__cohort__"
    return found.select_related(f"{cohort}programme", f"{cohort}sponsor", f"{cohort}institution").first()


def _contact(key: str) -> SponsorContact | None:
    contact = SponsorContact.objects.filter(uuid=key).select_related("sponsor__institution").first()
    if contact is None:
        return None
    cohorts = Cohort.objects.filter(parties__contact=contact)
    open_ones = cohorts.exclude(state__in=(CohortState.DRAFT, CohortState.CANCELLED))
    return contact if open_ones.exists() else None


_FINDERS: dict[str, Callable[[str], Any]] = {STUDENT: _enrollment, GUARDIAN: _guardian, SPONSOR: _contact}
