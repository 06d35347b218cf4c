"""Bulk actions on the list of students; "all" means what the filters show."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import F, prefetch_related_objects
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin import messages

from wagtail_cohorts.admin.bulk import ScopedBulkAction
from wagtail_cohorts.admin.pages import actor_of
from wagtail_cohorts.enrollments.importing import start_inviting
from wagtail_cohorts.enrollments.leaving import withdraw
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.exceptions import Busy, CohortsError
from wagtail_cohorts.signing.models import Act
from wagtail_cohorts.transactions import again

SMALL = 20


class CountForm(forms.Form):
    """Who acts on many types how many: nobody does that by accident."""

    count = forms.CharField(label=_("How many students are these?"), required=False)

    expected = 0

    def clean_count(self) -> str:
        typed = "".join(
            c for c in self.cleaned_data["count"] if c.isdigit()
        )  # "1 200" is shown on some sites
        if self.expected > SMALL and typed != str(self.expected):
            raise forms.ValidationError(_("Type the number of students: %d.") % self.expected)
        return typed


class ReasonForm(CountForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class StudentBulkAction(ScopedBulkAction):
    """One batch or operation for each cohort among the chosen; a refusal is told, the others go on."""

    models = [Enrollment]
    template_name = "wagtail_cohorts/admin/enrollments/bulk.html"
    form_class: Any = CountForm
    consequence: Any = ""
    is_destructive = False

    def button(self, count: int) -> str:
        raise NotImplementedError

    def consequence_of(self, students: list[Enrollment]) -> str:
        return str(self.consequence)

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.expected = len(self.get_actionable_objects()[0])
        return form

    def get_queryset(self, model: Any, object_ids: Any) -> Any:
        rows = super().get_queryset(model, object_ids)
        prefetch_related_objects(rows, "cohort")
        return rows

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "actor": actor_of(self.request)}

    def form_valid(self, form: Any) -> Any:
        """Wagtail does the whole in one transaction, so the whole begins anew when the database gave it up."""
        try:
            return again(super().form_valid)(form)
        except Busy as busy:
            messages.error(self.request, str(busy))
            return redirect(self.next_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        count = len(context["items"])
        context.update(
            count=count,
            asks_count=count > SMALL,
            consequence=self.consequence_of([row["item"] for row in context["items"]]),
            button=self.button(count),
            is_destructive=self.is_destructive,
        )
        return context


class InviteStudents(StudentBulkAction):
    display_name = _("Invite")
    aria_label = _("Invite the chosen students")
    action_type = "invite"
    action_priority = 10
    consequence = _("Each gets a mail with a personal link. A link that was sent before stops working.")

    def button(self, count: int) -> str:
        return ngettext("Invite %d student", "Invite %d students", count) % count

    @classmethod
    def execute_action(cls, objects: Any, actor: Any = None, **kwargs: Any) -> tuple[int, int]:
        groups: dict[Any, list[Enrollment]] = defaultdict(list)
        for one in objects:
            groups[one.cohort_id].append(one)
        started = 0
        for chosen in groups.values():
            try:
                started += start_inviting(chosen[0].cohort, chosen, actor=actor).total
            except CohortsError:
                continue
        return started, len(objects) - started

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return _left_out(
            ngettext("%d invitation goes out.", "%d invitations go out.", num_parent_objects)
            % num_parent_objects,
            num_child_objects,
        )


class WithdrawStudents(StudentBulkAction):
    display_name = _("Withdraw")
    aria_label = _("Withdraw the chosen students")
    action_type = "withdraw"
    action_priority = 90
    classes = {"serious"}
    form_class = ReasonForm
    is_destructive = True
    consequence = _(
        "Their links stop working, and their cohorts no longer wait for them. What was sent is kept."
    )

    def consequence_of(self, students: list[Enrollment]) -> str:
        """Whoever has signed already is counted: those papers are not signed further."""
        acts = Act.objects.filter(agreement__enrollment__in=students, revision=F("agreement__revision"))
        signed = acts.values("agreement__enrollment").distinct().count()
        if not signed:
            return f"{self.consequence} {_('None of them has signed yet.')}"
        sentence = ngettext(
            "%d of them has signed already: the signatures stay in the record, but these papers are not sealed.",
            "%d of them have signed already: the signatures stay in the record, but these papers are not sealed.",
            signed,
        )
        return f"{self.consequence} {sentence % signed}"

    def button(self, count: int) -> str:
        return ngettext("Withdraw %d student", "Withdraw %d students", count) % count

    def get_execution_context(self) -> dict[str, Any]:
        return {**super().get_execution_context(), "reason": self.cleaned_form.cleaned_data["reason"]}

    @classmethod
    def execute_action(
        cls, objects: Any, actor: Any = None, reason: str = "", **kwargs: Any
    ) -> tuple[int, int]:
        done = 0
        for one in sorted(objects, key=lambda one: (one.cohort_id, one.pk)):  # locks in one order
            try:
                with transaction.atomic():
                    withdraw(one, reason=reason, actor=actor)
            except CohortsError:
                continue
            done += 1
        return done, len(objects) - done

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return _left_out(
            ngettext("%d student was withdrawn.", "%d students were withdrawn.", num_parent_objects)
            % num_parent_objects,
            num_child_objects,
        )


def _left_out(sentence: str, count: int) -> str:
    if not count:
        return sentence
    return (
        sentence
        + " "
        + ngettext(
            "%d was left out: it is not possible there.", "%d were left out: it is not possible there.", count
        )
        % count
    )
