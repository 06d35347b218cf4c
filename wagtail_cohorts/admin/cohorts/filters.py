"""Filters of the list of cohorts; each offers only what the user's own institutions have."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from wagtail_cohorts.cohorts.models import Cohort, Programme
from wagtail_cohorts.cohorts.states import CohortState
from wagtail_cohorts.institutions.models import Institution
from wagtail_cohorts.sponsors.models import Sponsor


class CohortFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=CohortState.choices, widget=forms.CheckboxSelectMultiple
    )
    programme = django_filters.ModelMultipleChoiceFilter(
        label=_("Programme"), queryset=Programme.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    sponsor = django_filters.ModelMultipleChoiceFilter(
        label=_("Sponsor"), queryset=Sponsor.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    institution = django_filters.ModelMultipleChoiceFilter(
        label=_("Institution"), queryset=Institution.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    seta = django_filters.MultipleChoiceFilter(label=_("SETA"), widget=forms.CheckboxSelectMultiple)
    nqf_level = django_filters.MultipleChoiceFilter(label=_("NQF level"), widget=forms.CheckboxSelectMultiple)
    deadline = django_filters.DateFromToRangeFilter(label=_("Deadline"), widget=DateRangePickerWidget)

    class Meta:
        model = Cohort
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Cohort.objects.visible_to(self.request.user).order_by()
        rows = visible.values_list("seta", "nqf_level", "institution_id").distinct()
        setas, levels, institutions = (
            (set(column) for column in zip(*rows, strict=True)) if rows else (set(),) * 3
        )
        self._offer("seta", sorted(value for value in setas if value))
        self._offer("nqf_level", sorted(value for value in levels if value))
        if len(institutions) < 2:
            del self.filters["institution"]

    def _offer(self, name: str, values: list[Any]) -> None:
        if values:
            self.filters[name].extra["choices"] = [(str(value), str(value)) for value in values]
        else:
            del self.filters[name]
