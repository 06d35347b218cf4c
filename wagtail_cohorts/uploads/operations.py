"""Students' uploads, and staff's decisions about them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_cohorts import pdf
from wagtail_cohorts.actors import SYSTEM_ACTOR, Actor
from wagtail_cohorts.cohorts.models import RequiredDocument
from wagtail_cohorts.conf import settings
from wagtail_cohorts.enrollments.models import Enrollment
from wagtail_cohorts.enrollments.operations import (
    identify,
    lock_enrollment,
    move,
    require_at_work,
    set_verification,
    start,
)
from wagtail_cohorts.enrollments.states import EnrollmentState, Verification
from wagtail_cohorts.evidence.operations import append
from wagtail_cohorts.exceptions import BadInput, Incomplete, WrongState
from wagtail_cohorts.files.models import StoredFile
from wagtail_cohorts.files.serving import safe_name
from wagtail_cohorts.files.storage import store
from wagtail_cohorts.texts import clean_paragraph
from wagtail_cohorts.transactions import again, operation
from wagtail_cohorts.uploads.models import CURRENT_STATES, Upload, UploadState

IMAGE_TYPES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIC": "image/heic",
    "HEIF": "image/heif",
}


@again
def add_upload(
    enrollment: Enrollment, required_document: RequiredDocument, *, data: bytes, name: str, actor: Actor
) -> Upload:
    """Check, clean and keep one file. A document that was sent back is replaced by it. Raises BadInput, WrongState.
    Emits upload.added."""
    original, clean, pages = _take(data, enrollment=enrollment, accepts=required_document.accepts)
    with transaction.atomic():
        _cohort, enrollment = lock_enrollment(enrollment.pk)
        _check_open(enrollment)
        _check_quota(enrollment, len(data))
        start(enrollment, actor=actor)
        current = Upload.objects.filter(enrollment=enrollment, required_document=required_document)
        if current.filter(state=UploadState.APPROVED).exists():
            raise WrongState(_("“%s” was checked already.") % required_document.label)
        current.filter(state=UploadState.REJECTED).update(state=UploadState.REPLACED)
        upload = Upload.objects.create(
            institution_id=enrollment.institution_id,
            enrollment=enrollment,
            required_document=required_document,
            file=clean,
            original=original,
            name=safe_name(name)[:150],
            pages=pages,
        )
        append(
            enrollment.stream_key,
            "upload.added",
            actor=actor,
            details={"name": upload.name},
            data={**_identify(upload), "original": original.sha256, "file": clean.sha256, "pages": pages},
        )
    return upload


def _take(data: bytes, *, enrollment: Enrollment, accepts: list[str]) -> tuple[StoredFile, StoredFile, int]:
    """The file as sent and as a clean PDF, both stored."""
    if not data:
        raise BadInput(_("This file is empty. Choose it again."), field="file")
    if len(data) > settings.MAX_UPLOAD_BYTES:
        raise BadInput(
            _("This file is larger than %d MB.") % (settings.MAX_UPLOAD_BYTES // 1_000_000), field="file"
        )
    is_pdf = data.startswith(b"%PDF-")
    if ("pdf" if is_pdf else "photo") not in accepts:
        raise BadInput(_("Send a PDF.") if accepts == ["pdf"] else _("Send a photo."), field="file")
    try:
        kind = "application/pdf" if is_pdf else IMAGE_TYPES[pdf.check_image(data).format.upper()]
        cleaned = pdf.clean(data if is_pdf else pdf.photo_to_pdf(data))
    except (pdf.PdfError, KeyError) as error:
        message = str(error) if isinstance(error, pdf.PdfError) else _("Send a PDF or a photo.")
        raise BadInput(message, field="file") from error
    institution_id = enrollment.institution_id
    with transaction.atomic():  # both rows or none
        original = store(data, institution_id=institution_id, content_type=kind)
        clean = store(cleaned.data, institution_id=institution_id, content_type="application/pdf")
    return original, clean, len(cleaned.inspection.pages)


def _check_open(enrollment: Enrollment) -> None:
    require_at_work(enrollment)
    if enrollment.state not in (EnrollmentState.WAITING, EnrollmentState.IN_PROGRESS):
        raise WrongState(_("Your papers were sent already. Ask for them back if something is wrong."))


def _check_quota(enrollment: Enrollment, size: int) -> None:
    used = enrollment.uploads.aggregate(total=Sum("original__size"))["total"] or 0
    if used + size > settings.MAX_ENROLLMENT_BYTES:
        raise BadInput(_("All your files together are too large."), field="file", code="quota")


def _identify(upload: Upload) -> dict[str, str]:
    return {
        **identify(upload.enrollment),
        "upload": str(upload.uuid),
        "required_document": str(upload.required_document.uuid),
    }


def _lock_upload(upload: Upload) -> Upload:
    _cohort, enrollment = lock_enrollment(upload.enrollment_id)
    upload = (
        Upload.objects.select_for_update().prefetch_related("required_document", "file").get(pk=upload.pk)
    )
    upload.enrollment = enrollment
    return upload


@operation
def remove_upload(upload: Upload, *, actor: Actor) -> None:
    """The student takes a file back before sending. Raises WrongState. Emits upload.removed."""
    upload = _lock_upload(upload)
    _check_open(upload.enrollment)
    if upload.state not in (UploadState.PENDING, UploadState.REJECTED):
        raise WrongState(_("This file was checked already."))
    upload.state = UploadState.REMOVED
    upload.save(update_fields=["state"])
    append(upload.enrollment.stream_key, "upload.removed", actor=actor, data=_identify(upload))


@operation
def approve_upload(upload: Upload, *, actor: Actor) -> Upload:
    """Staff accept a document. The last one verifies the student. Raises WrongState. Emits upload.approved."""
    upload = _lock_upload(upload)
    _decide(upload, UploadState.APPROVED, reason="", actor=actor)
    update_verification(upload.enrollment, actor=actor)
    return upload


@operation
def reject_upload(upload: Upload, *, reason: str, actor: Actor) -> Upload:
    """Staff send a document back: the student corrects only that. Raises Incomplete without a reason, WrongState.
    Emits upload.rejected and enrollment.sent_back."""
    reason = clean_paragraph(reason)[:500]
    if not reason:
        raise Incomplete(_("Say what is wrong, so that it can be put right."))
    upload = _lock_upload(upload)
    _decide(upload, UploadState.REJECTED, reason=reason, actor=actor)
    set_verification(upload.enrollment, Verification.REJECTED, actor=actor)
    if upload.enrollment.state == EnrollmentState.COMPLETE:
        move(upload.enrollment, "send_back", actor=actor, reason=reason, data={"upload": str(upload.uuid)})
    return upload


def _decide(upload: Upload, state: UploadState, *, reason: str, actor: Actor) -> None:
    enrollment = upload.enrollment
    if not enrollment.is_active or not enrollment.cohort.is_open:
        raise WrongState(_("%s is no longer in this cohort.") % enrollment.full_name)
    if upload.state != UploadState.PENDING:
        raise WrongState(_("Somebody decided about this document already: %s.") % upload.get_state_display())
    upload.state, upload.reason = state, reason
    upload.decided_at, upload.decided_by = timezone.now(), actor.key
    upload.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    append(
        enrollment.stream_key,
        f"upload.{state}",
        actor=actor,
        details={"reason": reason} if reason else {},
        data={**_identify(upload), "seen": upload.file.sha256},
    )


@operation
def undo_decision(upload: Upload, *, actor: Actor) -> Upload:
    """Take an approval back while nothing followed from it. Raises WrongState. Emits upload.decision_undone."""
    upload = _lock_upload(upload)
    enrollment = upload.enrollment
    if upload.state != UploadState.APPROVED or not enrollment.is_active or not enrollment.cohort.is_open:
        raise WrongState(_("This can no longer be undone."))
    upload.state, upload.decided_at, upload.decided_by = UploadState.PENDING, None, ""
    upload.save(update_fields=["state", "decided_at", "decided_by"])
    append(upload.enrollment.stream_key, "upload.decision_undone", actor=actor, data=_identify(upload))
    update_verification(upload.enrollment, actor=actor)
    return upload


def update_verification(enrollment: Enrollment, *, actor: Actor = SYSTEM_ACTOR) -> None:
    """Recompute a locked enrollment's verification from its documents."""
    states = list(enrollment.uploads.filter(state__in=CURRENT_STATES).values_list("state", flat=True))
    if UploadState.REJECTED in states:
        verification = Verification.REJECTED
    elif UploadState.PENDING in states or missing_documents(enrollment):
        verification = Verification.PENDING
    elif enrollment.state == EnrollmentState.COMPLETE:
        verification = Verification.VERIFIED
    else:
        verification = Verification.PENDING
    set_verification(enrollment, verification, actor=actor)


def missing_documents(enrollment: Enrollment) -> list[RequiredDocument]:
    """Required documents without a file that stands: nothing sent yet, or sent back and not replaced."""
    standing = (UploadState.PENDING, UploadState.APPROVED)
    had = set(enrollment.uploads.filter(state__in=standing).values_list("required_document_id", flat=True))
    return [row for row in enrollment.cohort.required_documents.filter(is_required=True) if row.pk not in had]
