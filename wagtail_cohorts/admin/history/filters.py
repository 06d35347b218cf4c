"""Filters and search of a history: what kind of thing, who, when, and words."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from wagtail_cohorts.actors import GUARDIAN, SPONSOR, STAFF, STUDENT, SYSTEM
from wagtail_cohorts.admin.activity import SENTENCES
from wagtail_cohorts.evidence.models import Event

KINDS = [
    ("cohort", _("Cohort")),
    ("enrollment", _("Student")),
    ("upload", _("Documents")),
    ("agreement", _("Agreements and signatures")),
    ("sponsor", _("Sponsor")),
    ("guardian", _("Guardian")),
    ("history", _("Exports of this history")),
]
ACTORS = [
    (STAFF, _("Staff")),
    (STUDENT, _("Student")),
    (GUARDIAN, _("Guardian")),
    (SPONSOR, _("Sponsor")),
    (SYSTEM, _("The system")),
]
MORE_NAMES = {"sponsor": ("signing.",)}
"""A kind's events that do not begin with its name."""


class EventFilterSet(WagtailFilterSet):
    kind = django_filters.MultipleChoiceFilter(
        label=_("About"), choices=KINDS, method="of_kind", widget=forms.CheckboxSelectMultiple
    )
    actor = django_filters.MultipleChoiceFilter(
        label=_("By"), choices=ACTORS, method="by_actor", widget=forms.CheckboxSelectMultiple
    )
    recorded_at = django_filters.DateFromToRangeFilter(label=_("Date"), widget=DateRangePickerWidget)

    class Meta:
        model = Event
        fields: list[str] = []

    def of_kind(self, queryset: Any, name: str, values: list[str]) -> Any:
        chosen = Q()
        for kind in values:
            for beginning in (f"{kind}.", *MORE_NAMES.get(kind, ())):
                chosen |= Q(name__startswith=beginning)
        return queryset.filter(chosen)

    def by_actor(self, queryset: Any, name: str, values: list[str]) -> Any:
        """The payload is canonical, so that a member of it is always written the same way."""
        chosen = Q()
        for kind in values:
            chosen |= Q(payload__contains=f'"actor":"{kind}"')
        return queryset.filter(chosen)


def matching(events: Any, students: Any, words: str) -> Any:
    """Events in which every word is found: in the sentence, a name, a reason, a student's name or a fingerprint."""
    for word in words.split()[:5]:
        names = [
            name for name, (_icon, text) in SENTENCES.items() if word.casefold() in gettext(text).casefold()
        ]
        named = students.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
        keys = [f"enrollment:{uuid}" for uuid in named.order_by().values_list("uuid", flat=True)]
        found = Q(name__in=names) | Q(detail__data__icontains=word) | Q(stream__key__in=keys)
        events = events.filter(found | Q(hash__startswith=word.lower()))
    return events
