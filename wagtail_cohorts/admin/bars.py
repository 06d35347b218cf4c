"""Progress bars and state tags: which colour and word stand for what, the same on every staff page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wagtail_cohorts.cohorts.queries import SEGMENTS
from wagtail_cohorts.cohorts.states import CohortState

SEGMENT_NAMES = {
    "done": _("complete"),
    "guardian": _("waiting for the guardian"),
    "to_verify": _("to verify"),
    "sent_back": _("sent back"),
    "in_progress": _("in progress"),
    "not_started": _("not started"),
}
SEGMENT_CLASSES = {
    "done": "wc-done",
    "guardian": "wc-guardian",
    "to_verify": "wc-verify",
    "sent_back": "wc-back",
    "in_progress": "wc-doing",
    "not_started": "wc-none",
}
STATE_TONES = {
    CohortState.INSTITUTION_SIGNING: "now",
    CohortState.INSTITUTION_REVIEW: "now",
    CohortState.READY_FOR_SPONSOR: "good",
    CohortState.SPONSOR_REVIEW: "wait",
    CohortState.CANCELLED: "bad",
}
SEGMENT_TONES = {"done": "good", "guardian": "wait", "to_verify": "wait", "sent_back": "bad"}


@dataclass(frozen=True)
class Segment:
    key: str
    count: int
    classname: str
    name: Any


@dataclass(frozen=True)
class Bar:
    """The six parts in their fixed order; ``total`` is the number of active students."""

    segments: tuple[Segment, ...]
    done: int
    total: int

    @property
    def words(self) -> str:
        """All parts; the guardian's only where somebody waits for one."""
        told = [one for one in self.segments if one.count or one.key != "guardian"]
        return ", ".join(f"{one.count} {one.name}" for one in told)

    @property
    def drawn(self) -> list[Segment]:
        return [one for one in self.segments if one.count]


def bar_of(counted: Any) -> Bar:
    """From a row annotated by ``with_progress`` or a mapping of counts."""

    def count(key: str) -> int:
        return int(counted[key] if isinstance(counted, dict) else getattr(counted, key))

    segments = tuple(Segment(key, count(key), SEGMENT_CLASSES[key], SEGMENT_NAMES[key]) for key in SEGMENTS)
    return Bar(segments, done=count("done"), total=sum(one.count for one in segments))


def bar_html(bar: Bar, label: str = "") -> SafeString:
    """The bar as an image with its words."""
    drawn = [(one.classname, one.count) for one in bar.drawn] or [(SEGMENT_CLASSES["not_started"], 1)]
    parts = format_html_join("", '<i class="{}" style="flex:{}"></i>', drawn)
    words = f"{label}: {bar.words}" if label else bar.words
    return format_html('<span class="wc-bar" role="img" aria-label="{}">{}</span>', words, parts)


def legend() -> list[Segment]:
    return [Segment(key, 0, SEGMENT_CLASSES[key], SEGMENT_NAMES[key]) for key in SEGMENTS]


def state_tone(state: str) -> str:
    """Filled only where staff must act."""
    return STATE_TONES.get(CohortState(state), "")
