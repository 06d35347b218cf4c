"""The sponsor's side of one cohort for staff: who signs, what was opened and looked at, reminders, another person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from wagtail_cohorts.admin.addresses import address, cohort_url
from wagtail_cohorts.admin.cohorts.contact_form import ContactForm
from wagtail_cohorts.admin.pages import CohortPage, Confirms, asked_key
from wagtail_cohorts.cohorts.contacts import change_contact
from wagtail_cohorts.cohorts.models import Cohort, SponsorInvitation
from wagtail_cohorts.compat import policy_for
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.exceptions import CohortsError
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.notifications.sponsor_reminders import (
    Standing,
    most_reminders,
    remind_refusal,
    remind_sponsor,
    standing_of,
)
from wagtail_cohorts.signing.looking import Looked, looked_at
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.sponsors.models import SponsorContact

PER_PAGE = 50


@dataclass
class Person:
    """One contact who signs, with all that staff may want to know before they write or call."""

    contact: SponsorContact
    roles: list[str]
    invitation: SponsorInvitation | None = None
    standing: Standing | None = None
    refusal: str = ""
    last_seen_at: datetime | None = None
    looked: dict[int, Looked] = field(default_factory=dict)
    signed: int = 0

    @property
    def agreements(self) -> int:
        return sum(row.agreements for row in self.looked.values())

    @property
    def seen(self) -> int:
        return sum(row.seen for row in self.looked.values())

    @property
    def students_seen(self) -> int:
        return sum(bool(row.seen) for row in self.looked.values())


class ContactPage(CohortPage):
    """A page about the sponsor's side; ``?contact=`` names one of those who sign."""

    header_icon = "user"

    @property
    def home_url(self) -> str:
        return address("sponsor", pk=self.cohort.pk)

    def crumbs(self) -> list[dict[str, Any]]:
        return [*super().crumbs(), {"url": self.home_url, "label": _("Sponsor")}]

    @cached_property
    def contact(self) -> SponsorContact:
        """The one asked for, or the first. Raises Http404 for somebody who does not sign here."""
        named = SponsorContact.objects.filter(parties__cohort=self.cohort).select_related("sponsor")
        if asked := asked_key(self.request):
            named = named.filter(pk=asked)
        found = named.distinct().order_by("pk").first()
        if found is None:
            raise Http404
        return found


class SponsorPage(ContactPage):
    permission_required = "view"
    template_name = "wagtail_cohorts/admin/cohorts/sponsor.html"
    page_title = gettext_lazy("Sponsor")

    def crumbs(self) -> list[dict[str, Any]]:
        return CohortPage.crumbs(self)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        people = self.people()
        asked = asked_key(self.request)
        shown = next((one for one in people if one.contact.pk == asked), people[0] if people else None)
        students = self.cohort.enrollments.active().order_by("last_name", "first_name", "pk")
        page = Paginator(students, PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            people=people, shown=shown, page_obj=page, most=most_reminders(), may_change=self.may_change(),
            rows=[self._row(student, shown) for student in page.object_list] if shown else [],
            query=f"contact={shown.contact.pk}&" if shown else "", back_url=cohort_url(self.cohort.pk), **kwargs,
        )  # fmt: skip

    def may_change(self) -> bool:
        policy = policy_for(Cohort)
        allowed = policy.user_has_permission_for_instance(self.request.user, "change", self.cohort)
        return bool(allowed and self.cohort.is_open)

    def people(self) -> list[Person]:
        parties = self.cohort.parties.select_related("contact__sponsor").order_by("pk")
        found: dict[int, Person] = {}
        for party in parties:
            person = found.setdefault(party.contact_id, Person(party.contact, []))
            person.roles.append(party.role_key)
        for person in found.values():
            self._fill(person)
        return list(found.values())

    def _fill(self, person: Person) -> None:
        contact = person.contact
        invitation = SponsorInvitation.objects.filter(cohort=self.cohort, contact=contact).first()
        person.looked = looked_at(self.cohort, contact)
        acts = Act.objects.filter(role_key__in=person.roles, revision=F("agreement__revision"))
        students = self.cohort.enrollments.active()
        person.signed = acts.filter(agreement__enrollment__in=students).values("agreement").distinct().count()
        seen = [row.last_seen_at for row in person.looked.values()]
        links = PersonalLink.objects.filter(subject_key=f"contact:{contact.uuid}")
        seen.append(links.values_list("last_seen_at", flat=True).first())
        person.last_seen_at = max((moment for moment in seen if moment), default=None)
        if invitation is not None:
            invitation.cohort, invitation.contact = self.cohort, contact
            person.invitation, person.standing = invitation, standing_of(invitation)
            person.refusal = remind_refusal(invitation)

    def _row(self, student: Enrollment, person: Person) -> tuple[Enrollment, Looked]:
        return student, person.looked.get(student.pk, Looked(student.pk))


class RemindSponsorPage(Confirms, ContactPage):
    page_title = gettext_lazy("Remind the sponsor")
    button = gettext_lazy("Send the reminder")

    @cached_property
    def invitation(self) -> SponsorInvitation | None:
        found = SponsorInvitation.objects.filter(cohort=self.cohort, contact=self.contact).first()
        if found is not None:
            found.cohort, found.contact = self.cohort, self.contact
        return found

    def consequences(self) -> list[str]:
        sent = len(standing_of(self.invitation).sent) if self.invitation else 0
        facts = {
            "name": self.contact.name,
            "email": self.contact.email,
            "number": sent + 1,
            "most": most_reminders(),
        }
        sentence = _("%(name)s (%(email)s) gets reminder %(number)d of %(most)d. The link stays as it is.")
        return [sentence % facts]

    def problems(self) -> list[str]:
        if self.invitation is None:
            return [_("%s was not invited yet: the students come first.") % self.contact.name]
        refusal = remind_refusal(self.invitation)
        return [refusal] if refusal else []

    def act(self) -> Any:
        if self.invitation is None:
            raise Http404
        return remind_sponsor(self.invitation, actor=self.actor)

    def done(self, result: Any) -> str:
        return _("The reminder goes to %s.") % self.contact.email


class ChangeContactPage(ContactPage):
    """Another person of the same company signs: one who is known, or a new one."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "wagtail_cohorts/admin/cohorts/change_contact.html"
    page_title = gettext_lazy("Another person signs")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ContactForm(contact=self.contact))
        return super().get_context_data(contact=self.contact, is_open=self.cohort.is_open, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ContactForm(request.POST, contact=self.contact)
        if form.is_valid() and self.change(form):
            return self.back()
        return self.render_to_response(self.get_context_data(form=form, **kwargs))

    def change(self, form: ContactForm) -> bool:
        try:
            change_contact(self.cohort, self.contact, form.person(), actor=self.actor)
        except CohortsError as error:
            form.add_error(None, str(error))
            return False
        sentence = _("Another person signs now. The link of %s no longer opens this cohort.")
        messages.success(self.request, sentence % self.contact.name)
        return True
