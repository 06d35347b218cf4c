"""Creating, changing and deleting cohorts from Wagtail's forms, through the operations."""

from __future__ import annotations

from typing import Any

from django.db.models import ProtectedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.snippets.views import snippets

from wagtail_cohorts.admin.addresses import cohort_url
from wagtail_cohorts.admin.pages import actor_of
from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.cohorts.operations import change_cohort, create_cohort
from wagtail_cohorts.exceptions import CohortsError


class CohortCreateView(snippets.CreateView):
    def save_instance(self) -> Cohort:
        cohort = self.form.save(commit=False)
        return create_cohort(cohort, actor=actor_of(self.request))

    def get_success_url(self) -> str:
        return cohort_url(self.object.pk)


class CohortEditView(snippets.EditView):
    def save_instance(self) -> Cohort:
        cohort = self.form.save(commit=False)
        changed = [name for name in self.form.changed_data if name not in self.form.frozen_names]
        changed += [name for name, formset in self.form.formsets.items() if formset.has_changed()]
        return change_cohort(cohort, fields=changed, actor=actor_of(self.request))

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except CohortsError as error:  # it was opened while this form was sent
            form.add_error(None, str(error))
            return self.form_invalid(form)

    def get_success_url(self) -> str:
        return cohort_url(self.object.pk)


class CohortDeleteView(snippets.DeleteView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request,
                _("“%s” has students, so it is kept. Cancel it after it is opened.") % self.object.name,
            )
            return redirect(cohort_url(self.object.pk))
