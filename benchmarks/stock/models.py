"""As many columns as a cohort shows in its listing."""

from __future__ import annotations

from django.db import models
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet


class StockRow(models.Model):
    name = models.CharField(max_length=120)
    programme = models.CharField(max_length=120)
    sponsor = models.CharField(max_length=120)
    state = models.CharField(max_length=20)
    students = models.IntegerField(default=0)
    deadline = models.DateField(null=True)

    class Meta:
        app_label = "stock"

    def __str__(self) -> str:
        return self.name


class StockRowViewSet(SnippetViewSet):
    model = StockRow
    list_display = ["name", "programme", "sponsor", "state", "students", "deadline"]
    list_filter = ["state"]
    list_export = ["name", "state"]
    list_per_page = 50


register_snippet(StockRowViewSet)
