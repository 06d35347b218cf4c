"""A personal link: opens exactly one subject's pages. The row alone opens nothing."""

from __future__ import annotations

import secrets
import uuid as uuid_module

from django.db import models


def new_nonce() -> str:
    return secrets.token_hex(32)


class PersonalLink(models.Model):
    """The token is an HMAC over uuid, nonce and generation; the row keeps only its SHA-256."""

    uuid = models.UUIDField(default=uuid_module.uuid4, unique=True, editable=False)
    institution = models.ForeignKey("wagtail_cohorts.Institution", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    subject_key = models.CharField(max_length=120, unique=True)
    nonce = models.CharField(max_length=64, default=new_nonce)
    generation = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    institution_path = "institution"
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} link {self.uuid}"
