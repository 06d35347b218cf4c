"""What every public page shares: language, headers, limits, refusals, and the person whose link it is."""

from __future__ import annotations

import logging
import secrets
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views import View

from wagtail_cohorts import flags
from wagtail_cohorts.actors import GUARDIAN, SPONSOR, STUDENT, Actor
from wagtail_cohorts.conf import settings
from wagtail_cohorts.enrollments.models import Enrollment, Guardian
from wagtail_cohorts.exceptions import BadInput, CohortsError, NotAllowed, Unavailable
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import mark_seen
from wagtail_cohorts.portal import access, limits
from wagtail_cohorts.portal.colours import style_url
from wagtail_cohorts.portal.headers import CLEAN_PAGE, harden
from wagtail_cohorts.sponsors.models import SponsorContact
from wagtail_cohorts.watching.context import bind, ids_of
from wagtail_cohorts.watching.lines import tell_fault
from wagtail_cohorts.watching.refusals import CLOSED, NO_COOKIE, tell_refusal, tell_refused_operation
from wagtail_cohorts.watching.reports import hide_people

logger = logging.getLogger(__name__)
SERVICE_UNAVAILABLE = 503
STATUS = {BadInput: 400, NotAllowed: 403, Unavailable: SERVICE_UNAVAILABLE}
DATABASE_AWAY = (OperationalError, InterfaceError)
UNREADABLE = (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError)
LANGUAGE_COOKIE = "wc_language"
SOURCE_LANGUAGE = "en"
TEMPLATES = "wagtail_cohorts/portal/"
_LOCALE = Path(__file__).resolve().parent.parent / "locale"


@lru_cache
def _translated() -> frozenset[str]:
    folders = [folder.name.replace("_", "-").lower() for folder in _LOCALE.glob("*") if folder.is_dir()]
    return frozenset({SOURCE_LANGUAGE, *folders})


def has_texts(code: str) -> bool:
    """Whether these pages exist in the language; else English would be called by another name."""
    return bool({code.lower(), code.lower().split("-")[0]} & _translated())


def offered_languages() -> list[tuple[str, str]]:
    """The site's languages in which these pages exist, each by its own name."""
    codes = [code for code, _name in django_settings.LANGUAGES if has_texts(code)]
    return [(code, translation.get_language_info(code)["name_local"]) for code in codes]


class PublicView(View):
    """A page that anybody may ask for."""

    referrer = CLEAN_PAGE
    institution: Institution | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        hide_people(request)
        super().setup(request, *args, **kwargs)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.nonce = secrets.token_urlsafe(16)
        try:
            response = self.admit_and_answer(request, *args, **kwargs)
        except DATABASE_AWAY as error:
            tell_fault(logger, "page.database_away", error)
            response = self.database_away()
        return harden(response, nonce=self.nonce, referrer=self.referrer)

    def admit_and_answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refused = self.admit()
        with translation.override(self.choose_language()):
            if refused is not None:
                response: HttpResponseBase = getattr(self, refused)()
                return response
            if request.GET.get("language") and request.method == "GET":
                return self.remember_language(request.GET["language"])
            return self.answer(request, *args, **kwargs)

    def admit(self) -> str | None:
        """The name of the refusing page's method, or None when the visitor may come in."""
        return None if flags.is_open(flags.FEATURE, request=self.request) else "link_closed"

    def answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except CohortsError as error:
            return self.refuse(error)
        except UNREADABLE:
            return self.refuse(BadInput(_("What your browser sent could not be read."), code="unreadable"))

    # Language

    def choose_language(self) -> str:
        chosen = self.request.COOKIES.get(LANGUAGE_COOKIE, "")
        if chosen in dict(offered_languages()):
            return chosen
        own = [self.institution.language] if self.institution is not None else []
        wanted = [*own, translation.get_language() or "", django_settings.LANGUAGE_CODE]
        return next((code for code in wanted if code and has_texts(code)), SOURCE_LANGUAGE)

    def own_address(self) -> str:
        return self.request.path

    def remember_language(self, code: str) -> HttpResponse:
        response = see_other(self.own_address())
        if code in dict(offered_languages()):
            response.set_cookie(
                LANGUAGE_COOKIE,
                code,
                max_age=180 * 86_400,
                httponly=True,
                samesite="Lax",
                secure=self.request.is_secure(),
            )
        return response

    # Answers

    def render(
        self, template: str, context: dict[str, Any] | None = None, *, status: int = 200
    ) -> HttpResponse:
        """``template`` is named from templates/wagtail_cohorts/portal/."""
        return render(self.request, TEMPLATES + template, {**self.frame(), **(context or {})}, status=status)

    def frame(self) -> dict[str, Any]:
        """What base.html needs."""
        languages = offered_languages()
        return {
            "view": self,
            "nonce": self.nonce,
            "institution": self.institution,
            "institution_style": style_url(self.institution) if self.institution else "",
            "site_name": getattr(django_settings, "WAGTAIL_SITE_NAME", ""),
            "home": "",
            "languages": languages if len(languages) > 1 else [],
            "language": translation.get_language(),
            "language_name": dict(languages).get(translation.get_language() or "", ""),
        }

    def refuse(self, error: CohortsError) -> HttpResponse:
        """An operation said no: its sentence on a page of its own, with the way back."""
        tell_refused_operation(error.code)
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 409)
        if status == SERVICE_UNAVAILABLE:
            tell_fault(logger, "page.unavailable", error)
        found = getattr(error, "problems", [])
        problems = [str(problem[-1] if isinstance(problem, tuple) else problem) for problem in found]
        return self.render("refused.html", {"error": error, "problems": problems}, status=status)

    def link_closed(self) -> HttpResponse:
        """One page for every link that opens nothing, whatever the cause."""
        self.institution = None
        response = self.render("link_closed.html", status=404)
        response._has_been_logged = True  # type: ignore[attr-defined]  # Django's log line would hold the address
        return response

    def database_away(self) -> HttpResponse:
        """In the visitor's language; made without a query."""
        with translation.override(self.choose_language()):
            content = render_to_string(TEMPLATES + "unavailable.html")
        response = HttpResponse(content, status=SERVICE_UNAVAILABLE)
        response["Retry-After"] = "10"
        return response

    def too_many(self) -> HttpResponse:
        response = self.render("too_many.html", status=429)
        response["Retry-After"] = "60"
        response._has_been_logged = True  # type: ignore[attr-defined]
        return response


class PortalView(PublicView):
    """A page of one personal link: ``link``, its subject and ``actor`` are there before the handler runs."""

    kind = ""
    link: PersonalLink
    actor: Actor

    def admit(self) -> str | None:
        link_uuid: uuid.UUID = self.kwargs["link"]
        link = access.link_from_cookie(self.request, link_uuid, self.kind)
        subject = access.subject_of(link, self.request) if link is not None else None
        if link is None or subject is None:
            tell_refusal(NO_COOKIE if link is None else CLOSED, link=str(link_uuid))
            return "link_closed"
        self.link, self.institution = link, link.institution
        bind(institution=link.institution_id, **ids_of(link.subject_key))
        self.take_subject(subject)
        if self.request.method == "POST":
            return self._admit_writing()
        return None

    def _admit_writing(self) -> str | None:
        """The first thing that a person does, not a mail scanner's look, marks the link as seen."""
        most, seconds = settings.RATE_LIMITS["write"]
        if not limits.take(str(self.link.uuid), most=most, seconds=seconds, kind="write"):
            return "too_many"
        mark_seen(self.link)
        return None

    def take_subject(self, subject: Any) -> None:
        raise NotImplementedError

    def make_actor(self, kind: str, key: str, *, name: str) -> Actor:
        agent = str(self.request.META.get("HTTP_USER_AGENT", ""))[:300].replace("\x00", "")
        return Actor(kind, key, name=name, ip=limits.client_ip(self.request), user_agent=agent)

    def frame(self) -> dict[str, Any]:
        own = {"link": self.link, "home": access.home_of(self.link)} if hasattr(self, "link") else {}
        return {**super().frame(), **own}


class StudentBase(PortalView):
    """A student's page; ``enrollment`` comes with its cohort, programme, sponsor and institution."""

    kind = access.STUDENT
    enrollment: Enrollment

    def take_subject(self, subject: Enrollment) -> None:
        self.enrollment, self.cohort = subject, subject.cohort
        bind(cohort=subject.cohort.uuid)
        self.actor = self.make_actor(STUDENT, subject.stream_key, name=subject.full_name)

    def frame(self) -> dict[str, Any]:
        own = {"enrollment": self.enrollment, "cohort": self.cohort} if hasattr(self, "enrollment") else {}
        return {**super().frame(), **own}


class GuardianBase(PortalView):
    """A guardian's page; ``guardian`` comes with the student's enrollment and cohort."""

    kind = access.GUARDIAN
    guardian: Guardian

    def take_subject(self, subject: Guardian) -> None:
        self.guardian, self.enrollment = subject, subject.enrollment
        self.cohort = self.enrollment.cohort
        self.actor = self.make_actor(GUARDIAN, subject.signer_key, name=subject.name)

    def frame(self) -> dict[str, Any]:
        if not hasattr(self, "guardian"):
            return super().frame()
        own = {"guardian": self.guardian, "enrollment": self.enrollment, "cohort": self.cohort}
        return {**super().frame(), **own}


class SponsorBase(PortalView):
    """A sponsor's page; ``contact`` comes with its company and institution."""

    kind = access.SPONSOR
    contact: SponsorContact

    def take_subject(self, subject: SponsorContact) -> None:
        self.contact = subject
        self.actor = self.make_actor(SPONSOR, f"contact:{subject.uuid}", name=subject.name)

    def frame(self) -> dict[str, Any]:
        own = {"contact": self.contact, "sponsor": self.contact.sponsor} if hasattr(self, "contact") else {}
        return {**super().frame(), **own}


def see_other(url: str) -> HttpResponse:
    """After a form: the next page is asked for with GET."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response
