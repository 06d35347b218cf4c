"""Filters of the list of students; each offers only what the user's own institutions have."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from wagtail_cohorts.cohorts.models import Cohort
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.states import EnrollmentState, Verification
from wagtail_cohorts.institutions.models import Institution

YES_OR_NO = [("yes", _("Yes")), ("no", _("No"))]


class EnrollmentFilterSet(WagtailFilterSet):
    cohort = django_filters.ModelChoiceFilter(label=_("Cohort"), queryset=Cohort.objects.all())
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=EnrollmentState.choices, widget=forms.CheckboxSelectMultiple
    )
    verification = django_filters.MultipleChoiceFilter(
        label=_("Verification"), choices=Verification.choices, widget=forms.CheckboxSelectMultiple
    )
    invited = django_filters.ChoiceFilter(
        label=_("Invited"),
        choices=YES_OR_NO,
        method="filter_invited",
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )
    waits_for_guardian = django_filters.ChoiceFilter(
        label=_("Waits for the guardian"),
        choices=YES_OR_NO,
        method="filter_guardian",
        widget=forms.RadioSelect,
        empty_label=_("All"),
    )
    institution = django_filters.ModelMultipleChoiceFilter(
        label=_("Institution"), queryset=Institution.objects.all(), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Enrollment
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Institution.objects.visible_to(self.request.user).count() < 2:
            del self.filters["institution"]

    def filter_guardian(self, queryset: Any, name: str, value: str) -> Any:
        waits = Q(state=EnrollmentState.COMPLETE, waits_for_guardian=True)
        return queryset.filter(waits if value == "yes" else ~waits)

    def filter_invited(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(invited_at__isnull=value == "no")
