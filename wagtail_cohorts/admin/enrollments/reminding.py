"""The page on which staff remind a student of one missing thing."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_cohorts.admin.enrollments.actions import StudentPage
from wagtail_cohorts.admin.pages import Confirms
from wagtail_cohorts.evidence.models import Event
from wagtail_cohorts.notifications.reminders import Item, missing_items, remind_refusal, remind_student


class RemindStudentPage(Confirms, StudentPage):
    """Each missing thing with the reminders so far; the mail is about the chosen one only."""

    template_name = "wagtail_cohorts/admin/enrollments/remind.html"
    page_title = gettext_lazy("Remind of one thing")
    button = gettext_lazy("Send the reminder")

    @cached_property
    def items(self) -> list[Item]:
        return missing_items(self.enrollment)

    def consequences(self) -> list[str]:
        return [_("A mail about the one thing that you choose goes to %s.") % self.enrollment.email]

    def problems(self) -> list[str]:
        refusal = remind_refusal(self.enrollment)
        return [refusal] if refusal else []

    def act(self) -> Event:
        name, insists = self.request.POST.get("item", "")[:120], bool(self.request.POST.get("insists"))
        return remind_student(self.enrollment, name, insists=insists, actor=self.actor)

    def done(self, result: Event) -> str:
        return _("The reminder goes to %s.") % self.enrollment.email

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.POST.get("item") or self.request.GET.get("item", "")
        free = [one.name for one in self.items if one.again_at is None]
        chosen = asked if asked in free else next(iter(free), "")
        return super().get_context_data(
            items=self.items, chosen=chosen, is_used_up=any(one.is_used_up for one in self.items), **kwargs
        )
