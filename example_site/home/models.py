"""The one page of the example site: what the demo is, and where to go from here."""

from __future__ import annotations

from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page


class HomePage(Page):
    """A title, an introduction, and the way to the pages of the demo."""

    introduction = RichTextField(blank=True, features=["bold", "italic", "link", "ol", "ul"])

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    max_count = 1
    subpage_types: list[str] = []
