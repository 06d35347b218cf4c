"""Encryption at rest and keyed digests, from WAGTAIL_COHORTS_KEYS: the first key writes, all keys read."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from wagtail_cohorts.conf import settings


def _derive(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), f"wagtail-cohorts:{purpose}".encode(), hashlib.sha256).digest()


def _fernet() -> MultiFernet:
    keys = [base64.urlsafe_b64encode(_derive(secret, "encrypt")) for secret in settings.KEYS]
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(data: bytes) -> str:
    return _fernet().encrypt(data).decode()


def decrypt(text: str) -> bytes:
    """Raise ValueError when none of the keys opens the text."""
    try:
        return _fernet().decrypt(text.encode())
    except InvalidToken as error:
        raise ValueError("None of WAGTAIL_COHORTS_KEYS opens this value.") from error


def keyed_digest(message: str, *, purpose: str) -> str:
    """Hex HMAC-SHA256 under the first key."""
    return hmac.new(_derive(settings.KEYS[0], purpose), message.encode(), hashlib.sha256).hexdigest()


def keyed_digests(message: str, *, purpose: str) -> list[str]:
    """The same under every key, newest first: to look up what an older key wrote."""
    return [
        hmac.new(_derive(secret, purpose), message.encode(), hashlib.sha256).hexdigest()
        for secret in settings.KEYS
    ]
