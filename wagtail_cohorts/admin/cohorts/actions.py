"""What staff do with a cohort: each page calls one operation and shows what came of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wagtail_cohorts.admin.addresses import address
from wagtail_cohorts.admin.pages import ActsOnPost, CohortPage, Confirms, asked_key
from wagtail_cohorts.admin.personal_links import address_of_link
from wagtail_cohorts.cohorts.models import Cohort, SponsorInvitation
from wagtail_cohorts.cohorts.operations import (
    cancel_cohort,
    invite_sponsor_again,
    open_cohort,
    step_back,
    target_of_step_back,
)
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.completion.finalizing import finalize_problems, start_finalizing
from wagtail_cohorts.enrollments.gate import go_on
from wagtail_cohorts.enrollments.importing import start_inviting
from wagtail_cohorts.enrollments.states import EnrollmentState, Verification
from wagtail_cohorts.exceptions import CohortsError, Incomplete
from wagtail_cohorts.exports.packing import start_cohort_zip
from wagtail_cohorts.flags import EXPORTS
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import is_alive

MAX_CHOSEN = 5000


class OpenPage(ActsOnPost, CohortPage):
    def act(self) -> Cohort:
        return open_cohort(self.cohort, actor=self.actor)

    def done(self, result: Cohort) -> str:
        if result.state == CohortState.INSTITUTION_SIGNING:
            return _("“%s” is open. The institution signs next.") % result.name
        return _("“%s” is open. Students can be invited.") % result.name


class GoOnPage(ActsOnPost, CohortPage):
    """After a step back that changed nothing."""

    def act(self) -> Cohort:
        return go_on(self.cohort)

    def done(self, result: Cohort) -> str:
        return _("“%(cohort)s” is now in “%(state)s”.") % {
            "cohort": result.name,
            "state": result.get_state_display(),
        }


class CancelPage(Confirms, CohortPage):
    page_title = gettext_lazy("Cancel this cohort")
    button = gettext_lazy("Cancel the cohort")
    consequence = gettext_lazy(
        "Nobody can fill in, send or sign anything any more, and all personal links stop working. Everything that was "
        "sent and signed is kept. This cannot be taken back."
    )
    needs_reason, is_destructive = True, True
    done = gettext_lazy("The cohort was cancelled. Everything is kept.")

    def act(self) -> Cohort:
        return cancel_cohort(self.cohort, reason=self.reason, actor=self.actor)


class StepBackPage(Confirms, CohortPage):
    page_title = gettext_lazy("One step back")
    button = gettext_lazy("Take it one step back")
    needs_reason = True

    @property
    def consequence(self) -> str:
        target = target_of_step_back(self.cohort)
        if target is None:
            return _("From “%s” there is no step back.") % self.cohort.get_state_display()
        return _("The cohort goes from “%(from)s” back to “%(to)s”. What was signed stays signed.") % {
            "from": self.cohort.get_state_display(),
            "to": target.label,
        }

    def act(self) -> Cohort:
        return step_back(self.cohort, reason=self.reason, actor=self.actor)

    def done(self, result: Cohort) -> str:
        return _("The cohort is now in “%s”.") % result.get_state_display()


class InvitePage(ActsOnPost, CohortPage):
    """Invite those who were never invited, or the chosen ones, in the background."""

    def act(self) -> Any:
        students = self.cohort.enrollments.active()
        chosen = self.request.POST.getlist("chosen")[:MAX_CHOSEN]
        if self.request.POST.get("who") == "uninvited":
            students = students.filter(invited_at=None)
        elif chosen:
            students = students.filter(pk__in=[key for key in chosen if key.isdecimal() and len(key) < 18])
        else:
            raise Incomplete(_("Choose at least one student."))
        return start_inviting(self.cohort, students, actor=self.actor)

    def after(self, result: Any) -> HttpResponse:
        return redirect(address("batch", uuid=result.uuid))


class RemindPage(Confirms, CohortPage):
    """Send the link again to all who were invited and have not finished."""

    page_title = gettext_lazy("Send the link again")
    button = gettext_lazy("Send the link again")

    def students(self) -> Any:
        unfinished = self.cohort.enrollments.active().exclude(invited_at=None).exclude(email="")
        return unfinished.exclude(
            state=EnrollmentState.COMPLETE, verification__in=(Verification.PENDING, Verification.VERIFIED)
        )

    @property
    def consequence(self) -> str:
        count = self.students().count()
        return (
            ngettext(
                "%d student gets a mail with a new link. The old link stops working; nothing that was sent is lost.",
                "%d students get a mail with a new link. The old links stop working; nothing that was sent is lost.",
                count,
            )
            % count
        )

    def act(self) -> Any:
        return start_inviting(self.cohort, self.students(), actor=self.actor)

    def after(self, result: Any) -> HttpResponse:
        return redirect(address("batch", uuid=result.uuid))


class ResendSponsorPage(Confirms, CohortPage):
    page_title = gettext_lazy("Send the sponsor's invitation again")
    button = gettext_lazy("Send the invitation again")

    def invitations(self) -> list[Any]:
        """Of those who still sign; of one person when the address names one."""
        named = SponsorInvitation.objects.filter(cohort=self.cohort, contact__parties__cohort=self.cohort)
        if asked := asked_key(self.request):
            named = named.filter(contact=asked)
        return list(named.select_related("contact").distinct().order_by("pk"))

    @property
    def consequence(self) -> str:
        names = ", ".join(one.contact.name for one in self.invitations())
        return (
            _("%s gets a mail with a new link. The old link stops working at once, also in an open window.")
            % names
        )

    def problems(self) -> list[str]:
        return [] if self.invitations() else [_("Nobody was invited yet: the students come first.")]

    def act(self) -> Any:
        for invitation in self.invitations():
            invite_sponsor_again(invitation, actor=self.actor)

    def done(self, result: Any) -> str:
        return _("The invitation goes out again.")


class SponsorLinksPage(CohortPage):
    """The sponsor's links to copy: shown on a POST only, so that no address bar or prefetch meets one."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "wagtail_cohorts/admin/cohorts/sponsor_links.html"
    page_title = gettext_lazy("Sponsor's links")

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(links=self.links(), **kwargs))

    def links(self) -> list[dict[str, Any]]:
        rows = []
        for one in self.cohort.sponsor_invitations.select_related("contact").order_by("pk"):
            link = PersonalLink.objects.filter(subject_key=f"contact:{one.contact.uuid}").first()
            url = address_of_link(link) if link is not None and is_alive(link) else ""
            rows.append({"contact": one.contact, "url": url})
        return rows


class FinalizePage(Confirms, CohortPage):
    page_title = gettext_lazy("Finalize this cohort")

    @property
    def count(self) -> int:
        return self.cohort.enrollments.active().count()

    @property
    def button(self) -> str:
        return ngettext("Finalize %d student", "Finalize %d students", self.count) % self.count

    @property
    def consequence(self) -> str:
        return _(
            "Every agreement is sealed with the institution's certificate, each student gets a certificate of "
            "completion and a package, and the cohort is closed. This cannot be taken back."
        )

    def problems(self) -> list[str]:
        try:
            return [str(problem) for problem in finalize_problems(self.cohort)]
        except CohortsError as error:
            return [str(error)]

    def act(self) -> Any:
        return start_finalizing(self.cohort, actor=self.actor)

    def after(self, result: Any) -> HttpResponse:
        return redirect(address("batch", uuid=result.uuid))


class ZipPage(ActsOnPost, CohortPage):
    flag = EXPORTS

    def act(self) -> Any:
        return start_cohort_zip(self.cohort, actor=self.actor)

    def after(self, result: Any) -> HttpResponse:
        return redirect(address("batch", uuid=result.uuid))
