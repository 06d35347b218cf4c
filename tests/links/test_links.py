from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as make
from wagtail_cohorts import conf
from wagtail_cohorts.links.models import PersonalLink
from wagtail_cohorts.links.operations import (
    find_link,
    is_alive,
    make_link,
    mark_seen,
    revoke_link,
    rotate_link,
    token_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def link() -> PersonalLink:
    return make_link(kind="student", subject_key="enrollment:1", institution_id=make.institution().pk)


def test_a_token_has_256_bits_and_opens_its_link(link: PersonalLink) -> None:
    token = token_of(link)
    assert len(token) == 43 and find_link(token) == link


def test_the_database_row_opens_nothing(link: PersonalLink) -> None:
    row = PersonalLink.objects.filter(pk=link.pk).values().get()
    for value in map(str, row.values()):
        assert token_of(link) not in value
        assert find_link(value) is None


def test_one_subject_has_one_link(link: PersonalLink) -> None:
    again = make_link(kind="student", subject_key="enrollment:1", institution_id=link.institution_id)
    assert again.pk == link.pk and token_of(again) == token_of(link)


def test_rotating_kills_the_old_token_at_once(link: PersonalLink) -> None:
    old = token_of(link)
    new = rotate_link(link)
    assert find_link(old) is None and find_link(token_of(new)) == link and token_of(new) != old


def test_revoking_kills_the_link_and_its_token(link: PersonalLink) -> None:
    old = token_of(link)
    revoked = revoke_link(link)
    assert find_link(old) is None and not is_alive(revoked)


def test_re_sending_revives_a_revoked_link(link: PersonalLink) -> None:
    assert is_alive(rotate_link(revoke_link(link)))


def test_an_expired_link_is_found_but_not_alive(link: PersonalLink) -> None:
    PersonalLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    found = find_link(token_of(link))
    assert found is not None and not is_alive(found)


@pytest.mark.parametrize(
    "token", ["", "x", "a" * 5000, "é" * 43, "\x00" * 43, "../../etc/passwd", "' OR 1=1 --"]
)
def test_what_is_no_token_finds_nothing(link: PersonalLink, token: str) -> None:
    assert find_link(token) is None


def test_a_link_survives_the_rotation_of_keys(link: PersonalLink, settings: object) -> None:
    old = token_of(link)
    settings.WAGTAIL_COHORTS_KEYS = ["n" * 40, *conf.settings.KEYS]  # type: ignore[attr-defined]
    assert token_of(link) == old and find_link(old) == link
    settings.WAGTAIL_COHORTS_KEYS = ["n" * 40]  # type: ignore[attr-defined]
    with pytest.raises(LookupError):
        token_of(link)


def test_seen_is_remembered_once(link: PersonalLink) -> None:
    mark_seen(link)
    link.refresh_from_db()
    first = link.opened_at
    mark_seen(link)
    link.refresh_from_db()
    assert first is not None and link.opened_at == first
