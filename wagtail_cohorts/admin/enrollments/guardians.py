"""The guardian of a minor as staff see, set, correct, ask and stop them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_cohorts.admin.enrollments.actions import LinkPage, StudentPage
from wagtail_cohorts.admin.pages import ActsOnPost, Confirms
from wagtail_cohorts.admin.personal_links import address_of_link
from wagtail_cohorts.enrollments.guardians import (
    FIELDS,
    ask_guardian_again,
    guardian_link,
    guardian_of,
    name_guardian,
    revoke_guardian_link,
)
from wagtail_cohorts.enrollments.models import RELATIONS, Enrollment, Guardian
from wagtail_cohorts.enrollments.operations import INVITABLE
from wagtail_cohorts.enrollments.turns import asks_guardian, guardian_turns
from wagtail_cohorts.exceptions import BadInput, CohortsError, WrongState
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import is_alive


@dataclass(frozen=True)
class GuardianPanel:
    """What a student's page says of the guardian; there is none where nobody is asked for one."""

    guardian: Guardian | None
    link: PersonalLink | None
    waits: bool
    may_change: bool
    may_ask: bool

    @property
    def is_closed(self) -> bool:
        return self.link is not None and self.link.revoked_at is not None


def panel_of(enrollment: Enrollment, *, may_change: bool) -> GuardianPanel | None:
    guardian = guardian_of(enrollment)
    if guardian is None and not asks_guardian(enrollment):
        return None
    link = PersonalLink.objects.filter(subject_key=guardian.signer_key).first() if guardian else None
    waits = enrollment.is_active and enrollment.submitted_at is not None and bool(guardian_turns(enrollment))
    may_change = may_change and enrollment.is_active and enrollment.cohort.is_open
    may_ask = may_change and guardian is not None and (waits or guardian.asked_at is not None)
    return GuardianPanel(guardian, link, waits, may_change, may_ask)


class GuardianForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name and surname"), max_length=120)
    relation = forms.ChoiceField(label=gettext_lazy("Relation"), choices=[("", ""), *RELATIONS])
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy("Not the student's own. Without one, copy the link and hand it over."),
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)


class ChangeGuardianPage(StudentPage):
    """Set the guardian, or correct the entry."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "wagtail_cohorts/admin/enrollments/guardian.html"
    page_title = gettext_lazy("Guardian")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        guardian = guardian_of(self.enrollment)
        initial = {name: getattr(guardian, name, "") for name in FIELDS}
        kwargs.setdefault("form", GuardianForm(initial=initial))
        return super().get_context_data(guardian=guardian, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = GuardianForm(request.POST)
        try:
            name_guardian(
                self.enrollment, {name: form.data.get(name, "") for name in FIELDS}, actor=self.actor
            )
        except BadInput as error:
            form.errors.clear()
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except CohortsError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The guardian is saved."))
            return self.back()
        return self.render_to_response(self.get_context_data(form=form, **kwargs))


class OneGuardian(StudentPage):
    """A page about a guardian who is named."""

    def guardian(self) -> Guardian:
        found = guardian_of(self.enrollment)
        if found is None:
            raise WrongState(_("No guardian is named yet."))
        return found


class AskGuardianPage(ActsOnPost, OneGuardian):
    """Mail a new link; the old one dies."""

    def act(self) -> Guardian:
        return ask_guardian_again(self.guardian(), actor=self.actor)

    def done(self, result: Guardian) -> str:
        return _("The link goes to %s.") % result.email


class RevokeGuardianPage(Confirms, OneGuardian):
    page_title = gettext_lazy("Close the guardian's link")
    button = gettext_lazy("Close the link")
    consequence = gettext_lazy(
        "The link stops working at once. What was signed stays signed. Send the link again to make a new one."
    )
    is_destructive = True

    def act(self) -> Guardian:
        return revoke_guardian_link(self.guardian(), actor=self.actor)

    def done(self, result: Guardian) -> str:
        return _("The link of %s is closed.") % result.name


class GuardianLinkPage(LinkPage, OneGuardian):
    """The guardian's link to copy, for one without e-mail."""

    page_title = gettext_lazy("Guardian's link")

    def find_url(self) -> str:
        guardian = self.guardian()
        if not self.enrollment.is_active or self.enrollment.cohort.state not in INVITABLE:
            raise WrongState(_("Links work after the institution has signed, for students who take part."))
        link = guardian_link(guardian)
        if not is_alive(link):
            raise WrongState(_("This link is closed. Send it again to make a new one."))
        return address_of_link(link)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(opens_for=guardian_of(self.enrollment), **kwargs)
