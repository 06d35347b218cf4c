"""Secrets at rest: no page, no dump of the database and no line of ours shows a key, a token or a password."""

from __future__ import annotations

import io

from django.conf import settings
from django.core.management import call_command

from tests.reliability.hostile.site import Site, undone
from tests.tenancy.world import body
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import token_of
from wagtail_cohorts.models import SigningCertificate


def test_a_dump_of_the_database_opens_nothing(site: Site) -> None:
    target = io.StringIO()
    call_command("dumpdata", "wagtail_cohorts", stdout=target)
    dump = target.getvalue()
    links = list(PersonalLink.objects.all())
    assert len(dump) > 10_000 and links and SigningCertificate.objects.exists()
    assert [link.pk for link in links if token_of(link) in dump] == []
    assert "PRIVATE KEY" not in dump and settings.WAGTAIL_COHORTS_KEYS[0] not in dump


def test_no_page_shows_a_key_a_digest_or_a_token(site: Site) -> None:
    """The one page that copies a link by a press of staff is asked by GET here, as all."""
    hidden = [settings.SECRET_KEY, settings.WAGTAIL_COHORTS_KEYS[0], "PRIVATE KEY", "BEGIN ENCRYPTED"]
    for link in PersonalLink.objects.all():
        hidden += [token_of(link), link.digest, link.nonce]
    hidden += list(SigningCertificate.objects.values_list("encrypted_key", flat=True))
    shown = []
    for door in site.one_a_route.doors:
        with undone():
            text = body(door.browser.get(door.url))
        shown += [(door.name, secret[:8]) for secret in hidden if secret in text]
    assert shown == []
