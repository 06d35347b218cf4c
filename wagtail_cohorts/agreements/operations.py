"""Saving drafts, taking a PDF, publishing a version."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_cohorts import pdf
from wagtail_cohorts.actors import SYSTEM_ACTOR, Actor, staff_actor
from wagtail_cohorts.agreements.definitions import publish_problems
from wagtail_cohorts.agreements.models import AgreementTemplate, TemplateVersion
from wagtail_cohorts.conf import settings
from wagtail_cohorts.evidence.canonical import canonical_json, sha256_hex
from wagtail_cohorts.evidence.models import Stream
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import BadInput
from wagtail_cohorts.files.storage import store
from wagtail_cohorts.transactions import operation


def take_source(template: AgreementTemplate, data: bytes, *, name: str) -> tuple[str, ...]:
    """Clean and keep a PDF as the template's source (the caller saves). Return what was removed. Raises BadInput."""
    if len(data) > settings.MAX_UPLOAD_BYTES:
        raise BadInput(
            _("This PDF is larger than %d MB.") % (settings.MAX_UPLOAD_BYTES // 1_000_000), field="pdf"
        )
    try:
        cleaned = pdf.clean(data)
    except pdf.PdfRefused as error:
        raise BadInput(str(error), field="pdf", code=error.code) from error
    template.source = store(
        cleaned.data, institution_id=template.institution_id, content_type="application/pdf"
    )
    template.source_name = name[:200]
    template.pages = [
        {"number": page.number, "width": round(page.width), "height": round(page.height)}
        for page in cleaned.inspection.pages
    ]
    return cleaned.removed


def publish_template(
    template: AgreementTemplate,
    *,
    revision: Any,
    user: Any,
    log_action: Any,
    previous_revision: Any,
    skip_permission_checks: bool,
    wagtail_publish: Callable[..., Any],
) -> Any:
    """Ask our policy, let Wagtail publish, freeze a version: in one transaction. Emits template.published."""
    if user is not None and not skip_permission_checks:
        from wagtail.actions.publish_revision import PublishPermissionError

        from wagtail_cohorts.compat import policy_for

        if not policy_for(AgreementTemplate).user_has_permission_for_instance(user, "publish", template):
            raise PublishPermissionError(_("You may not publish this template."))
    draft = revision.as_object()
    problems = publish_problems(draft)
    if problems:
        raise ValidationError({"fields": list(problems)})
    with transaction.atomic():
        result = wagtail_publish(
            revision,
            user=user,
            changed=True,
            log_action=log_action,
            previous_revision=previous_revision,
            skip_permission_checks=True,
        )
        freeze(
            AgreementTemplate.objects.get(pk=template.pk), actor=staff_actor(user) if user else SYSTEM_ACTOR
        )
    return result


@operation
def freeze(template: AgreementTemplate, *, actor: Actor) -> TemplateVersion:
    """Make the next version from the published draft, unless nothing changed. Emits template.published."""
    AgreementTemplate.objects.select_for_update().get(pk=template.pk)
    source = template.source
    if source is None:
        raise BadInput(_("A PDF is needed."), field="pdf")
    definition = canonical_json({"fields": template.fields, "roles": template.roles})
    latest = template.latest_version()
    digest = sha256_hex(definition)
    if latest and (latest.pdf_sha256, latest.definition_sha256) == (source.sha256, digest):
        return latest
    version = TemplateVersion.objects.create(
        template=template,
        number=latest.number + 1 if latest else 1,
        title=template.title,
        pdf=source,
        pdf_sha256=source.sha256,
        definition=definition,
        definition_sha256=digest,
        pages=template.pages,
    )
    Stream.objects.get_or_create(
        key=template.stream_key, defaults={"institution_id": template.institution_id}
    )
    append(
        template.stream_key,
        "template.published",
        actor=actor,
        data={
            "template": str(template.uuid),
            "version": version.number,
            "pdf": version.pdf_sha256,
            "definition": digest,
        },
    )
    return version
