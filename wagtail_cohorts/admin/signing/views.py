"""The institution signs once for a cohort: fill in, look at the exact pages, sign all specimens."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from wagtail_cohorts import clock
from wagtail_cohorts.admin.addresses import address, cohort_url
from wagtail_cohorts.admin.downloads import page_response
from wagtail_cohorts.admin.pages import CohortPage
from wagtail_cohorts.admin.signing.forms import inputs_of, save_inputs
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.enrollments.students import clean_text
from wagtail_cohorts.evidence.canonical import sha256_hex
from wagtail_cohorts.exceptions import CohortsError, Incomplete
from wagtail_cohorts.signing.acts import shown_bytes
from wagtail_cohorts.signing.consent import consent_words
from wagtail_cohorts.signing.institution import (
    institution_roles,
    sign_as_institution,
    specimen_problems,
    specimens_of,
)
from wagtail_cohorts.signing.marks import make_mark
from wagtail_cohorts.signing.rendering import Signer

SIGNER_KEY = "cohorts_signer"


class SignPage(CohortPage):
    """``way`` says what the form asks: save the answers, or sign what was shown."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "wagtail_cohorts/admin/signing/sign.html"
    page_title = gettext_lazy("Sign as the institution")
    header_icon = "edit"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.cohort.state != CohortState.INSTITUTION_SIGNING:
            messages.info(request, _("There is nothing to sign for the institution now."))
            return redirect(cohort_url(self.cohort.pk))
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.remember_signer()
        try:
            if request.POST.get("way") == "sign":
                return self.sign()
            return self.save()
        except CohortsError as error:
            messages.error(request, str(error))
            return self.render_to_response(self.get_context_data(**kwargs))

    def save(self) -> HttpResponse:
        errors: dict[str, str] = {}
        for specimen in specimens_of(self.cohort):
            errors |= save_inputs(specimen, self.request.POST, actor=self.actor)
        if errors:
            messages.error(self.request, _("Some answers need a correction. Everything else is saved."))
            return self.render_to_response(self.get_context_data(errors=errors, **self.kwargs))
        messages.success(self.request, _("Saved. Look at the pages, then sign."))
        return redirect(f"{self.request.path}#sign")

    def sign(self) -> HttpResponse:
        posted = self.request.POST
        if not posted.get("consent"):
            raise Incomplete(_("Tick the box if you agree."))
        if posted.get("method") == "draw" and not posted.get("drawn_signature"):
            raise Incomplete(_("Draw your signature or type your name."))
        if not self.signer.name:
            raise Incomplete(_("Write your name in part 1 and save it."))
        specimens = specimens_of(self.cohort)
        draws = posted.get("method") == "draw"
        mark = make_mark(
            institution_id=self.cohort.institution_id,
            owner_key=self.actor.key,
            typed_name=posted.get("typed_name", "") if not draws else self.signer.name,
            drawn_signature=posted.get("drawn_signature", "") if draws else "",
            drawn_initials=posted.get("drawn_initials", "") if draws else "",
        )
        shown = {str(one.uuid): posted.get(f"shown-{one.uuid}", "") for one in specimens}
        sign_as_institution(
            self.cohort, signer=self.signer, mark=mark, day=self.day, shown=shown, actor=self.actor
        )
        messages.success(
            self.request,
            ngettext(
                "%d agreement is signed. Students can be invited now.",
                "%d agreements are signed. Students can be invited now.",
                len(specimens),
            )
            % len(specimens),
        )
        return redirect(cohort_url(self.cohort.pk))

    def remember_signer(self) -> None:
        if "signer_name" in self.request.POST:
            self.request.session[SIGNER_KEY] = {
                "name": clean_text(self.request.POST["signer_name"])[:160],
                "position": clean_text(self.request.POST.get("signer_position", ""))[:120],
            }

    @property
    def signer(self) -> Signer:
        """Who signs, as the pages show it: remembered between filling in and signing."""
        kept = self.request.session.get(SIGNER_KEY) or {"name": self.actor.name, "position": ""}
        return Signer(self.actor.key, kept["name"], kept["position"])

    @property
    def day(self) -> date:
        """The day that the pages show: fixed when they were drawn, refused when it is another day by now."""
        sent = (
            parse_date(self.request.POST.get("day", "")) if self.request.POST.get("way") == "sign" else None
        )
        return sent if sent == clock.today() else clock.today()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        errors = kwargs.pop("errors", {})
        specimens, problems = specimens_of(self.cohort), specimen_problems(self.cohort)
        rows = [self._row(one, errors, is_ready=not problems) for one in specimens]
        return super().get_context_data(
            specimens=rows,
            problems=problems,
            signer=self.signer,
            day=clock.today(),
            consent=consent_words(),
            typed_name=self.request.POST.get("typed_name", self.signer.name),
            student_count=(self.cohort.enrollments.active().count()),
            **kwargs,
        )

    def _row(self, specimen: Any, errors: dict[str, str], *, is_ready: bool) -> dict[str, Any]:
        shown = ""
        if is_ready:
            _copy, data = shown_bytes(
                specimen, institution_roles(specimen), day=clock.today(), signer=self.signer
            )
            shown = sha256_hex(data)
        return {
            "agreement": specimen,
            "shown": shown,
            "inputs": inputs_of(specimen, typed=self.request.POST, errors=errors),
            "pages": [
                {
                    "number": page["number"],
                    "url": address(
                        "specimen_page", pk=self.cohort.pk, uuid=specimen.uuid, page=page["number"]
                    )
                    + f"?v={shown[:12]}",
                }
                for page in specimen.version.pages
            ],
        }


class SpecimenPage(SignPage):
    """One page of a specimen, as it will be signed."""

    http_method_names = ["get", "head", "options"]

    def find_subject(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().find_subject(request, pk=kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        for specimen in specimens_of(self.cohort):
            if specimen.uuid == kwargs["uuid"]:
                _copy, data = shown_bytes(
                    specimen, institution_roles(specimen), day=clock.today(), signer=self.signer
                )
                return page_response(data, kwargs["page"], request)
        raise Http404
