"""Making, rotating, revoking and exchanging links. Only re-send and revoke raise the generation."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from wagtail_cohorts.conf import settings
from wagtail_cohorts.crypto import keyed_digests
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.transactions import again, operation

PURPOSE = "personal-link"
MAX_TOKEN_LENGTH = 80


@sensitive_variables()
def _tokens(link: PersonalLink) -> list[str]:
    message = f"{link.uuid}:{link.nonce}:{link.generation}"
    digests = keyed_digests(message, purpose=PURPOSE)
    return [base64.urlsafe_b64encode(bytes.fromhex(digest)).decode().rstrip("=") for digest in digests]


@sensitive_variables()
def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@sensitive_variables()
def token_of(link: PersonalLink) -> str:
    """The link's token, recomputed: 256 bits, never stored. Raises LookupError if the key it was made with is gone."""
    for token in _tokens(link):
        if hmac.compare_digest(_digest(token), link.digest):
            return token
    raise LookupError(
        "The key that made this link is no longer in WAGTAIL_COHORTS_KEYS; send the link again."
    )


@again
def make_link(
    *, kind: str, subject_key: str, institution_id: int, expires_at: datetime | None = None
) -> PersonalLink:
    """The subject's link, made if there is none. One link a subject."""
    existing = PersonalLink.objects.filter(subject_key=subject_key).first()
    if existing is not None:
        return existing
    link = PersonalLink(
        kind=kind,
        subject_key=subject_key,
        institution_id=institution_id,
        expires_at=expires_at or timezone.now() + settings.LINK_LIFETIME,
    )
    link.digest = _digest(_tokens(link)[0])
    try:
        with transaction.atomic():
            link.save()
    except IntegrityError:  # somebody else needed it at the same moment
        with transaction.atomic():
            return PersonalLink.objects.select_for_update().get(subject_key=subject_key)
    return link


@operation
def rotate_link(link: PersonalLink) -> PersonalLink:
    """A new token, alive again; the old one is dead at once, also in open sessions."""
    link = PersonalLink.objects.select_for_update().get(pk=link.pk)
    link.generation += 1
    link.digest = _digest(_tokens(link)[0])
    link.revoked_at = None
    link.expires_at = timezone.now() + settings.LINK_LIFETIME
    link.save(update_fields=["generation", "digest", "revoked_at", "expires_at"])
    return link


@operation
def revoke_link(link: PersonalLink) -> PersonalLink:
    link = PersonalLink.objects.select_for_update().get(pk=link.pk)
    link.generation += 1
    link.digest = _digest(_tokens(link)[0])
    link.revoked_at = timezone.now()
    link.save(update_fields=["generation", "digest", "revoked_at"])
    return link


@sensitive_variables()
def find_link(token: str) -> PersonalLink | None:
    """The link that this token opens, alive or not; None for anything that is no token."""
    if not token or len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        return None
    return PersonalLink.objects.filter(digest=_digest(token)).select_related("institution").first()


def is_alive(link: PersonalLink, *, now: datetime | None = None) -> bool:
    return link.revoked_at is None and link.expires_at > (now or timezone.now())


@again
def mark_seen(link: PersonalLink) -> None:
    """Remember that a person used the link (called on an interaction, not on a prefetch)."""
    now = timezone.now()
    if link.opened_at is None:
        PersonalLink.objects.filter(pk=link.pk, opened_at=None).update(opened_at=now)
    if link.last_seen_at is None or (now - link.last_seen_at).total_seconds() > 60:
        PersonalLink.objects.filter(pk=link.pk).update(last_seen_at=now)
