"""The scope: which rows a user may know about. The model's ``institution_path`` leads to the institution."""

from __future__ import annotations

from typing import Any, Self

from django.db import models


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows by institution. Superusers see all; inactive and anonymous users see none."""

    def visible_to(self, user: Any) -> Self:
        from wagtail_cohorts.institutions.models import Membership

        if not user.is_active:
            return self.none()
        if user.is_superuser:
            return self.all()
        mine = Membership.objects.filter(user_id=user.pk).values("institution_id")
        return self.filter(**{f"{self.model.institution_path}__in": mine})
