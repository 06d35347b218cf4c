"""The staff of an institution: who works for it and as what; adding by e-mail address, changing roles, removing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_cohorts.admin.institutions.page import InstitutionPage
from wagtail_cohorts.admin.limits import visible_or_404
from wagtail_cohorts.admin.pages import attempt
from wagtail_cohorts.exceptions import CohortsError
from wagtail_cohorts.institutions.invitations import invite_member, send_link
from wagtail_cohorts.institutions.operations import add_member, remove_member
from wagtail_cohorts.models import Membership


class StaffForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=150)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=[(key, capfirst(name)) for key, name in Membership.ROLES],
        initial=Membership.COORDINATOR,
        help_text=gettext_lazy(
            "Coordinators run cohorts. Administrators also change the institution and its staff."
        ),
    )


class StaffView(InstitutionPage):
    """The list, with the form that adds one more."""

    template_name = "wagtail_cohorts/admin/institutions/staff.html"
    page_title = gettext_lazy("Staff")
    header_icon = "group"
    form: Any = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = StaffForm()
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.form = StaffForm(request.POST)
        if self.form.is_valid() and self.add(**self.form.cleaned_data):
            return redirect(self.address("staff"))
        return self.render_to_response(self.get_context_data())

    def add(self, *, email: str, role: str) -> bool:
        try:
            invite_member(self.institution, email=email, role=role, actor=self.actor)
        except CohortsError as error:
            self.form.add_error("email", str(error))
            return False
        messages.success(self.request, _("%s now works for this institution.") % email)
        return True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        members = self.institution.memberships.select_related("user").order_by("role", "pk")
        rows = [self.row(member) for member in members]
        return super().get_context_data(form=self.form, rows=rows, roles=Membership.ROLES, **kwargs)

    def row(self, member: Membership) -> dict[str, Any]:
        user = member.user
        email = getattr(user, get_user_model().get_email_field_name())
        return {
            "member": member,
            "name": user.get_full_name() or user.get_username(),
            "email": email,
            "waits": not user.has_usable_password(),
            "role_url": self.address("staff_role", member.pk),
            "link_url": self.address("staff_link", member.pk),
            "remove_url": self.address("staff_remove", member.pk),
        }


class MemberPage(InstitutionPage):
    """A page about one member of the institution in the URL."""

    http_method_names = ["post", "options"]

    def find_member(self) -> Membership:
        rows = self.institution.memberships.select_related("user", "institution")
        return visible_or_404(rows, self.request.user, pk=self.kwargs["member"])

    def act(self, member: Membership) -> Any:
        raise NotImplementedError

    def done(self, member: Membership) -> str:
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = self.find_member()
        attempt(request, lambda: self.act(member), done=lambda result: self.done(member))
        return redirect(self.address("staff"))


class ChangeRoleView(MemberPage):
    def act(self, member: Membership) -> Any:
        role = self.request.POST.get("role", "")
        if role not in dict(Membership.ROLES):
            role = Membership.COORDINATOR
        return add_member(self.institution, member.user, role=role, actor=self.actor)

    def done(self, member: Membership) -> str:
        return _("The role of %s was changed.") % member.user


class SendLinkView(MemberPage):
    def act(self, member: Membership) -> Any:
        return send_link(member, actor=self.actor)

    def done(self, member: Membership) -> str:
        return _("%s gets a new link by e-mail.") % member.user


class RemoveStaffView(MemberPage):
    """Says what it means before it is done."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "wagtail_cohorts/admin/institutions/staff_remove.html"
    page_title = gettext_lazy("Remove from staff")
    header_icon = "group"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        member = self.find_member()
        return self.render_to_response(
            self.get_context_data(member=member, is_self=member.user_id == request.user.pk)
        )

    def crumbs(self) -> list[dict[str, Any]]:
        return [{"url": self.address("staff"), "label": _("Staff")}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(staff_url=self.address("staff"), **kwargs)

    def act(self, member: Membership) -> Any:
        return remove_member(member, actor=self.actor)

    def done(self, member: Membership) -> str:
        return _("%s no longer works for this institution.") % member.user
