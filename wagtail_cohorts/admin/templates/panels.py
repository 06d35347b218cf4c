"""The list of published versions in the editor, and where each is used."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from wagtail.admin.panels import Panel

from wagtail_cohorts.models import CohortTemplate

VERSION_PDF = "wagtailsnippets_wagtail_cohorts_agreementtemplate:version_pdf"


class VersionsPanel(Panel):
    """What publishing has frozen so far, newest first."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_cohorts/admin/templates/versions.html"

        def is_shown(self) -> bool:
            return self.instance.pk is not None and super().is_shown()

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            versions = list(self.instance.versions.all())
            rows = CohortTemplate.objects.filter(version__in=versions).values("version_id")
            used = {row["version_id"]: row["n"] for row in rows.annotate(n=Count("pk"))}
            for version in versions:
                version.used_by = used.get(version.pk, 0)
                version.address = reverse(VERSION_PDF, args=[self.instance.pk, version.number])
            return {**context, "versions": versions}
