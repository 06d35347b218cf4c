"""The words to which a signer agrees, kept exactly as shown."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_cohorts.evidence.canonical import sha256_hex
from wagtail_cohorts.signing.models import ConsentText
from wagtail_cohorts.transactions import again


def consent_words() -> str:
    """The sentence beside the box, in the signer's language."""
    return _(
        "I have read these agreements and I want to sign them electronically. I understand that this has the same "
        "effect as signing on paper, and that I may ask for paper instead."
    )


@again
def keep_consent() -> ConsentText:
    """The row of the words as shown now."""
    language, text = get_language() or "en", consent_words()
    row, _created = ConsentText.objects.get_or_create(
        sha256=sha256_hex(f"{language}\n{text}"), defaults={"language": language, "text": text}
    )
    return row
