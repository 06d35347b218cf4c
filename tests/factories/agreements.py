"""Agreement templates, and their published versions."""

from __future__ import annotations

from typing import Any

from tests.factories.fields import small_fields
from tests.factories.files import small_pdf
from tests.factories.numbers import NUMBERS
from wagtail_cohorts.actors import SYSTEM_ACTOR
from wagtail_cohorts.agreements.models import AgreementTemplate, TemplateVersion, default_roles
from wagtail_cohorts.agreements.operations import freeze, take_source
from wagtail_cohorts.evidence.models import Stream
from wagtail_cohorts.institutions.models import Institution


def template(
    of: Institution,
    *,
    title: str = "",
    fields: list[dict[str, Any]] | None = None,
    roles: Any = None,
    pages: int = 2,
) -> AgreementTemplate:
    """A template with a real PDF, not published."""
    made = AgreementTemplate(institution=of, title=title or f"Agreement {next(NUMBERS)}", live=False)
    made.fields = small_fields() if fields is None else fields
    made.roles = roles or default_roles()
    take_source(made, small_pdf(pages, words=made.title), name="agreement.pdf")
    made.save()
    Stream.objects.get_or_create(key=made.stream_key, defaults={"institution_id": of.pk})
    return made


def published(of: Institution, **more: Any) -> TemplateVersion:
    """A frozen version of a new template."""
    made = template(of, **more)
    made.live = True
    made.save()
    return freeze(made, actor=SYSTEM_ACTOR)
