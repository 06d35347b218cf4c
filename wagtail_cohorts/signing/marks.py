"""A person's signature and initials, from what the page sent."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_cohorts import pdf
from wagtail_cohorts.enrollments.students import clean_text
from wagtail_cohorts.exceptions import BadInput
from wagtail_cohorts.files.storage import store
from wagtail_cohorts.signing.models import Mark


def make_mark(
    *,
    institution_id: int,
    owner_key: str,
    typed_name: str = "",
    drawn_signature: str = "",
    drawn_initials: str = "",
) -> Mark:
    """Keep a mark: drawn (data URLs of PNG images) or typed (a name). Initials are made when none are drawn.

    Raises BadInput in the signer's words, Unavailable.
    """
    signature, initials, method = draw_mark(
        typed_name=typed_name, drawn_signature=drawn_signature, drawn_initials=drawn_initials
    )

    def keep(data: bytes) -> int:
        return store(data, institution_id=institution_id, content_type="image/png").pk

    with transaction.atomic():  # all rows or none
        return Mark.objects.create(
            institution_id=institution_id,
            owner_key=owner_key,
            method=method,
            signature_id=keep(signature),
            initials_id=keep(initials) if initials else None,
        )


def draw_mark(
    *, typed_name: str = "", drawn_signature: str = "", drawn_initials: str = ""
) -> tuple[bytes, bytes | None, str]:
    """Signature, initials and method of a mark that is not kept, as for a preview. Raises BadInput."""
    name = clean_text(typed_name)[:120]
    if not drawn_signature and not name:
        raise BadInput(_("Draw your signature or type your name."), field="signature")
    try:
        if drawn_signature:
            signature, method = pdf.mark_from_data_url(drawn_signature), Mark.DRAWN
        else:
            signature, method = pdf.mark_from_text(name), Mark.TYPED
        initials = pdf.mark_from_data_url(drawn_initials) if drawn_initials else _typed_initials(name)
    except pdf.PdfError as error:
        raise BadInput(str(error), field="signature") from error
    return signature, initials, method


def _typed_initials(name: str) -> bytes | None:
    letters = "".join(part[0] for part in name.split() if part[0].isalpha())[:4].upper()
    return pdf.mark_from_text(letters, initials=True) if letters else None


def latest_mark(owner_key: str) -> Mark | None:
    return Mark.objects.filter(owner_key=owner_key).select_related("signature", "initials").first()
