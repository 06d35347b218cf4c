"""What all staff pages of our own share: header, actor, and calling an operation with its message."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from wagtail_cohorts.actors import Actor, staff_actor
from wagtail_cohorts.admin.addresses import cohort_url, cohorts_url
from wagtail_cohorts.admin.scoping import ScopedPageMixin
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.conf import settings
from wagtail_cohorts.exceptions import CohortsError
from wagtail_cohorts.watching.refusals import tell_refused_operation


def address_of(request: HttpRequest) -> str:
    """The caller's IP address: as many proxies are believed as the site says it has."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    found = hops[-trusted] if trusted and len(hops) >= trusted else request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(found))
    except ValueError:
        return ""


def actor_of(request: HttpRequest) -> Actor:
    return staff_actor(
        request.user, ip=address_of(request), user_agent=request.META.get("HTTP_USER_AGENT", "")
    )


def attempt(request: HttpRequest, act: Callable[[], Any], *, done: Any) -> tuple[bool, Any]:
    """Call one operation; its refusal becomes a message. ``done`` is a sentence or makes one from the result."""
    try:
        result = act()
    except CohortsError as error:
        tell_refused_operation(error.code)
        messages.error(request, str(error))
        return False, None
    sentence = done(result) if callable(done) else done
    if sentence:
        messages.success(request, sentence)
    return True, result


def asked_key(request: HttpRequest, name: str = "contact") -> int:
    """The row that an address names beside the page's subject; 0 for none, and for anything that is no key."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0


class StaffPage(ScopedPageMixin, WagtailAdminTemplateMixin, View):
    """A page in Wagtail's frame. ``crumbs`` lead to it; its own title stands last."""

    header_icon = "group"
    breadcrumbs_items = [{"url": reverse_lazy("wagtailadmin_home"), "label": _("Home")}]

    @property
    def actor(self) -> Actor:
        return actor_of(self.request)

    @property
    def home_url(self) -> str:
        """The page that this one belongs to."""
        return cohorts_url()

    def crumbs(self) -> list[dict[str, Any]]:
        return []

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        listing = {"url": cohorts_url(), "label": _("Cohorts")}
        return [*self.breadcrumbs_items, listing, *self.crumbs(), self.own_crumb()]

    def own_crumb(self) -> dict[str, Any]:
        return {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**{"home_url": self.home_url, **kwargs})
        return context

    def back(self) -> HttpResponseRedirect:
        return redirect(self.home_url)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**kwargs))


class CohortPage(StaffPage):
    """A page about one cohort of the scope: ``self.cohort``."""

    model = Cohort

    @property
    def cohort(self) -> Cohort:
        return self.subject

    @property
    def home_url(self) -> str:
        return cohort_url(self.cohort.pk)

    def subjects(self) -> Any:
        return Cohort.objects.select_related("programme", "sponsor")

    def crumbs(self) -> list[dict[str, Any]]:
        return [{"url": cohort_url(self.cohort.pk), "label": str(self.cohort)}]

    def get_page_subtitle(self) -> str:
        return self.cohort.name

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"cohort": self.cohort, **kwargs})


class ActsOnPost(StaffPage):
    """Does one thing on POST and leads back. Put it before the page that says about what."""

    http_method_names = ["post", "options"]
    done: Any = ""

    def act(self) -> Any:
        raise NotImplementedError

    def after(self, result: Any) -> HttpResponse:
        return self.back()

    def failed(self) -> HttpResponse:
        return self.back()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        succeeded, result = attempt(request, self.act, done=self.done)
        return self.after(result) if succeeded else self.failed()


class Confirms(ActsOnPost):
    """Says the consequence before the act; asks for a reason where the history needs one."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "wagtail_cohorts/admin/confirm.html"
    consequence: Any = ""
    button: Any = ""
    needs_reason = False
    is_destructive = False

    @property
    def reason(self) -> str:
        return self.request.POST.get("reason", "").strip()[:300]

    def consequences(self) -> list[str]:
        """A paragraph each; one is enough for most."""
        return [str(self.consequence)]

    def problems(self) -> list[str]:
        """What stands in the way; then there is no button."""
        return []

    def failed(self) -> HttpResponse:
        return self.render_to_response(self.get_context_data())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {
            "consequences": self.consequences(),
            "button": self.button,
            "needs_reason": self.needs_reason,
            "reason": self.reason,
            "is_destructive": self.is_destructive,
            "problems": self.problems(),
        }
        return super().get_context_data(**{**facts, **kwargs})
