"""Template tags of the public pages: icons, and a field's attributes."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

ICONS = {
    "globe": '<circle cx="12" cy="12" r="8.5"/>'
    '<path d="M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.5l3.5 2"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "warning": '<path d="M12 4l9 16H3z"/><path d="M12 10v4.5M12 17.4v.1"/>',
    "next": '<path d="M9 5l7 7-7 7"/>',
    "before": '<path d="M15 5l-7 7 7 7"/>',
    "back": '<path d="M9 7L4 12l5 5M4 12h11a5 5 0 010 9"/>',
    "camera": '<path d="M4 8h3.5L9 5.5h6L16.5 8H20v11H4z"/><circle cx="12" cy="13" r="3.4"/>',
    "file": '<path d="M6 3.5h8l4 4V20.5H6z"/><path d="M14 3.5v4h4"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "again": '<path d="M19 12a7 7 0 11-2-5M19 4v4h-4"/>',
    "lock": '<rect x="5" y="11" width="14" height="9" rx="1.5"/><path d="M8 11V8a4 4 0 018 0v3"/>',
    "pen": '<path d="M4 20l1-4L16 5l3 3L8 19z"/>',
    "download": '<path d="M12 4v11M7 11l5 5 5-5M5 20h14"/>',
    "mail": '<rect x="3.5" y="6" width="17" height="12.5" rx="1"/><path d="M4 7l8 6.5L20 7"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6"/><path d="M15 15l5 5"/>',
    "unknown": '<circle cx="12" cy="12" r="8.5"/>'
    '<path d="M9.5 9.5a2.5 2.5 0 114 2c-1 .7-1.5 1.2-1.5 2.2M12 16.9v.1"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/>'
    '<circle cx="12" cy="12" r="3"/>',
    "people": '<circle cx="9" cy="8.5" r="3.2"/><path d="M3 19c.5-4 3-5.5 6-5.5s5.5 1.5 6 5.5"/>'
    '<path d="M15.5 5.6a3.2 3.2 0 010 5.8M17.5 14c2 .7 3.2 2.3 3.5 5"/>',
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A drawing in the text's colour; hidden from screen readers unless it has a label."""
    shape = mark_safe(ICONS[name])  # noqa: S308  our own constant
    if label:
        named = '<svg class="i" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>'
        return format_html(named, label, shape)
    return format_html('<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', shape)


@register.simple_tag(takes_context=True)
def own_url(context: Any, name: str, **kwargs: Any) -> str:
    """The address of another page of the same signer: "review", "agreement", ..."""
    return str(context["view"].own_url(name, **kwargs))


@register.filter
def on_pages(pages: list[int]) -> str:
    """Sorted page numbers in words, neighbours drawn together: "on pages 1, 3 to 5"."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    words: list[str] = []
    for run in runs:
        if len(run) > 2:
            words.append(_("%(first)d to %(last)d") % {"first": run[0], "last": run[-1]})
        else:
            words += map(str, run)
    return ngettext("on page %s", "on pages %s", len(pages)) % ", ".join(words)


@register.filter
def monogram(name: str) -> str:
    """One or two letters that stand for a name where a logo would be."""
    words = [word for word in str(name).split() if word[:1].isalnum()]
    return "".join(word[0] for word in words[:2]).upper()


@register.filter
def grouped(digest: str) -> str:
    """A fingerprint in groups of eight, for reading aloud."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
